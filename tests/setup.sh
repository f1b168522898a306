#!/bin/bash
# setup.sh - installs packages that a fresh Debian 12 lacks for GROUP (build, deb, test, demo, vm), found by probing.
# Prints nothing if none is missing. `setup.sh exporters` installs nothing: it lists the exporters that can be built.
set -u
group=${1:-build}
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
	[ ${#wished[@]} = 0 ] || echo "setup: not here: ${wished[*]}: who exports by them is left out" >&2
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

case $group in
exporters) exporters; exit ;;
build) build ;;
deb) deb ;;
demo) demo ;;
test) tests ;;
vm) vm ;;
*) echo "setup: $group: unknown group (build, deb, demo, test, vm)" >&2; exit 2 ;;
esac
needed=${#missing[@]}
missing+=("${wished[@]}")
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ]; then
	echo "setup: missing: ${missing[*]}: install them as root: apt-get install ${missing[*]}" >&2
	[ "$needed" = 0 ]
	exit
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
exit 0
