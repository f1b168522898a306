#!/bin/bash
# inside.sh - what runs in the guest: `inside.sh PROFILE[@I/N]`, of which it does the share I of N. Lines as run.sh of
# the live tests prints them.
set -u
tree=$(cd "$(dirname "$0")/../.." && pwd)

# A guest is 10 to 30 times slower: limits stretch, what only repeats is repeated less, and what the kernel has no part
# in is left to the host.
export LIVE_GUEST=yes LIVE_SCALE=10 LIVE_SECONDS=5 LIVE_FLOOD=20000 LIVE_NOISE=4 LIVE_PLAIN=no LIVE_RECORD=1 LIVE_TIMES=1
# What clients tell desktop servers passes two programs of the kernel half, and then none: some of each is enough. A
# browser takes two minutes here to do what others do.
export LIVE_AS_HOST='x11-* wayland-* dbus-* pulse-* pipewire-* chromium-*'
export LIVE_STILL='x11-xclip x11-targets x11-splice x11-sendfile dbus-busctl-mac dbus-qdbus-name dbus-has-owner
	pulse-parecord-av-meeting pulse-parecord-account-login pulse-silence-paplay pipewire-pw-record-account-login'
# What the kernels show in the same way: for `check` one of them does it.
if [ -n "${BRIEF:-}" ]; then
	LIVE_AS_HOST+=' silence-* refuse-* replay-* learn-* no-* *-feedback *-account_login daemon-* apps-* drop-* journal-* losses-no*'
	LIVE_STILL='x11-splice x11-sendfile dbus-has-owner pulse-parecord-av-meeting daemon-follows-a-cgroup'
	export LIVE_FUNCTIONS='hook_open hook_netlink' # each is refused in turn, which takes half a minute
fi
profile=${1%@*}
[ "$profile" = "$1" ] || export LIVE_SHARE=${1#*@}
live() { "$tree/tests/live/run.sh" "$@"; }

# The layer that a guest's root is knows neither hard links across its parts nor file handles. Here /etc, where
# the watched file of the tests lies, is a file system of its own, as on most machines.
own_etc() {
	mkdir /run/etc
	mount -t tmpfs etc /run/etc
	cp -a /etc/. /run/etc
	mount --bind /run/etc /etc
}

# claim NAME CMD...: the guest is what it should be, or what follows proves nothing.
claim() {
	local name=$1
	shift
	"$@" && return
	echo "FAIL $name (this guest is not what it is to be)"
	exit 1
}

# Some of each family: opens, mappings, threads, sockets, ioctls, joining, losses, the end.
some=(bypass-mmap bypass-thread-exec bypass-uring-inline bypass-received ip-link-feedback ifconfig-feedback
	hostname-feedback pid-join detach-at)

# What doctor says of this guest.
obstacle() { LIVE_TESTS=$tree/tests/vm/test_obstacle.sh live; }

profile_live() {
	own_etc
	live
}

# On a layered root, as containers have: one open is one access, though the kernel opens two files.
profile_overlay() {
	claim root [ "$(stat -f -c %T /etc/machine-id)" = overlayfs ]
	live bypass-plain bypass-mmap bypass-copy bypass-bind bypass-path-flip bypass-uring-direct machine-id-feedback
}

profile_no-bpf-lsm() {
	claim lsm eval '! grep -qw bpf /sys/kernel/security/lsm'
	own_etc
	live "${some[@]}"
}

# Programs attach to functions and never run: the tracepoints take over.
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

# The auditor alone has few privileges; what it audits inherits that.
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

# modules NAME...: those that cannot be had make tests skip, which say so.
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

# The service as it is installed, and then, on the same disk, after the power was cut.
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
