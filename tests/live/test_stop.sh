# test_stop.sh - signals and the time limit: their effects on the command, the audit and the report.

# The output is a pipe without a reader: all is attached, the command is held, and piaudit waits.
held() { pgrep -P "$1" >/dev/null; }
called_off() {
	local signal=$1 want=$2
	mkfifo "$tmp/out.pipe"
	background "$PIAUDIT" run -f json -o "$tmp/out.pipe" -- touch "$tmp/started"
	wait_for "the held command" held "$background"
	sleep 0.5
	kill "-$signal" "$background"
	ended "$background"
	[ "$code" = "$want" ] || fail "exit $code, not $want: $(tail -n 1 "$tmp/stderr")"
	[ ! -e "$tmp/started" ] || fail "the command was started all the same"
}

# The signal is sent to the command as TERM, which ends it; the summary is complete.
handed_on() {
	background "$PIAUDIT" run --scenario account_login -f json -o "$tmp/out.json" -- \
		sh -c 'read x </etc/machine-id; exec sleep 60'
	wait_for "the read" grep -q '"machine_id"' "$tmp/out.json"
	kill "-$1" "$background"
	ended "$background"
	expect "exit == 10; summary['stopped'] is None; summary['target'] == {'signal': 15}; \
		statuses[-1]['state'] == 'ended'"
}

# The command ignores the first signal; the second one ends only the audit.
stopped() {
	background "$PIAUDIT" run --scenario account_login -f json -o "$tmp/out.json" -- \
		sh -c 'trap "" INT TERM; read x </etc/machine-id; while [ ! -e "$1" ] && [ -d "${1%/*}" ]; do sleep 0.1; done' sh "$tmp/go"
	wait_for "the read" grep -q '"machine_id"' "$tmp/out.json"
	kill "-$1" "$background"
	sleep 0.5
	kill -0 "$background" 2>/dev/null || fail "the first signal stopped the audit"
	kill "-$1" "$background"
	ended "$background"
	: >"$tmp/go"
	expect "exit == 10; summary['stopped'] == 'signal'; summary['target'] is None"
}

test_stop_duration() {
	audit account_login --duration 1s -- sh -c 'read x </etc/machine-id; exec sleep 3'
	expect "exit == 10; summary['stopped'] == 'duration'; summary['target'] is None; \
		summary['started'] <= accesses[0]['time'] <= summary['ended'] == summary['time']; \
		statuses[0]['time'] == summary['started']; statuses[-1]['time'] == summary['ended']; \
		statuses[-1]['state'] == 'left'"
}

# A truncated recording is never clean, wherever it is cut.
test_stop_recording_cut() {
	local lines
	"$PIAUDIT" record -o "$tmp/stream" -- cat /etc/machine-id >"$tmp/stdout" 2>"$tmp/stderr" ||
		fail "not recorded: $(tail -n 1 "$tmp/stderr")"
	replay product_operations
	expect "exit == 0; summary['whole']; has(category='machine_id', verdict='declared')"
	lines=$(wc -l <"$tmp/stream")
	sed -i '$d' "$tmp/stream"
	replay product_operations
	expect "exit == 11; not summary['whole']"
	head -n $((lines - 3)) "$tmp/stream" >"$tmp/cut"
	echo end records=$lines >>"$tmp/cut"
	mv "$tmp/cut" "$tmp/stream"
	replay product_operations
	expect "exit == 11; not summary['whole']"
}
replay() {
	code=0
	"$PIAUDIT" replay --scenario "$1" -f json -o "$tmp/out.json" "$tmp/stream" >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
}

table_stop() {
	row stop-early-int called_off INT 130
	row stop-early-term called_off TERM 143
	row stop-early-hup called_off HUP 129
	row stop-early-quit called_off QUIT 131
	row stop-handed-term handed_on TERM
	row stop-handed-hup handed_on HUP
	row stop-handed-quit handed_on QUIT
	row stop-twice-int stopped INT
	row stop-twice-hup stopped HUP
}
