#!/bin/bash
# bare.sh - runs README's two commands, make demo and make check (without guests), on a Debian 12 that has nothing
# installed but make: a new root in a mount namespace of its own. Needs root, and the archive that this machine uses.
# BARE_KEEP=1 keeps the folder of the root, BARE_COMMAND runs another command in it.
set -u
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-bare.XXXXXX") || exit 2
root=$work/root
# The folder is removed only after the namespace with its mounts has ended.
trap '[ -n "${BARE_KEEP:-}" ] && echo "# kept: $work" || rm -rf --one-file-system "$work"' EXIT
ok() { echo "ok bare/$1"; passed=$((passed + 1)); }
fail() { echo "FAIL bare/$1 ($2)"; failed=$((failed + 1)); }
skip() { echo "skip bare/$1 ($2)"; skipped=$((skipped + 1)); }
passed=0 failed=0 skipped=0
end() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ]
	exit
}

# The archive, its keys and the settings of apt, such as a proxy, are those of this machine.
new_root() {
	tests/setup.sh install bare || return
	mkdir -p "$work/apt" || return
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null >"$work/apt/all.sources"
	apt-config dump 2>/dev/null | grep -E '^Acquire::(http|https|ftp|Retries)' >"$work/apt/acquire"
	mmdebstrap --quiet --variant=minbase --include=make,ca-certificates --aptopt="$work/apt/acquire" bookworm "$root" \
		"$work/apt/all.sources" >"$work/err" 2>&1
}

# inside CMD: in the new root, with its own mounts. The pids are those of this machine: an audit needs them.
inside() {
	unshare --mount bash -ec '
		root=$1
		mount --bind "$root" "$root"
		for folder in dev sys; do mount --rbind /$folder "$root/$folder"; done
		mount --rbind /proc "$root/proc"
		mount -t tmpfs tmpfs "$root/run"
		mount --bind /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || :
		mkdir -p "$root/.old"
		cd "$root"
		pivot_root . .old
		cd /tree
		umount -l /.old
		rmdir /.old
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 GUESTS=no sh -c "$2"' bash "$root" "$1"
}

if ! new_root; then
	skip root "no Debian can be made: $(tail -n 1 "$work/err")"
	end
fi
mkdir "$root/tree"
git ls-files -z | tar --null -T - -cf - | tar -xf - -C "$root/tree"
if [ -n "${BARE_COMMAND:-}" ]; then
	inside "$BARE_COMMAND"
	exit
fi
if inside 'make demo' >"$work/demo" 2>&1; then
	ok demo
else
	fail demo "exit $?: $(tail -n 1 "$work/demo")"
fi
inside 'make check' >"$work/check" 2>&1
last=$(tail -n 1 "$work/check")
grep '^FAIL\|^skip' "$work/check" | sed 's/^/    /'
echo "# $last"
if [[ $last =~ ^[0-9]+' passed, 0 failed' ]]; then
	ok check
else
	fail check "$last"
fi
end
