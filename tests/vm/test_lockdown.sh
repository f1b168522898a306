# test_lockdown.sh - a kernel that lets no BPF program read its memory: the audit works, or one line gives the reason
# and the change to make. The kernel decides which of the two.

auditing() {
	code=0
	timeout -k 5 "$((60 * scale))" "$PIAUDIT" run --scenario account_login -f json -o "$tmp/out.json" -- \
		cat /etc/machine-id >"$tmp/stdout" 2>"$tmp/stderr" </dev/null || code=$?
}

test_lockdown_works_or_says_why() {
	auditing
	if [ "$code" = 10 ]; then
		expect "has(category='machine_id', verdict='out_of_scenario'); summary['lost'] == 0"
		return
	fi
	rm -f "$tmp/out.json"
	refused 5 'lockdown' "$PIAUDIT" run --scenario account_login -f json -o "$tmp/refused.json" -- \
		cat /etc/machine-id
}

test_lockdown_doctor() {
	auditing
	"$PIAUDIT" doctor >"$tmp/doctor" 2>"$tmp/stderr"
	[ "$code" = 10 ] || grep -q 'not ready: .*lockdown' "$tmp/doctor" ||
		fail "doctor does not name it: $(tail -n 1 "$tmp/doctor")"
}

# A replay needs no probe, so it works.
test_lockdown_replay() {
	"$PIAUDIT" replay -f json --scenario account_login "$root/tests/golden/everyday.in" >"$tmp/out.json" \
		2>"$tmp/stderr" || code=$?
	expect "exit in (10, 11); accesses"
}
