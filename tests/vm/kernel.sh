#!/bin/bash
# kernel.sh - a kernel for the guests: `kernel.sh PATTERN` prints the folder that holds the newest Debian kernel
# whose package matches, fetched and unpacked once. Exit code 77, and the reason, if it cannot be had.
#
# PIAUDIT_VM_CACHE names where kernels are kept; of a pattern, only the newest stays.
set -u
here=$(dirname "$(readlink -f "$0")")
cache=${PIAUDIT_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/piaudit-vm}
PATH=$PATH:/usr/sbin:/sbin
FETCH_MAX=600 # seconds

cannot() {
	echo "$*"
	exit 77
}

# The names that match PATTERN, newest last: of packages, or without the lists of apt what was kept.
packages() {
	local found
	found=$(apt-cache search -n "$1" 2>/dev/null | cut -d' ' -f1)
	[ -n "$found" ] || found=$(cd "$cache" 2>/dev/null && for d in */vmlinux; do echo "linux-image-${d%/vmlinux}"; done)
	grep -E -- "$1" <<<"$found" | sort -V
}

fetch() {
	local package=$1 dir=$2
	new=$(mktemp -d "$cache/.new.XXXXXX") || cannot "$cache cannot be written"
	trap 'rm -rf "$new"' EXIT
	(cd "$new" && timeout $FETCH_MAX apt-get -qq download "$package") >/dev/null 2>&1 ||
		cannot "$package cannot be downloaded"
	dpkg -x "$new"/*.deb "$new" && rm -f "$new"/*.deb || cannot "$package cannot be unpacked"
	rm -rf "$dir"
	chmod 755 "$new" && mv "$new" "$dir"
}

[ $# = 1 ] || { echo "usage: kernel.sh PATTERN" >&2; exit 2; }
[ "$(uname -m)" = x86_64 ] || cannot "these are kernels for x86_64, this is $(uname -m)"
package=$(packages "$1" | tail -n 1)
if [ -z "$package" ] && [ "$(id -u)" = 0 ]; then
	timeout $FETCH_MAX apt-get -qq update >/dev/null 2>&1
	package=$(packages "$1" | tail -n 1)
fi
[ -n "$package" ] || cannot "no package matches $1"
version=${package#linux-image-}
dir=$cache/$version
mkdir -p "$cache" || cannot "$cache cannot be made"
if [ ! -s "$dir/vmlinux" ]; then
	[ -s "$dir/boot/vmlinuz-$version" ] || fetch "$package" "$dir"
	# The packages bring no index of their modules.
	[ -s "$dir/lib/modules/$version/modules.dep.bin" ] || depmod -b "$dir" "$version" || cannot "depmod: failed"
	# Last, so that its being there says that all is.
	python3 "$here/unpack.py" "$dir/boot/vmlinuz-$version" "$dir/.vmlinux" && mv "$dir/.vmlinux" "$dir/vmlinux" ||
		cannot "$dir: cannot be unpacked"
fi
packages "$1" | sed '$d' | while read -r old; do
	rm -rf "${cache:?}/${old#linux-image-}"
done
echo "$dir"
