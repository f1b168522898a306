#!/bin/bash
# setup.sh - finds the packages that a fresh Debian 12 lacks for groups (build, deb, demo, test, vm, bare), by probing.
# `setup.sh install GROUP...` installs them; `setup.sh check GROUP...` names them, and fails if one is needed. Both print
# nothing if none is missing. `setup.sh exporters` lists the exporters that can be built.
set -u
missing=() wished=() # without packages in `wished`, a part is left out

# need PACKAGE COMMAND...: installs PACKAGE if COMMAND, which tests for it, fails.
need() {
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}
wish() {
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || wished+=("$package")
}
has() { PATH=$PATH:/usr/sbin:/sbin command -v "$1"; }
linked_statically() { has "$1" && ! ldd "$(has "$1")"; }
header() { echo "#include <$1>" | cc -E -x c - -o /dev/null; }

to_net() {
	wish libcurl4-openssl-dev header curl/curl.h
	wish libssl-dev header openssl/ssl.h
}
to_kafka() {
	wish librdkafka-dev header librdkafka/rdkafka.h
}
exporters() {
	to_net
	[ ${#wished[@]} != 0 ] || { echo piaudit-export; to_kafka; }
	[ ${#wished[@]} != 0 ] || echo piaudit-export-kafka
	[ ${#wished[@]} = 0 ] || echo "setup: missing: ${wished[*]}; the exporters that need them are left out" >&2
}
build() {
	need gcc has gcc
	need libc6-dev header stdio.h
	need clang has clang
	need bpftool has bpftool
	need libbpf-dev header bpf/libbpf.h
	need libelf-dev header libelf.h
	need zlib1g-dev header zlib.h
	need libyaml-dev header yaml.h
	need libjansson-dev header jansson.h
	to_net
	to_kafka
	need uthash-dev header uthash.h
	need libsmartcols-dev header libsmartcols/libsmartcols.h
	need libsqlite3-dev header sqlite3.h
	need libcap-ng-dev header cap-ng.h
	need libseccomp-dev header seccomp.h
	need scdoc has scdoc
}
deb() {
	build
	need debhelper has dh
	need dpkg-dev has dpkg-buildpackage
}
demo() {
	need iproute2 has ip
	need net-tools has ifconfig
	need procps has ps
	need util-linux has lsblk
	need hostname has hostname
}
tests() {
	deb
	demo
	need libcmocka-dev header cmocka.h
	need clang-format has clang-format
	need libclang-rt-14-dev test -e /usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.fuzzer-x86_64.a
	need universal-ctags has ctags
	need python3 has python3
	need nodejs has node
	need sqlite3 has sqlite3
	need tidy has tidy
	need chromium has chromium
	need xvfb has Xvfb
	need xauth has xauth
	need xclip has xclip
	need xsel has xsel
	need x11-apps has xwd
	need x11-utils has xdpyinfo
	need scrot has scrot
	need xinput has xinput
	need xdotool has xdotool
	need python3-xlib /usr/bin/python3 -c 'import Xlib'
	need python3-gi /usr/bin/python3 -c 'import gi'
	need gir1.2-gtk-3.0 test -e /usr/lib/x86_64-linux-gnu/girepository-1.0/Gtk-3.0.typelib
	need python3-pyqt5 /usr/bin/python3 -c 'import PyQt5.QtWidgets'
	need strace has strace
	need prometheus has promtool
	need rsyslog has rsyslogd
	need rsyslog-gnutls test -e /usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so
	need openssl has openssl
	need curl has curl
	need clickhouse-server has clickhouse-server
	need clickhouse-client has clickhouse-client
	need python3-yaml /usr/bin/python3 -c 'import yaml'
	need lintian has lintian
	need man-db has man
	need liblognorm-utils has lognormalizer
	need systemd-journal-remote test -x /lib/systemd/systemd-journal-remote
	need protobuf-compiler has protoc
	need python3-protobuf /usr/bin/python3 -c 'import google.protobuf'
	need python3-jsonschema /usr/bin/python3 -c 'import jsonschema'
	need mandoc has mandoc
	need bash-completion test -e /usr/share/bash-completion/bash_completion
	need sway has sway
	need wl-clipboard has wl-paste
	need xwayland has Xwayland
	need grim has grim
	need wtype has wtype
	need python3-gi /usr/bin/python3 -c 'import gi'
	need gir1.2-gtk-3.0 /usr/bin/python3 -c 'import gi; gi.require_version("Gtk", "3.0")'
	need python3-pyqt5 /usr/bin/python3 -c 'import PyQt5.QtWidgets'
	need qtwayland5 test -e /usr/lib/x86_64-linux-gnu/qt5/plugins/platforms/libqwayland-generic.so
	need mount has unshare
	need pulseaudio has pulseaudio
	need pulseaudio-utils has parecord
	need pipewire has pipewire
	need pipewire-bin has pw-record
	need pipewire-pulse has pipewire-pulse
	need wireplumber has wireplumber
	need dbus-daemon has dbus-run-session
	need gstreamer1.0-tools has gst-launch-1.0
	need gstreamer1.0-plugins-base test -e /usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstaudiotestsrc.so
	need gstreamer1.0-plugins-good test -e /usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstpulseaudio.so
	need gstreamer1.0-pipewire test -e /usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstpipewire.so
	need dbus-daemon has dbus-daemon
	need dbus-bin has dbus-send
	need systemd has busctl
	need libglib2.0-bin has gdbus
	need python3-dbus /usr/bin/python3 -c 'import dbus'
	need qdbus-qt5 test -e /usr/lib/qt5/bin/qdbus
	need network-manager has nmcli
	need geoclue-2.0 test -e /usr/libexec/geoclue
	need openssl has openssl
	need curl has curl
	need rsyslog has rsyslogd
	need rsyslog-gnutls test -e /usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so
	need kcat has kcat
	need clickhouse-server has clickhouse-server
	need libivykis0 test -e /usr/lib/x86_64-linux-gnu/libivykis.so.0 # for syslog-ng, which is only unpacked
	need libnet1 test -e /usr/lib/x86_64-linux-gnu/libnet.so.1
	need libwrap0 test -e /usr/lib/x86_64-linux-gnu/libwrap.so.0
}
vm() {
	need qemu-system-x86 has qemu-system-x86_64
	need busybox-static linked_statically busybox
	need cpio has cpio
	need zstd has zstd
	need xz-utils has xz
	need lz4 has lz4
	need kmod has depmod
	need python3 has python3
	need v4l-utils has v4l2-ctl
	need alsa-utils has arecord
	need iw has iw
	need hostapd has hostapd
	need wpasupplicant has wpa_cli
	need dmidecode has dmidecode
	need hdparm has hdparm
	need nvme-cli has nvme
	need evtest has evtest
	need swtpm has swtpm
	need swtpm-tools has swtpm_setup
	need tpm2-tools has tpm2_getcap
	need systemd test -x /lib/systemd/systemd
	need libpam-systemd test -e /lib/x86_64-linux-gnu/security/pam_systemd.so
	need dbus test -e /lib/systemd/system/dbus.service
	need e2fsprogs has mke2fs
}

bare() {
	need mmdebstrap has mmdebstrap
	need mount has unshare
}

action=${1:-}
case $action in
exporters) exporters; exit ;;
check | install) shift ;;
*) echo "setup: unknown action \"$action\"; use check, install or exporters" >&2; exit 2 ;;
esac
for group; do
	case $group in
	build | deb | demo | vm | bare) "$group" ;;
	test) tests ;;
	*) echo "setup: unknown group \"$group\"; use build, deb, demo, test, vm or bare" >&2; exit 2 ;;
	esac
done
needed=${#missing[@]}
missing+=("${wished[@]}")
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$action" = check ] || [ "$(id -u)" != 0 ]; then
	echo "setup: missing packages; install them as root with: apt-get install ${missing[*]}" >&2
	[ "$action" = install ] || echo 'setup: or run: make deps' >&2
	[ "$needed" = 0 ] || exit 1
	echo 'setup: the exporters that need them are left out' >&2
	exit 0
fi
echo "setup: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# Services that are installed for tests must not start: a network manager would take over this machine's network.
if [ ! -e /usr/sbin/policy-rc.d ]; then
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
	trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
apt-get -qq update >/dev/null 2>&1
if ! out=$(apt-get -o DPkg::Lock::Timeout=500 -qq install -y --no-install-recommends "${missing[@]}" 2>&1); then
	printf '%s\n' "$out" | tail -n 5 >&2
	# Install packages one by one, so that an unavailable one does not block the others. Tests that need it skip
	# with a reason.
	for package in "${missing[@]}"; do
		apt-get -o DPkg::Lock::Timeout=500 -qq install -y --no-install-recommends "$package" \
			>/dev/null 2>&1 || echo "setup: $package: cannot be installed" >&2
	done
fi
# A program that could not be built before is looked for again.
rm -f build/{,*/}{.deps,exporters.mk}
exit 0
