#!/bin/bash
# inside.sh - runs the tests in the guest: `inside.sh PROFILE[@I/N]` runs the share I of N. The lines are those of
# run.sh of the live tests.
set -u
tree=$(cd "$(dirname "$0")/../.." && pwd)

# A guest is 10 to 30 times slower. So time limits are longer, repetitions are fewer, and tests that do not depend on
# the kernel run on the host only.
export LIVE_GUEST=yes LIVE_SCALE=10 LIVE_SECONDS=5 LIVE_FLOOD=20000 LIVE_NOISE=4 LIVE_PLAIN=no LIVE_RECORD=1 LIVE_TIMES=1
# Messages to desktop servers use only two programs of the kernel half, so a few tests of each protocol suffice. A
# browser takes two minutes here and tests nothing more.
export LIVE_AS_HOST='x11-* wayland-* dbus-* pulse-* pipewire-* chromium-*'
export LIVE_STILL='x11-xclip x11-targets x11-splice x11-sendfile dbus-busctl-mac dbus-qdbus-name dbus-has-owner
	pulse-parecord-av-meeting pulse-parecord-account-login pulse-silence-paplay pipewire-pw-record-account-login'
# A few tests of each family: opens, mappings, threads, sockets, ioctls, joining, losses, the end.
some=(bypass-mmap bypass-thread-exec bypass-uring-inline bypass-received ip-link-feedback ifconfig-feedback
	hostname-feedback pid-join detach-at)
profile=${1%@*}
[ "$profile" = "$1" ] || export LIVE_SHARE=${1#*@}
[ "$profile" = live ] || CHECK= # other profiles have few tests
# `check` runs fewer tests: on the newest kernel those whose result depends on the kernel, on older ones a few, and on
# the oldest also tests that a slow machine makes hard. `make nightly` runs all on each.
hard=(refused-all-functions refused-one-function daemon-makes-up-for-losses daemon-follows-a-cgroup daemon-flooded
	losses-small-ring losses-repeats-across-exec scenario-nested dbus-has-owner)
case ${CHECK:-} in
oldest) LIVE_AS_HOST='*' LIVE_STILL="${some[*]} ${hard[*]}" ;;
between) LIVE_AS_HOST='*' LIVE_STILL="${some[*]}" ;;
newest)
	LIVE_AS_HOST+=' silence-* refuse-* replay-* learn-* no-* *-feedback *-account_login drop-* journal-* losses-no* daemon-* apps-*'
	LIVE_STILL='x11-splice x11-sendfile dbus-has-owner pulse-parecord-av-meeting daemon-follows-a-cgroup'
	;;
esac
# Each function is refused in turn, and a turn takes half a minute. `check` refuses two in turn on its oldest kernel, and
# all at once on the newest too.
if [ -n "${CHECK:-}" ]; then
	export LIVE_FUNCTIONS='hook_open hook_netlink'
	[ "$CHECK" = oldest ] || LIVE_AS_HOST+=' refused-one-function'
fi
# A test that is named is run, even if another kernel makes no difference to it.
[ -z "${LIVE_TEST:-}" ] || export LIVE_AS_HOST= LIVE_PLAIN=yes
live() { "$tree/tests/live/run.sh" "$@"; }

# The overlay of a guest's root supports neither hard links across its layers nor file handles. So /etc, where the
# watched file of the tests lies, is a separate file system, as on most machines.
own_etc() {
	mkdir /run/etc
	mount -t tmpfs etc /run/etc
	cp -a /etc/. /run/etc
	mount --bind /run/etc /etc
}

# claim NAME CMD...: checks a property of the guest without which the tests prove nothing.
claim() {
	local name=$1
	shift
	"$@" && return
	echo "FAIL $name (this guest is not what it is to be)"
	exit 1
}

# Tests the report of doctor in this guest.
obstacle() { LIVE_TESTS=$tree/tests/vm/test_obstacle.sh live; }

profile_live() {
	own_etc
	live
}

# On an overlay, as in containers: one open is one access, although the kernel opens two files.
profile_overlay() {
	claim root [ "$(stat -f -c %T /etc/machine-id)" = overlayfs ]
	live bypass-plain bypass-mmap bypass-copy bypass-bind bypass-path-flip bypass-uring-direct machine-id-feedback
}

profile_no-bpf-lsm() {
	claim lsm eval '! grep -qw bpf /sys/kernel/security/lsm'
	own_etc
	live "${some[@]}"
}

# Programs attach to functions but never run: the tracepoints must take over.
profile_no-ftrace() {
	own_etc
	sysctl -q kernel.ftrace_enabled=0
	claim ftrace grep -qx 0 /proc/sys/kernel/ftrace_enabled
	live "${some[@]}"
	obstacle
}

profile_lockdown() {
	claim lockdown grep -qF '[confidentiality]' /sys/kernel/security/lockdown
	own_etc
	LIVE_TESTS=$tree/tests/vm/test_lockdown.sh live
}

# The auditor has few privileges, and so do the programs that it starts.
profile_capabilities() {
	export PIAUDIT=$tree/tests/vm/few-privileges.sh
	own_etc
	live bypass-mmap bypass-thread-exec bypass-uring-inline ip-link-feedback ifconfig-feedback hostname-feedback pid-join
	obstacle
}

profile_floor() {
	own_etc
	LIVE_TESTS=$tree/tests/vm/test_floor.sh live
}

# modules NAME...: loads them. If a module is missing, its tests skip with a reason.
modules() {
	local name
	for name; do
		modprobe $name 2>&1 || echo "module $name: not loaded"
	done
}

profile_devices() {
	own_etc
	modules 'vivid n_devs=1 node_types=0x1' snd-hda-intel snd-hda-codec-generic snd-aloop virtio_blk nvme ata_piix sd_mod \
		evdev virtio_input virtio_net 'mac80211_hwsim radios=2'
	LIVE_TESTS=$tree/tests/vm/test_devices.sh live
}

profile_tpm() {
	own_etc
	modules tpm_tis
	LIVE_TESTS=$tree/tests/vm/test_tpm.sh live
}

# The installed service; and a second time, on the same disk, after a power cut.
profile_systemd() {
	PIAUDIT=$(command -v piaudit)
	export PIAUDIT
	if [ -e /disk/cut ]; then
		LIVE_TESTS=$tree/tests/vm/test_power.sh live
		return
	fi
	LIVE_TESTS=$tree/tests/vm/test_systemd.sh live
	"$tree/tests/vm/cut.sh"
}

profile_systemd-long() {
	PIAUDIT=$(command -v piaudit)
	export PIAUDIT
	LIVE_TESTS=$tree/tests/vm/test_soak.sh live
}

"profile_$profile"
