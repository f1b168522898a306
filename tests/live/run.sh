#!/bin/bash
# run.sh - runs the live tests: real programs on this kernel. `run.sh [FILTER...]`: only those
# whose name has it. PIAUDIT names another binary, LIVE_TESTS other files of tests, LIVE_RESULTS a
# file that gets the results too, LIVE_KEEP=1 keeps what the tests wrote. Ends with exit code 1 if a test failed.
#
# Where the same tests run on another kernel: LIVE_PLAIN=no does not repeat those that need no kernel, nor
# LIVE_AS_HOST="PATTERN..." those of these names, but for LIVE_STILL="NAME..."; LIVE_SHARE=I/N takes the share I (from 0)
# of N, LIVE_TIMES=1 says how long each took.
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

# Both open both ways, so that nobody waits for the other's end.
mkfifo "$work/questions" "$work/answers"
exec 7<>"$work/questions" 8<>"$work/answers"
python3 -I -S "$root/tests/live/expect.py" <&7 >&8 7>&- 8>&- &
answers=$!

wanted() {
	local name=$1 filter
	shift
	[ $# = 0 ] && return 0
	for filter; do
		[[ $name == *"$filter"* ]] && return 0
	done
	return 1
}

# say WORDS...: a line of the results.
say() {
	echo "$*"
	[ -z "${LIVE_RESULTS:-}" ] || echo "$*" >>"$LIVE_RESULTS"
}

# one NAME CMD...: run a test and say how it went.
one() {
	local name=$1 result start=$EPOCHREALTIME
	shift
	tmp=$work/$name
	mkdir -p "$tmp"
	(
		started=()
		trap end_started EXIT
		"$@"
		exit 0
	)
	result=$?
	case $result in
	0) passed=$((passed + 1)); say "ok $name" ;;
	77) skipped=$((skipped + 1)); say "skip $name ($(cat "$tmp/why"))" ;;
	*) failed=$((failed + 1)); say "FAIL $name ($(cat "$tmp/why" 2>/dev/null || echo "exit $result"))" ;;
	esac
	[ -z "${LIVE_TIMES:-}" ] || echo "took $name $(((${EPOCHREALTIME/[.,]/} - ${start/[.,]/}) / 1000)) ms"
	[ -n "${LIVE_KEEP:-}" ] || rm -rf "$tmp"
}

# Tables first (each is a function table_NAME that calls row), then the tests that need a page of
# their own.
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
# plain NAME CMD...: a row that needs no kernel.
plain() {
	[ "${LIVE_PLAIN:-}" = no ] || { row "$@"; return; }
	wanted "$1" "${filters[@]}" && same "$1"
}
same() { [ "$share" != 0 ] || say "same $1"; }
as_host() {
	local pattern
	[[ $still != *" $1 "* ]] || return
	for pattern in "${like[@]}"; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $1 != $pattern ]] || return 0
	done
	return 1
}
read -ra like <<<"${LIVE_AS_HOST:-}"
still=$(tr -s '[:space:]' ' ' <<<" ${LIVE_STILL:-} ")
# together: the rows that follow, up to `apart`, run on one machine.
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
