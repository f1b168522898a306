#!/bin/bash
# run.sh - runs the live tests: real programs on this kernel. `run.sh [FILTER...]` runs only tests whose name contains a
# filter. PIAUDIT names another binary, LIVE_TESTS other test files, LIVE_RESULTS a file that also gets the results.
# LIVE_KEEP=1 keeps the files of the tests. Exits with 1 if a test failed.
#
# LIVE_TEST=GLOB runs only tests whose whole name matches.
#
# For guests with other kernels: LIVE_PLAIN=no skips tests that need no kernel. LIVE_AS_HOST="PATTERN..." skips tests
# with these names, except LIVE_STILL="NAME...". LIVE_SHARE=I/N runs the share I (from 0) of N. LIVE_TIMES=1 prints the
# duration of each test.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/live/lib.sh"
for file in ${LIVE_TESTS:-"$root"/tests/live/test_*.sh}; do
	. "$file"
done

[ "$(id -u)" = 0 ] || { echo "live tests need root" >&2; exit 2; }
[ -x "$PIAUDIT" ] || { echo "no $PIAUDIT: run make first" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-live.XXXXXX")
trap 'kill "$answers"; [ -n "${LIVE_KEEP:-}" ] || rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# Each side opens both fifos for reading and writing, so that no open blocks.
mkfifo "$work/questions" "$work/answers"
exec 7<>"$work/questions" 8<>"$work/answers"
python3 -I -S "$root/tests/live/expect.py" <&7 >&8 7>&- 8>&- &
answers=$!

wanted() {
	local name=$1 filter
	shift
	# shellcheck disable=SC2053 # a pattern
	[ -z "${LIVE_TEST:-}" ] || [[ $name == $LIVE_TEST ]] || return
	[ $# = 0 ] && return 0
	for filter; do
		[[ $name == *"$filter"* ]] && return 0
	done
	return 1
}

# say WORDS...: prints a line of the results.
say() {
	echo "$*"
	[ -z "${LIVE_RESULTS:-}" ] || echo "$*" >>"$LIVE_RESULTS"
}

# one NAME CMD...: runs a test and prints its result.
one() {
	local name=$1 result try start=$EPOCHREALTIME
	shift
	tmp=$work/$name
	for try in 1 2 3; do
		rm -rf "$tmp"
		mkdir -p "$tmp"
		(
			started=()
			trap end_started EXIT
			"$@"
			exit 0
		)
		result=$?
		# Where the kernel preempts our programs, any audit can have losses by chance: the test gets two more tries.
		if [ $result = 0 ] || [ $result = 77 ] || [ $try = 3 ] || ! preempts; then break; fi
		echo "# again $name ($(cat "$tmp/why" 2>/dev/null || echo "exit $result"))"
	done
	case $result in
	0) passed=$((passed + 1)); say "ok $name" ;;
	77) skipped=$((skipped + 1)); say "skip $name ($(cat "$tmp/why"))" ;;
	*) failed=$((failed + 1)); say "FAIL $name ($(cat "$tmp/why" 2>/dev/null || echo "exit $result"))" ;;
	esac
	[ -z "${LIVE_TIMES:-}" ] || echo "took $name $(((${EPOCHREALTIME/[.,]/} - ${start/[.,]/}) / 1000)) ms"
	[ -n "${LIVE_KEEP:-}" ] || rm -rf "$tmp"
}

# Tables first (each is a function table_NAME that calls row), then the tests that are functions of their own.
row() {
	local name=$1
	wanted "$name" "${filters[@]}" || return
	if as_host "$name"; then
		same "$name"
		return
	fi
	shift
	[ -n "${together:-}" ] || turn=$((turn + 1))
	[ $((turn % shares)) = "$share" ] && one "$name" "$@"
}
# plain NAME CMD...: a row that does not depend on the kernel.
plain() {
	[ "${LIVE_PLAIN:-}" = no ] || { row "$@"; return; }
	wanted "$1" "${filters[@]}" && same "$1"
}
same() { [ "$share" != 0 ] || say "same $1"; }
as_host() {
	local pattern
	[[ $still != *" $1 "* ]] || return
	for pattern in "${like[@]}"; do
		# shellcheck disable=SC2053 # a pattern
		[[ $1 != $pattern ]] || return 0
	done
	return 1
}
read -ra like <<<"${LIVE_AS_HOST:-}"
still=$(tr -s '[:space:]' ' ' <<<" ${LIVE_STILL:-} ")
# together: the rows up to `apart` run on the same guest.
together() { together=yes turn=$((turn + 1)); }
apart() { together=; }
filters=("$@") turn=0 share=${LIVE_SHARE:-0/1}
shares=${share#*/} share=${share%/*}
[ -z "${LIVE_RESULTS:-}" ] || : >"$LIVE_RESULTS"
for table in $(compgen -A function table_); do
	"$table"
done
for test in $(compgen -A function test_); do
	name=${test#test_}
	row "${name//_/-}" "$test"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
