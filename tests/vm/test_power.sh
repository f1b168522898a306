# test_power.sh - tests after a power cut while the service wrote: see cut.sh.
. "$root/tests/vm/service_lib.sh"

# The service runs again with a sound history. Accesses from four seconds before the cut are still there.
test_power_cut() {
	local before last
	read -r before last </disk/cut
	active || fail "it does not start: $(of Result)"
	sound
	[ "$last" -gt 0 ] || fail 'nothing was written before'
	[ "$(seen brief)" = "$before" ] || fail "of $before accesses $(seen brief) are left"
	[ "$(seen cut)" -ge "$last" ] || fail "of $last accesses of four seconds before $(seen cut) are left"
	echo "# power cut: $(seen cut) accesses are left, $last were there four seconds before"
	/opt/client/brief -c 'read -r x </etc/machine-id'
	exactly brief $((before + 1))
}

# The line that the power cut truncated must not spoil the next line.
test_power_cut_log() {
	local log=/var/log/piaudit/events.jsonl
	[ -s $log ] || fail 'no log'
	tail -n 1 $log | python3 -I -S -c 'import json, sys; json.loads(sys.stdin.read())' 2>"$tmp/err" ||
		fail "a new line does not stand for itself: $(tail -n 1 "$tmp/err")"
}
