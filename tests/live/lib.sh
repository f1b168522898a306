# lib.sh - helpers for live tests. A test is a function test_NAME, run in a subshell with its own directory $tmp. It
# passes unless it calls fail or skip. "_" in NAME is shown as "-".

PIAUDIT=${PIAUDIT:-$root/build/piaudit}
programs=${LIVE_PROGRAMS:-$root/build/live}
code=0
scale=${LIVE_SCALE:-1} # factor for time limits: an emulated machine is slow

fail() {
	printf '%s' "${doing:-}$*" >"$tmp/why" # doing: the iteration of a loop
	exit 1
}
skip() {
	printf '%s' "$*" >"$tmp/why"
	exit 77
}
need() {
	local name
	for name; do
		command -v "$name" >/dev/null || skip "$name is not installed"
	done
}

# For tests that need a browser with a window or a compositor: they take minutes on an emulated machine.
desktop_heavy() {
	[ -z "${LIVE_GUEST:-}" ] || skip 'too heavy for an emulated machine'
}

# audit SCENARIO [OPTION...] -- CMD...: the output is in $tmp/out.json, the output of CMD in $tmp/stdout, the exit code
# in $code. The time limit makes a hanging test fail.
audit() {
	local scenario=$1 options=()
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	[ "$scenario" = any ] || options+=(--scenario "$scenario")
	rm -f "$tmp/out.json"
	code=0
	timeout -k 5 "$((${limit:-90} * scale))" "$PIAUDIT" run "${options[@]}" -f json -o "$tmp/out.json" -- "$@" \
		>"$tmp/stdout" 2>"$tmp/stderr" </dev/null || code=$?
}

# expect 'CONDITION; ...': see expect.py, which run.sh has connected to descriptors 7 and 8.
expect() {
	local why
	printf '%s\0' "$tmp/out.json" "$code" "$1" >&7
	read -r -d '' -t "$((60 * scale))" -u 8 why || fail 'expect.py does not answer'
	[ "$why" = ok ] || fail "$why$(tail -n 1 "$tmp/stderr" | sed 's/^/; stderr: /')"
}

# active_were HISTORY ID...: the report lists exactly these scenarios as audited, and observed nothing in them.
active_were() {
	"$PIAUDIT" report --history "$1" -f json >"$tmp/report" || fail "report: exit $?"
	shift
	python3 -I -S -c 'import json, sys
report = json.load(open(sys.argv[1]))
scenarios = [s for statement in report["statements"] for s in statement["scenarios"]]
active = sorted(s["id"] for s in scenarios if s["active"])
assert active == sorted(sys.argv[2:]), active
states = {c["state"] for s in scenarios if s["active"] for c in s["declares"]}
assert states and states <= {"never_observed", "not_observable", "weak_evidence"}, states' \
		"$tmp/report" "$@" 2>"$tmp/err" || fail "$(tail -n 1 "$tmp/err")"
}

# no_exact_count: for tests that count every operation of parallel threads. It skips the rest if the kernel preempted
# our programs (the default since Linux 7.0) and operations were counted as lost. Such a result must not be clean.
preempts() { [ "$(uname -r | cut -d. -f1)" -ge 7 ]; }
no_exact_count() {
	local bad
	preempts || return 0
	bad=$(grep '"type":"summary"' "$tmp/out.json" | grep -oE '"(lost|malformed)":[0-9]*' | head -n 2 | grep -vc ':0$')
	[ "$bad" != 0 ] || return 0
	expect "exit in (10, 11); summary['lost'] + summary['malformed'] > 0"
	skip 'this kernel preempts BPF programs: operations are counted as lost'
}

# The audited program reports whether its method works on this machine.
expect_read() {
	local said
	said=$(grep -m 1 '^skip: ' "$tmp/stdout") && skip "${said#skip: }"
	grep -q '^secret read' "$tmp/stdout" || fail "the program did not read: $(head -n 1 "$tmp/stdout")"
}

# outside CMD...: starts a process that is not audited; its pid is in $outside, its output in $tmp/outside. Its stdin is
# the fifo $tmp/in, open as file descriptor 9. The process is ended with the test.
outside() {
	mkfifo "$tmp/in"
	"$@" <"$tmp/in" >"$tmp/outside" 2>"$tmp/outside.err" &
	outside=$!
	started+=("$outside")
	exec 9>"$tmp/in"
	wait_for "outside program" grep -q '^ready' "$tmp/outside"
}

# wait_for TEXT CMD...: waits until CMD succeeds, at most 20 seconds (on a machine of ordinary speed).
wait_for() {
	local what=$1 until=$((SECONDS + 20 * scale))
	shift
	while [ "$SECONDS" -lt "$until" ]; do
		"$@" 2>/dev/null && return 0
		sleep 0.05
	done
	fail "waited $((20 * scale)) s for: $what"
}

# background CMD...: starts CMD in the background; its pid is in $background. A shell makes background jobs ignore
# SIGINT; env undoes that, so that Ctrl-C works as for a user.
background() {
	env --default-signal=INT "$@" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null &
	background=$!
	started+=("$background")
}
gone() { ! kill -0 "$1"; }

# ended PID: waits for the end of a background process; its exit code is in $code.
ended() {
	wait_for "end of process $1" gone "$1"
	code=0
	wait "$1" || code=$?
}

# Ends only the processes that this test started, by pid.
end_started() {
	local pid
	for pid in "${started[@]}"; do
		kill "$pid" 2>/dev/null
		kill -CONT "$pid" 2>/dev/null
	done
}

# refused CODE PATTERN CMD...: piaudit exits with CODE, prints one line on stderr that matches PATTERN, and leaves no
# output file ($tmp/refused.json, for CMD to name).
refused() {
	local want=$1 pattern=$2 lines
	shift 2
	code=0
	timeout -k 5 "$((60 * scale))" "$@" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null || code=$?
	[ "$code" = "$want" ] || fail "exit $code, not $want: $(tail -n 1 "$tmp/stderr")"
	lines=$(wc -l <"$tmp/stderr")
	[ "$lines" = 1 ] || fail "$lines lines on stderr, not 1: $(head -n 1 "$tmp/stderr")"
	grep -Eq -- "$pattern" "$tmp/stderr" || fail "stderr has no /$pattern/: $(cat "$tmp/stderr")"
	[ ! -e "$tmp/refused.json" ] || fail "the output file was left behind"
	[ ! -s "$tmp/stdout" ] || fail "something on stdout: $(head -n 1 "$tmp/stdout")"
}
