# test_history.sh - the history while it is written: with a concurrent reader, a killed writer, a full disk, a locked
# file. The output of the audit itself must not change.

# sound FILE: SQLite finds no error, and only the owner may read it.
sound() {
	local said
	said=$(sqlite3 "$1" 'PRAGMA integrity_check') || fail "integrity_check: $said"
	[ "$said" = ok ] || fail "not sound: $(head -n 1 <<<"$said")"
	[ "$(stat -c %a "$1")" = 600 ] || fail "mode $(stat -c %a "$1")"
}
has_rows() { "$PIAUDIT" search --history "$1" 2>/dev/null | grep -q machine_id; }
# Prints 0 if the writer was killed before it made the table.
count_of() {
	sqlite3 "file:$1?mode=ro" "SELECT coalesce(sum(count), 0) FROM accesses WHERE category = '$2'" 2>/dev/null || echo 0
}

# Reads the files several times a second, until $tmp/stop exists or the test has ended.
reads='while [ -d "$0" ] && [ ! -e "$0/stop" ]; do cat /etc/machine-id; cat /var/log/wtmp; sleep 0.1; done'

test_history_keeps_what_was_seen() {
	need sqlite3
	audit instant_messaging --history "$tmp/h.db" -- sh -c 'cat /etc/machine-id /etc/machine-id /var/log/wtmp'
	expect 'exit == 10'
	sound "$tmp/h.db"
	[ "$(count_of "$tmp/h.db" machine_id)" -ge 1 ] || fail 'machine_id is not in the history'
	"$PIAUDIT" search --history "$tmp/h.db" -f json --category login_log >"$tmp/found" || fail "search: exit $?"
	python3 -I -S -c 'import json, sys
rows = json.load(open(sys.argv[1]))
assert rows and all(r["category"] == "login_log" and r["finding"] for r in rows), rows
assert rows[0]["scenario"] == ["instant_messaging"], rows' "$tmp/found" 2>"$tmp/err" || fail "$(tail -n 1 "$tmp/err")"
	"$PIAUDIT" report --history "$tmp/h.db" -f html -o "$tmp/page.html" || fail "report: exit $?"
	grep -q 'Logins of users' "$tmp/page.html" || fail 'the page does not have the finding'
	audit instant_messaging --history "$tmp/h.db" -- cat /etc/machine-id
	sound "$tmp/h.db"
	[ "$(sqlite3 "$tmp/h.db" 'SELECT count(*) FROM run WHERE ended IS NOT NULL')" = 2 ] || fail 'not two audits'
	[ "$(sqlite3 "$tmp/h.db" 'SELECT count(*) FROM policy')" = 1 ] || fail 'one statement is there twice'
}

# A scenario that the client marks, and a scenario of the command line in which nothing is read.
test_history_keeps_what_was_active() {
	audit any --history "$tmp/h.db" -- "$programs/scenario" wait 0
	expect "exit == 0; summary['scenario'] == ['instant_messaging']"
	active_were "$tmp/h.db" instant_messaging
	audit av_meeting --history "$tmp/h.db" -- true
	active_were "$tmp/h.db" av_meeting instant_messaging
}

# history_only_tried SCENARIO GRADE STATE CMD...: a missing file or a refused open; no output calls it observed.
history_only_tried() {
	local scenario=$1 grade=$2 state=$3
	shift 3
	need "$1"
	audit "$scenario" --history "$tmp/h.db" -- "$@"
	expect "exit == 0; has(grade='$grade'); summary['accesses']['obtained'] == 0; \
		summary['accesses']['$grade'] == total(grade='$grade'); summary['verdicts']['declared'] == 0; \
		all(not row['obtained'] for row in summary['table'])"
	timeout -k 5 "$((90 * scale))" "$PIAUDIT" run -q --scenario "$scenario" -- "$@" >"$tmp/text" 2>/dev/null </dev/null
	grep -q '^result: nothing was seen (' "$tmp/text" || fail "run: $(tail -n 1 "$tmp/text")"
	grep -Eq ' yes +yes | no +yes ' "$tmp/text" && fail "run: observed: $(grep -E ' (yes|no) +yes ' "$tmp/text")"
	"$PIAUDIT" report --history "$tmp/h.db" >"$tmp/text" || fail "report: exit $?"
	grep -q '^result: Nothing was seen\. ' "$tmp/text" || fail "report: $(head -n 1 "$tmp/text")"
	grep -q "$state" "$tmp/text" || fail "report: no \"$state\""
	grep -q ' Observed' "$tmp/text" && fail "report: $(grep ' Observed' "$tmp/text")"
	return 0
}

history_is_read_while_it_is_written() {
	local seen=0 before=0 i
	need sqlite3
	background "$PIAUDIT" run -q --history "$tmp/h.db" -- sh -c "$reads" "$tmp"
	wait_for 'the first rows' has_rows "$tmp/h.db"
	for i in 1 2 3 4; do
		sleep $((2 * scale))
		"$PIAUDIT" report --history "$tmp/h.db" -f json >"$tmp/report" || fail "report: exit $?"
		seen=$(python3 -I -S -c 'import json, sys
r = json.load(open(sys.argv[1])); print(r["declared"] + r["violated"] + r["informational"])' "$tmp/report")
		[ "$seen" -ge "$before" ] || fail "it fell from $before to $seen"
		[ "$i" = 1 ] || [ "$seen" -gt "$before" ] || fail "nothing new in a second: $seen"
		before=$seen
	done
	touch "$tmp/stop"
	ended "$background"
	sound "$tmp/h.db"
	[ ! -e "$tmp/h.db-wal" ] || fail 'the log was left behind'
}

# HISTORY_KILLS is the number of kills: use a long run after changes of the store.
history_survives_a_kill() {
	local i before=0 now
	need sqlite3
	for ((i = 0; i < ${HISTORY_KILLS:-5}; i++)); do
		rm -f "$tmp/stop"
		background "$PIAUDIT" run -q --history "$tmp/h.db" -- sh -c "$reads" "$tmp"
		wait_for 'the file' test -s "$tmp/h.db"
		sleep "$((RANDOM % 3)).$((RANDOM % 10))"
		kill -KILL "$background"
		wait "$background" 2>/dev/null
		touch "$tmp/stop"
		sound "$tmp/h.db"
		now=$(count_of "$tmp/h.db" machine_id)
		[ "$now" -ge "$before" ] || fail "what was written is gone: $before, now $now"
		before=$now
	done
	[ "$before" -gt 0 ] || fail 'nothing was ever written'
	"$PIAUDIT" report --history "$tmp/h.db" | grep -q 'without an end' || fail 'the report says nothing of it'
}

# The audit continues, warns once, and writes again when there is space.
history_full_disk() {
	need sqlite3
	mkdir "$tmp/small"
	mount -t tmpfs -o size=400k,mode=700 none "$tmp/small" || skip 'no tmpfs can be mounted'
	trap 'umount -l "$tmp/small"; end_started' EXIT
	background "$PIAUDIT" run -q --history "$tmp/small/h.db" -- sh -c "$reads" "$tmp"
	wait_for 'the first rows' has_rows "$tmp/small/h.db"
	head -c 1M /dev/zero >"$tmp/small/fill" 2>/dev/null
	sqlite3 "$tmp/small/h.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null 2>&1
	head -c 1M /dev/zero >>"$tmp/small/fill" 2>/dev/null
	wait_for 'the warning' grep -q 'paused: cannot be written, will be retried: No space' "$tmp/stderr"
	rm "$tmp/small/fill"
	wait_for 'that it goes on' grep -q 'resumed: written again' "$tmp/stderr"
	touch "$tmp/stop"
	ended "$background"
	[ "$code" = 0 ] || fail "exit $code"
	[ "$(grep -c 'cannot be written' "$tmp/stderr")" -le 2 ] || fail "said again and again: $(wc -l <"$tmp/stderr") lines"
	sound "$tmp/small/h.db"
}

history_locked() {
	local lock
	need sqlite3
	background "$PIAUDIT" run -q --history "$tmp/h.db" -- sh -c "$reads" "$tmp"
	wait_for 'the first rows' has_rows "$tmp/h.db"
	mkfifo "$tmp/lock"
	sqlite3 "$tmp/h.db" <"$tmp/lock" >/dev/null 2>&1 &
	lock=$!
	started+=("$lock")
	exec 8>"$tmp/lock"
	echo 'BEGIN IMMEDIATE;' >&8
	wait_for 'the warning' grep -q 'paused: cannot be written, will be retried: Device or resource busy' "$tmp/stderr"
	echo 'COMMIT;' >&8
	exec 8>&-
	wait_for 'that it goes on' grep -q 'resumed: written again' "$tmp/stderr"
	touch "$tmp/stop"
	ended "$background"
	[ "$code" = 0 ] || fail "exit $code"
	sound "$tmp/h.db"
}

# A `plain` row tests the file only, so it does not depend on the kernel.
table_history() {
	row history-not-there history_only_tried security_management probe 'Weak evidence (only probed' \
		cat /var/log/wtmp.not-there
	row history-refused-read history_only_tried instant_messaging attempted 'Informational (only attempted' \
		setpriv --reuid 65534 --clear-groups cat /etc/shadow
	plain history-is-read-while-it-is-written history_is_read_while_it_is_written
	plain history-survives-a-kill history_survives_a_kill
	plain history-full-disk history_full_disk
	plain history-locked history_locked
	plain history-others-can-read history_refused 1 'other users can access it' other
	plain history-others-can-write-the-folder history_refused 1 'other users can write to its folder' folder
	plain history-is-a-link history_refused 1 'history' link
	plain history-is-something-else history_refused 1 'not a piaudit history' text
}
history_refused() {
	local dir=$tmp/in
	need sqlite3
	mkdir -m 700 "$dir"
	case $3 in
	other) : >"$dir/h.db"; chmod 644 "$dir/h.db" ;;
	folder) chmod 777 "$dir" ;;
	link) ln -s /dev/null "$dir/h.db" ;;
	text) (umask 077; head -c 5000 /etc/services >"$dir/h.db") ;;
	esac
	refused "$1" "$2" "$PIAUDIT" run -q -o "$tmp/refused.json" --history "$dir/h.db" -- true
}
