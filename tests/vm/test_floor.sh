# test_floor.sh - the cost of a system call that no probe watches, for a process that is not audited, during an audit of
# another. With programs on functions there is none; with tracepoints it is the gate at the exit of every call. The
# clock of this machine counts instructions, so that the same work takes the same time.

CALLS=10000 # calls in a round; rounds are short, so that the fastest one has no clock tick
ROUNDS=50
MARGIN=1    # percent

per_round() { taskset 1 "$programs/floor" $CALLS $ROUNDS; }
percent() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%+.2f", (b - a) * 100 / a }'; }
within() { awk -v p="$1" -v m=$MARGIN 'BEGIN { exit !(p < m && p > -m) }'; }

# freed BEFORE: the state of BPF is BEFORE again. The kernel frees programs and maps with a delay.
freed() { [ "$("$programs/floor" left)" = "$1" ]; }

# floor WORD: measures the cost $before, $during and $after an audit.
floor() {
	before=$(per_round)
	background "$PIAUDIT" run -f json -o "$tmp/out.json" -- sleep "$((600 * scale))"
	wait_for 'the audit' [ -s "$tmp/out.json" ]
	loaded=$("$programs/floor" left)
	during=$(per_round)
	kill -TERM "$background" # piaudit sends it to the command
	ended "$background"
	after=$(per_round)
	wait_for "an empty kernel ($left)" freed "$left"
	echo "# ${1}: $((before / CALLS)) ns a call, $(percent "$before" "$during") % while another process is audited," \
		"$(percent "$before" "$after") % after; $loaded"
	[ "$loaded" != "$left" ] || fail "nothing was loaded: $loaded"
	within "$(percent "$before" "$after")" || fail "after the end it costs $(percent "$before" "$after") % more"
}

# taken WORD: skips unless WORD is the attached alternate for opens of files. $left is the state of BPF before the test.
taken() {
	left=$("$programs/floor" left)
	"$PIAUDIT" list probes >"$tmp/probes"
	grep -Eq "^file-open .* $1 " "$tmp/probes" || skip "files are not seen by $1 here"
	wait_for "an empty kernel ($left)" freed "$left"
}

test_floor_functions() {
	taken hook_open
	floor functions
	within "$(percent "$before" "$during")" || fail "an audit costs others $(percent "$before" "$during") %"
}

# The cost with tracepoints is printed and has no limit.
test_floor_tracepoints() {
	sysctl -q kernel.ftrace_enabled=0
	taken on_sys_exit
	floor tracepoints
}
