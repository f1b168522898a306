#!/bin/bash
# check.sh - runs the tests: `check.sh [quick | GROUP...]`. The groups are build, style, unit, golden, report, formats,
# siem, export, package, docs, fuzz, live, vm; without arguments it runs all. `quick` runs those that need neither root nor a
# network, and installs nothing. It prints a line per test, `ok|FAIL|skip NAME (reason)`; the last line counts them.
# TEST=GLOB runs only tests whose printed names match. GUESTS=no runs no guest. UPDATE=1 rewrites the expected output of
# golden tests.
set -u
cd "$(dirname "$0")/.." || exit 2

FUZZ_SECONDS=${FUZZ_SECONDS:-8} # for each fuzzer; a short run keeps the harness working, a long one finds bugs
TAIL=20                          # last lines of a failing test's output
VM_LIMIT=${VM_LIMIT:-4200}       # seconds for all guests together
LIMIT=${LIMIT:-600}              # seconds for a single build or test program
RUNNER_LIMIT=${RUNNER_LIMIT:-900} # seconds for a group with a runner of its own
export TEST=${TEST:-}

passed=0 failed=0 skipped=0
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-check.XXXXXX") || exit 2
trap '[ -z "${guests:-}" ] || kill "$guests" 2>/dev/null; rm -rf "$work"' EXIT

ok() { passed=$((passed + 1)); echo "ok $1"; }
skip() { skipped=$((skipped + 1)); echo "skip $1 ($2)"; }
# fail NAME REASON [FILE]: also prints the end of FILE.
fail() {
	failed=$((failed + 1))
	echo "FAIL $1 ($2)"
	[ $# -lt 3 ] || tail -n $TAIL "$3" | sed 's/^/    /'
}
has() { command -v "$1" >/dev/null; }

# wanted NAME: whether TEST selects it.
# shellcheck disable=SC2053 # a pattern
wanted() { [ -z "$TEST" ] || [[ $1 == $TEST ]]; }
# possible PREFIX: whether TEST can select a name that begins with PREFIX.
possible() {
	local head=${TEST%%[*?[]*}
	[ -z "$TEST" ] || [[ $1 == "$head"* || ($head == "$1"*) ]]
}

# try NAME CMD...: one test; it passes if CMD returns 0.
try() {
	local name=$1 code
	wanted "$name" || return 0
	shift
	timeout "$LIMIT" "$@" >"$work/out" 2>&1 </dev/null
	code=$?
	case $code in
	0) ok "$name" ;;
	124) fail "$name" "not done in $LIMIT s" "$work/out" ;;
	*) fail "$name" "exit $code" "$work/out" ;;
	esac
	return $code
}

# runner NAME CMD...: prints and counts the result lines of another runner while it runs.
runner() {
	local name=$1 code=1 before=$failed seen=0 line test others=0
	shift
	: >"$work/rest"
	while IFS= read -r line; do
		case $line in
		'ok '* | 'FAIL '* | 'skip '*) # a name can have spaces, but ends before a reason
			test=${line#* }
			wanted "${test%% (*}" || { [[ $line != FAIL* ]] || others=1; continue; } ;;
		esac
		case $line in
		'ok '*) passed=$((passed + 1)) ;;
		'FAIL '*) failed=$((failed + 1)) ;;
		'skip '*) skipped=$((skipped + 1)) ;;
		'exit code '*) code=${line#exit code } ; continue ;;
		*) echo "$line" >>"$work/rest"; continue ;;
		esac
		seen=$((seen + 1))
		echo "$line"
	done < <(timeout "$RUNNER_LIMIT" "$@" 2>&1 </dev/null; echo "exit code $?")
	if [ $seen = 0 ] && [ -z "$TEST" ]; then
		fail "$name" "it ran no test: exit $code" "$work/rest"
	elif [ "$code" != 0 ] && [ $failed = "$before" ] && [ $others = 0 ]; then
		fail "$name" "exit $code after $seen tests" "$work/rest"
	fi
}

# The variables of `make check` (SAN=1, B=..., -j) must not reach the builds here, which build every variant. A warning
# is an error in each.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
export WERROR=${WERROR:-1}
build=(make -s --no-print-directory "-j$(nproc)")
build_with() { "${build[@]}" "$@"; }

group_build() {
	try build/gcc "${build[@]}" all
	[ -z "$quick" ] || return
	if has clang; then
		try build/clang "${build[@]}" B=build/clang CC=clang all
	else
		skip build/clang 'no clang'
	fi
}

group_style() {
	try style make -s --no-print-directory style
}

# cmocka prints lines for each test; after a crash, a test has begun but has not ended.
unit_program() {
	local label=$1 program=$2 name=$3 code test began='' before=$failed
	timeout "$LIMIT" "$program" >"$work/unit" 2>&1 </dev/null
	code=$?
	while read -r mark test; do
		wanted "$label/$name/$test" || { began=; code=0; continue; }
		case $mark in
		RUN) began=$test ;;
		OK) ok "$label/$name/$test"; began='' ;;
		SKIPPED) skip "$label/$name/$test" 'it asks for what is not here'; began='' ;;
		FAILED | ERROR) fail "$label/$name/$test" failed "$work/unit"; began='' ;;
		esac
	done < <(sed -n '/test(s) run/q; s/^\[ *\(RUN\|OK\|SKIPPED\|FAILED\|ERROR\) *\] \([a-z].*\)/\1 \2/p' "$work/unit")
	if [ -n "$began" ]; then
		fail "$label/$name/$began" "exit $code" "$work/unit"
	elif [ $code != 0 ] && [ $failed = "$before" ]; then
		fail "$label/$name" "exit $code" "$work/unit"
	fi
}

unit_set() {
	local label=$1 tree=$2 source name
	shift 2
	if ! build_with -k "$@" unit-programs >"$work/build" 2>&1; then
		grep -E 'error:|undefined reference|\*\*\*' "$work/build" >"$work/errors"
		fail "$label" 'not all of it builds' "$work/errors"
	fi
	for source in tests/unit/test_*.c; do
		name=$(basename "$source" .c)
		possible "$label/${name#test_}/" || continue
		if build_with -q "$@" "$tree/unit/$name" >/dev/null 2>&1; then
			unit_program "$label" "$tree/unit/$name" "${name#test_}"
		else
			fail "$label/${name#test_}" 'it does not build'
		fi
	done
}

group_unit() {
	! possible unit/ || unit_set unit build
	[ -n "$quick" ] || ! possible unit-san/ || unit_set unit-san build/san SAN=1
}

# The replay of tests/golden/NAME.in with the options of its line "# options: ..." prints NAME.json. Exit codes 10 and
# 11 are results of an audit.
group_golden() {
	local input name options code
	build_with all >"$work/build" 2>&1 || { fail golden 'piaudit does not build' "$work/build"; return; }
	for input in tests/golden/*.in; do
		[ -e "$input" ] || { skip golden 'no recorded streams'; return; }
		name=$(basename "$input" .in)
		wanted "golden/$name" || continue
		read -ra options < <(sed -n 's/^# options: *//p' "$input" | head -n 1)
		# Relative paths, so that the file of a rule is the same on every machine.
		timeout 60 build/piaudit replay -f json -P policy/statements/welink.yaml --catalog policy/catalog \
			"${options[@]}" "$input" >"$work/json" 2>"$work/err" </dev/null
		code=$?
		if [ $code != 0 ] && [ $code != 10 ] && [ $code != 11 ]; then
			fail "golden/$name" "exit $code" "$work/err"
		elif [ "${UPDATE:-}" = 1 ]; then
			cp "$work/json" "tests/golden/$name.json"
			ok "golden/$name"
		elif [ ! -e "tests/golden/$name.json" ]; then
			fail "golden/$name" 'no .json beside it: UPDATE=1 writes it'
		elif ! diff -u "tests/golden/$name.json" "$work/json" >"$work/diff" 2>&1; then
			fail "golden/$name" 'another output' "$work/diff"
		else
			ok "golden/$name"
		fi
	done
}

group_report() {
	build_with all >"$work/build" 2>&1 || { fail report 'piaudit does not build' "$work/build"; return; }
	runner report env PIAUDIT="$PWD/build/piaudit" tests/report.sh
}

group_formats() {
	build_with all >"$work/build" 2>&1 || { fail formats 'piaudit does not build' "$work/build"; return; }
	runner formats env PIAUDIT="$PWD/build/piaudit" tests/formats.sh
}

group_siem() {
	build_with all >"$work/build" 2>&1 || { fail siem 'piaudit does not build' "$work/build"; return; }
	runner siem env PIAUDIT="$PWD/build/piaudit" tests/siem.sh
}

group_export() {
	build_with all export-programs >"$work/build" 2>&1 || { fail export 'it does not build' "$work/build"; return; }
	runner export tests/export.sh
}

group_package() {
	build_with all >"$work/build" 2>&1 || { fail package 'piaudit does not build' "$work/build"; return; }
	runner package tests/package.sh
}

group_docs() {
	build_with all >"$work/build" 2>&1 || { fail docs 'piaudit does not build' "$work/build"; return; }
	runner docs tests/docs.sh
}

group_fuzz() {
	local source name seeds
	has clang || { skip fuzz 'no clang'; return; }
	for source in tests/fuzz/fuzz_*.c; do
		name=$(basename "$source" .c)
		wanted "fuzz/${name#fuzz_}" || continue
		if ! timeout "$LIMIT" "${build[@]}" "build/fuzz/$name" >"$work/build" 2>&1; then
			if grep -q 'libclang_rt.fuzzer' "$work/build"; then
				skip "fuzz/${name#fuzz_}" 'this clang has no libFuzzer'
			else
				fail "fuzz/${name#fuzz_}" 'it does not build' "$work/build"
			fi
			continue
		fi
		mkdir -p "build/fuzz/corpus/$name" "$work/$name"
		seeds=()
		[ -d "tests/fuzz/$name" ] && seeds=("tests/fuzz/$name") # small, since the fuzzer extends them
		try "fuzz/${name#fuzz_}" "build/fuzz/$name" -max_total_time="$FUZZ_SECONDS" -timeout=10 \
			-rss_limit_mb=2048 -max_len=8192 -print_final_stats=0 -verbosity=0 \
			-artifact_prefix="$work/$name/" "build/fuzz/corpus/$name" "${seeds[@]}"
	done
}

group_live() {
	if [ "$(id -u)" != 0 ]; then
		skip live 'not root: BPF programs cannot be loaded'
		return
	fi
	[ -e tests/live/run.sh ] || { skip live 'no tests/live/run.sh'; return; }
	if ! build_with all live-programs >"$work/build" 2>&1; then
		fail live 'it does not build' "$work/build"
		return
	fi
	runner live env LIVE_RESULTS="$PWD/build/live.results" LIVE_TEST="$TEST" tests/live/run.sh
}

# The guests run in the background, at low priority: each waits most of its time.
group_vm() {
	local vm=(tests/vm/run.sh check)
	[ -z "$TEST" ] || vm_one
	if [ "${GUESTS:-}" = no ]; then
		skip vm 'GUESTS=no'
		return
	fi
	if [ "$(id -u)" != 0 ]; then
		skip vm 'not root: a guest reads the files of its host as who started it'
		return
	fi
	if ! build_with all live-programs >"$work/build" 2>&1; then
		fail vm 'it does not build' "$work/build"
		return
	fi
	tests/setup.sh install vm >"$work/setup" 2>&1 # run.sh reports missing packages as skips
	timeout "$VM_LIMIT" nice -n 10 "${vm[@]}" >"$work/guests" 2>&1 </dev/null &
	guests=$!
}
# A test in a guest is named KERNEL/[PROFILE/]TEST.
vm_one() {
	local test=${TEST#*/} profile=live
	[[ $test != */* ]] || { profile=${test%%/*} test=${test#*/}; }
	vm=(env VM_KERNELS="${TEST%%/*}" VM_TEST="$test" tests/vm/run.sh "$profile")
}

# The runner of the guests prints its own table; only its last line is counted.
guests_end() {
	local line ended= numbers=' ([0-9]+) failed, ([0-9]+) skipped$'
	wait "$guests"
	guests=
	while IFS= read -r line; do
		if [[ $line =~ ^([0-9]+)' passed,'$numbers ]]; then
			passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
			skipped=$((skipped + BASH_REMATCH[3])) ended=yes
		else
			echo "$line"
		fi
	done <"$work/guests"
	[ -n "$ended" ] || fail vm 'it came to no end'
}

# selected GROUP: whether TEST can select one of its tests.
selected() {
	case $1 in
	build) wanted build/gcc || wanted build/clang ;;
	style) wanted style ;;
	live) [[ $TEST != */* ]] ;;
	unit) possible unit/ || possible unit-san/ ;;
	vm) [ -z "$TEST" ] || { [[ $TEST == */* ]] && grep -q "^${TEST%%/*} " tests/vm/kernels; } ;;
	*) possible "$1/" ;;
	esac
}

groups=(build vm live style unit golden report formats siem export package docs fuzz)
guests= quick=
if [ "$*" = quick ]; then
	quick=yes groups=(build style unit golden report formats)
elif [ $# != 0 ]; then
	groups=("$@")
fi
for group in "${groups[@]}"; do
	declare -F "group_$group" >/dev/null || {
		echo "check: unknown group \"$group\"; use build, style, unit, golden, report, formats, siem, export, package, docs, fuzz, live, vm, or quick alone" >&2
		exit 2
	}
done

if [ -z "$quick" ]; then
	tests/setup.sh install test >"$work/setup" 2>&1 || { fail setup "exit $?" "$work/setup"; }
fi
for group in "${groups[@]}"; do
	selected "$group" || continue
	began=$SECONDS
	"group_$group"
	echo "# $group: $((SECONDS - began)) s"
done
if [ -n "$guests" ]; then
	guests_end
	echo "# all, with the guests: $SECONDS s"
fi
if [ -n "$TEST" ] && [ $((passed + failed + skipped)) = 0 ]; then
	fail "$TEST" 'no test has such a name'
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
