#!/bin/bash
# kernel.sh - a kernel for the guests: `kernel.sh PATTERN [SUITE]` prints the folder of the newest Debian kernel whose
# package name matches. The packages are downloaded and unpacked once. On failure it prints the reason and exits with
# 77.
#
# A SUITE that this machine does not use (trixie-backports) gets separate lists, so the host's apt does not change.
# PIAUDIT_VM_CACHE names the folder of the kernels; only the newest kernel of a pattern is kept there.
set -u
here=$(dirname "$(readlink -f "$0")")
cache=${PIAUDIT_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/piaudit-vm}
PATH=$PATH:/usr/sbin:/sbin
FETCH_MAX=600    # seconds
LISTS_MAX=1440   # minutes before the lists of another suite are fetched again
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
apt_options=()

cannot() {
	echo "$*"
	exit 77
}

# The archive from which this machine gets Debian, without the path of a suite.
archive() {
	apt-get indextargets --format '$(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		sed -n 's/^Debian main //p' | head -n 1
}

# use_suite SUITE: from here on, apt uses only the lists, sources and keyring of SUITE.
use_suite() {
	local suite=$1 own=$cache/.apt/$1 uri
	uri=$(archive)
	[ -n "$uri" ] || cannot "$suite: apt names no Debian archive on this machine"
	[ -e $KEYRING ] || cannot "$suite: no $KEYRING: install debian-archive-keyring"
	mkdir -p "$own"/{lists,cache}/partial "$own/cache/archives/partial" || cannot "$own: cannot be made"
	echo "deb [signed-by=$KEYRING] $uri $suite main" >"$own/sources.list"
	apt_options=(-o "Dir::Etc::sourcelist=$own/sources.list" -o Dir::Etc::sourceparts=/dev/null
		-o "Dir::State::lists=$own/lists" -o "Dir::Cache=$own/cache" -o Dir::State::status=/dev/null)
	[ -n "$(find "$own/lists" -maxdepth 1 -name '*_Packages*' -mmin -$LISTS_MAX)" ] || update
}

update() { timeout $FETCH_MAX apt-get "${apt_options[@]}" -qq update >/dev/null 2>&1; }

# The matching package names, newest last. Without apt's lists, the kernels in the cache.
packages() {
	local found
	found=$(apt-cache "${apt_options[@]}" search -n "$pattern" 2>/dev/null | cut -d' ' -f1)
	[ -n "$found" ] || found=$(cd "$cache" 2>/dev/null && for d in */vmlinux; do echo "linux-image-${d%/vmlinux}"; done)
	grep -E -- "$pattern" <<<"$found" | sort -V
}

# Prints linux-image-VERSION, or, for a meta package, the parts on which it depends.
parts() {
	apt-cache "${apt_options[@]}" depends "$package" 2>/dev/null |
		sed -nE "s/^ *Depends: (linux-(base|binary|modules)-.*${version//+/\\+})$/\1/p"
	echo "$package"
}

# Downloads and unpacks the packages; newer ones have all files below /usr.
fetch() {
	local names
	new=$(mktemp -d "$cache/.new.XXXXXX") || cannot "$cache cannot be written"
	trap 'rm -rf "$new"' EXIT
	mapfile -t names < <(parts)
	(cd "$new" && timeout $FETCH_MAX apt-get "${apt_options[@]}" -qq download "${names[@]}") >/dev/null 2>&1 ||
		cannot "${names[*]}: cannot be downloaded"
	for deb in "$new"/*.deb; do
		dpkg -x "$deb" "$new" && rm -f "$deb" || cannot "${deb##*/}: cannot be unpacked"
	done
	[ -e "$new/lib/modules" ] || ln -s usr/lib "$new/lib"
	if [ ! -e "$new/boot/vmlinuz-$version" ]; then
		mkdir -p "$new/boot" && ln "$new/lib/modules/$version/vmlinuz" "$new/boot/vmlinuz-$version" ||
			cannot "$package: no kernel image in ${names[*]}"
	fi
	rm -rf "$dir"
	chmod 755 "$new" && mv "$new" "$dir"
}

[ $# = 1 ] || [ $# = 2 ] || { echo "usage: kernel.sh PATTERN [SUITE]" >&2; exit 2; }
pattern=$1
[ "$(uname -m)" = x86_64 ] || cannot "these are kernels for x86_64, this is $(uname -m)"
mkdir -p "$cache" || cannot "$cache: cannot be made"
[ -z "${2:-}" ] || use_suite "$2"
package=$(packages | tail -n 1)
if [ -z "$package" ] && [ "$(id -u)" = 0 ]; then
	update
	package=$(packages | tail -n 1)
fi
[ -n "$package" ] || cannot "no package matches $pattern"
version=${package#linux-image-}
dir=$cache/$version
if [ ! -s "$dir/vmlinux" ]; then
	[ -s "$dir/boot/vmlinuz-$version" ] || fetch
	# The packages contain no index of their modules.
	[ -s "$dir/lib/modules/$version/modules.dep.bin" ] || depmod -b "$dir" "$version" || cannot "depmod: failed"
	# vmlinux is written last: its existence means that the folder is complete.
	python3 "$here/unpack.py" "$dir/boot/vmlinuz-$version" "$dir/.vmlinux" && mv "$dir/.vmlinux" "$dir/vmlinux" ||
		cannot "$dir: cannot be unpacked"
fi
packages | sed '$d' | while read -r old; do
	rm -rf "${cache:?}/${old#linux-image-}"
done
echo "$dir"
