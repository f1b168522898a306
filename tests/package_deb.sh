#!/bin/bash
# package_deb.sh - `package_deb.sh DEBS NEWER DIR`: installs, upgrades and purges the packages, PACKAGE.deb in each of
# two folders. Run by package.sh in its own mount namespace: the machine is an overlay at DIR over this machine's root.
set -u
debs=$1 newer=$2 dir=$3
packages=(piaudit piaudit-export piaudit-export-kafka)
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
mkdir "$at/tmp/newer" "$at/tmp/build" && cp "$debs"/*.deb "$at/tmp" && cp "$newer"/*.deb "$at/tmp/newer" &&
	cp "$debs/piaudit.deb" "$at/tmp/build/piaudit_0.1.0_amd64.deb" || exit 1
rm -f "$at/var/lib/man-db/auto-update" # to index all manual pages would take longer than all tests here

# Remove an installation of this machine first.
inside dpkg --purge "${packages[@]}" >/dev/null 2>&1
rm -rf "$at"/etc/piaudit "$at"/var/{lib,log}/piaudit "$at/var/lib/piaudit-export"
inside groupdel piaudit 2>/dev/null
inside userdel piaudit-export 2>/dev/null

state() {
	(cd "$at" && find etc lib/systemd opt usr var -xdev ! -path 'var/lib/dpkg*' ! -path 'var/cache/*' ! -path 'var/log/dpkg.log' \
		! -name '*-' -printf '%p %m %u %g %l\n' | sort)
	sort "$at"/etc/{group,passwd}
}
state >"$dir/before"

wants=$at/etc/systemd/system/multi-user.target.wants
installs() {
	inside sh -c 'cd /tmp && apt install ./build/piaudit_0.1.0_amd64.deb' && inside piaudit --version && inside piaudit list scenarios &&
		[ "$(inside stat -c '%a %G' /var/lib/piaudit /var/log/piaudit | uniq)" = '700 piaudit' ] &&
		[ "$(inside stat -c '%a %U' /etc/piaudit/piaudit.yaml)" = '644 root' ]
}
enables() { [ -e "$at/lib/systemd/system/$(basename "$(readlink "$wants/piaudit.service")")" ]; }
# The Kafka package needs the export package. Neither service starts before the administrator enables it.
installs_export() {
	! inside dpkg -i /tmp/piaudit-export-kafka.deb && inside dpkg -i /tmp/piaudit-export.deb /tmp/piaudit-export-kafka.deb &&
		inside piaudit-export --version && inside piaudit-export-kafka --check &&
		[ "$(inside stat -c '%a %U %G' /var/lib/piaudit/spool)" = '2750 root piaudit-export' ] &&
		inside id -u piaudit-export && [ ! -e "$wants/piaudit-export.service" ] && [ ! -e "$wants/piaudit-export-kafka.service" ]
}
finds_manual() {
	inside man -w 1 piaudit && inside man -w 5 piaudit.yaml && inside man -w 8 piaudit-daemon &&
		inside man -w 5 piaudit-export.yaml && inside man 8 piaudit-export-kafka | grep -q 'other machines'
}
upgrades() {
	echo 'history_keep: 30d' >>"$at/etc/piaudit/piaudit.yaml"
	echo '# mine' >>"$at/etc/piaudit/export.yaml"
	echo mine >"$at/etc/piaudit/policies.d/mine.yaml"
	echo kept >"$at/var/lib/piaudit/history.db"
	echo kept >"$at/var/lib/piaudit/spool/1.jsonl"
	inside install -d -m 700 -o piaudit-export -g piaudit-export /var/lib/piaudit-export && # as the unit does
		echo kept >"$at/var/lib/piaudit-export/siem.cursor"
	rm "$wants/piaudit.service" # the administrator disables the unit
	inside systemctl -q enable piaudit-export.service
	(cd "$at" && inside dpkg -i --force-confdef --force-confold tmp/newer/*.deb)
}
upgraded() {
	[ "$(inside dpkg-query -Wf '${Version}\n' "${packages[@]}" | grep -c '+1$')" = ${#packages[@]} ] && kept &&
		grep -qx '# newer' "$at/etc/piaudit/piaudit.yaml.dpkg-dist" && grep -qx '# newer' "$at/etc/piaudit/export.yaml.dpkg-dist" &&
		[ ! -e "$wants/piaudit.service" ] && [ -L "$wants/piaudit-export.service" ] && [ ! -e "$wants/piaudit-export-kafka.service" ]
}
kept() {
	[ "$(tail -n 1 "$at/etc/piaudit/piaudit.yaml")" = 'history_keep: 30d' ] && grep -qx kept "$at/var/lib/piaudit/history.db" &&
		[ "$(tail -n 1 "$at/etc/piaudit/export.yaml")" = '# mine' ] && grep -qx mine "$at/etc/piaudit/policies.d/mine.yaml" &&
		grep -qx kept "$at/var/lib/piaudit/spool/1.jsonl" && grep -qx kept "$at/var/lib/piaudit-export/siem.cursor"
}
removes() {
	inside dpkg --remove "${packages[@]}" && kept && ! ls "$at"/usr/bin/piaudit*
}
# The export packages can be purged without the audit package.
purges_export() {
	inside dpkg --purge piaudit-export-kafka && inside dpkg --purge piaudit-export && ! inside id piaudit-export 2>/dev/null &&
		[ ! -e "$at/var/lib/piaudit-export" ] && [ ! -e "$at/var/lib/piaudit/spool" ] &&
		grep -qx kept "$at/var/lib/piaudit/history.db"
}
# A purge keeps files that an administrator wrote, since they are not the package's.
purges() {
	inside dpkg --purge piaudit && grep -qx mine "$at/etc/piaudit/policies.d/mine.yaml" && rm -r "$at/etc/piaudit" &&
		state | diff "$dir/before" -
}

try deb-installs installs
try deb-enables enables
try deb-installs-export installs_export
try deb-manual finds_manual
try deb-upgrades upgrades
try deb-upgraded upgraded
try deb-removes removes
try deb-purges-export purges_export
try deb-purges purges
exit $failed
