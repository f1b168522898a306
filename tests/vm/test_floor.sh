# test_floor.sh - what a process that nobody audits pays, while another one is audited, for a call that nobody
# watches: on functions nothing, on tracepoints the gate at the exit of every call. The machine's clock counts
# instructions here, so that the same work takes the same time.

CALLS=10000 # a round; it is short, and the fastest counts: one without a tick of the clock is among them
ROUNDS=50
MARGIN=1    # percent

per_round() { taskset 1 "$programs/floor" $CALLS $ROUNDS; }
percent() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%+.2f", (b - a) * 100 / a }'; }
within() { awk -v p="$1" -v m=$MARGIN 'BEGIN { exit !(p < m && p > -m) }'; }

# freed BEFORE: the kernel frees programs and maps a moment after they are let go.
freed() { [ "$("$programs/floor" left)" = "$1" ]; }

# floor WORD: what is measured, in $before, $during and $after.
floor() {
	before=$(per_round)
	background "$PIAUDIT" run -f json -o "$tmp/out.json" -- sleep "$((600 * scale))"
	wait_for 'the audit' [ -s "$tmp/out.json" ]
	loaded=$("$programs/floor" left)
	during=$(per_round)
	kill -TERM "$background" # handed on to the command
	ended "$background"
	after=$(per_round)
	wait_for "an empty kernel ($left)" freed "$left"
	echo "# ${1}: $((before / CALLS)) ns a call, $(percent "$before" "$during") % while another process is audited," \
		"$(percent "$before" "$after") % after; $loaded"
	[ "$loaded" != "$left" ] || fail "nothing was loaded: $loaded"
	within "$(percent "$before" "$after")" || fail "after the end it costs $(percent "$before" "$after") % more"
}

# taken WORD: that is how files are seen to be opened. What BPF was there before us is in $left.
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

# What it is there is told, and has no limit.
test_floor_tracepoints() {
	sysctl -q kernel.ftrace_enabled=0
	taken on_sys_exit
	floor tracepoints
}
