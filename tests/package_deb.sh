#!/bin/bash
# package_deb.sh - `package_deb.sh DEB NEWER DIR`: the package on a machine, from its installation to its end. Run by
# package.sh in a mount namespace of its own: the machine is an overlay, at DIR, over this one's root.
set -u
deb=$1 newer=$2 dir=$3
at=$dir/root
work=$dir
failed=0
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

. "$(dirname "$0")/package_lib.sh"
inside() { chroot "$at" "$@"; }

mount --make-rprivate / && mount -t tmpfs over "$dir" && mkdir "$dir"/{upper,scratch,root} &&
	mount -t overlay -o "lowerdir=/,upperdir=$dir/upper,workdir=$dir/scratch" machine "$at" &&
	mount -t tmpfs run "$at/run" && mount -t tmpfs tmp "$at/tmp" && mount -t proc proc "$at/proc" &&
	mount --bind /dev "$at/dev" || { echo 'skip package/deb-machine (no overlay can be mounted)'; exit 0; }
cp "$deb" "$at/tmp/piaudit.deb" && cp "$newer" "$at/tmp/newer.deb" || exit 1
rm -f "$at/var/lib/man-db/auto-update" # indexing all pages takes longer than all else here

# What this machine may have of it.
inside dpkg --purge piaudit >/dev/null 2>&1
rm -rf "$at"/etc/piaudit "$at"/var/{lib,log}/piaudit
inside groupdel piaudit 2>/dev/null

state() {
	(cd "$at" && find etc lib/systemd opt usr var -xdev ! -path 'var/lib/dpkg*' ! -path 'var/cache/*' ! -path 'var/log/dpkg.log' \
		! -name '*-' -printf '%p %m %u %g %l\n' | sort)
	sort "$at/etc/group"
}
state >"$dir/before"

installs() {
	inside dpkg -i /tmp/piaudit.deb && inside piaudit --version && inside piaudit list scenarios &&
		[ "$(inside stat -c '%a %G' /var/lib/piaudit /var/log/piaudit | uniq)" = '700 piaudit' ] &&
		[ "$(inside stat -c '%a %U' /etc/piaudit/piaudit.yaml)" = '644 root' ]
}
enables() { [ -e "$at/lib/systemd/system/$(basename "$(readlink "$at/etc/systemd/system/multi-user.target.wants/piaudit.service")")" ]; }
finds_manual() { inside man -w 1 piaudit && inside man -w 5 piaudit.yaml && inside man -w 8 piaudit-daemon; }
upgrades() {
	echo 'history_keep: 30d' >>"$at/etc/piaudit/piaudit.yaml"
	echo mine >"$at/etc/piaudit/policies.d/mine.yaml"
	echo kept >"$at/var/lib/piaudit/history.db"
	rm "$at/etc/systemd/system/multi-user.target.wants/piaudit.service" # disabled
	inside dpkg -i --force-confdef --force-confold /tmp/newer.deb && [ -n "$(inside dpkg-query -Wf '${Version}' piaudit | grep '+1$')" ] &&
		kept && grep -qx '# newer' "$at/etc/piaudit/piaudit.yaml.dpkg-dist" &&
		[ ! -e "$at/etc/systemd/system/multi-user.target.wants/piaudit.service" ]
}
kept() {
	[ "$(tail -n 1 "$at/etc/piaudit/piaudit.yaml")" = 'history_keep: 30d' ] && grep -qx kept "$at/var/lib/piaudit/history.db" &&
		grep -qx mine "$at/etc/piaudit/policies.d/mine.yaml"
}
removes() { inside dpkg --remove piaudit && kept && [ ! -e "$at/usr/bin/piaudit" ]; }
# But what somebody wrote, which is not the package's.
purges() {
	inside dpkg --purge piaudit && grep -qx mine "$at/etc/piaudit/policies.d/mine.yaml" && rm -r "$at/etc/piaudit" &&
		state | diff "$dir/before" -
}

try deb-installs installs
try deb-enables enables
try deb-manual finds_manual
try deb-upgrades upgrades
try deb-removes removes
try deb-purges purges
exit $failed
