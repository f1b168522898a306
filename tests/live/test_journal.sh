# test_journal.sh - the daemon's entries in the journal: a journald of the test, in its own mount namespace, so that the
# machine's journal gets none of them.

# $journal is its socket; its files are below $journal_files.
journal_up() {
	need unshare nsenter journalctl
	[ -x /lib/systemd/systemd-journald ] || skip 'no systemd-journald'
	[ -s /etc/machine-id ] || skip 'no machine-id, without which a journal has no place'
	unshare -m sh -c 'mount -t tmpfs none /run && mkdir -p /run/systemd/journal "/run/log/journal/$(cat /etc/machine-id)" &&
		{ mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup; } &&
		exec /lib/systemd/systemd-journald' >"$tmp/journald" 2>&1 </dev/null 8>&- 9>&- &
	journal_pid=$!
	started+=("$journal_pid")
	journal=/proc/$journal_pid/root/run/systemd/journal/socket
	journal_files=/proc/$journal_pid/root/run/log/journal
	# Wait for its mounts: before that, the path is the machine's own.
	wait_for 'a journal' journal_own
}
journal_own() {
	[ "$(readlink "/proc/$journal_pid/exe")" = /usr/lib/systemd/systemd-journald ] && [ -S "$journal" ]
}
# journal_has NAME=VALUE...: an entry has all of these.
journal_has() { journalctl -q -D "$journal_files" -o cat "$@" 2>/dev/null | grep -q .; }

test_journal_has_findings() {
	daemon_program app
	journal_up
	daemon_conf "journal: $journal" 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/**" \
		'    scenario: account_login'
	daemon_up
	"$tmp/app/kat" /etc/machine-id >/dev/null
	wait_for 'a finding in the journal' journal_has SYSLOG_IDENTIFIER=piaudit PIAUDIT_FINDING=true \
		PIAUDIT_CATEGORY=machine_id MESSAGE_ID=61ecbd61515941c5b8229444bf5f1934 PRIORITY=4
	journal_has PIAUDIT_OBJECT=/etc/machine-id PIAUDIT_PROCESS_EXE="$tmp/app/kat" PIAUDIT_APP=kat ||
		fail 'the entry does not say who read what'
	# The command of piaudit-daemon(8), for this journal.
	nsenter -t "$journal_pid" -m journalctl -t piaudit -x PIAUDIT_CATEGORY=machine_id PIAUDIT_VERDICT=out_of_scenario \
		>"$tmp/said" || fail "journalctl: exit $?"
	grep -q kat "$tmp/said" || fail "journalctl prints: $(tail -n 1 "$tmp/said")"
	id=$(journalctl -q -D "$journal_files" -o json PIAUDIT_FINDING=true |
		sed -n 's/.*"PIAUDIT_ID":"\([^"]*\)".*/\1/p' | head -n 1)
	grep -q "\"id\":\"$id\"" "$tmp/d/events.jsonl" || fail 'the log has the finding under another id'
	daemon_stop
	[ "$code" = 0 ] || fail "exit $code: $(tail -n 1 "$tmp/stderr")"
	wait_for 'its end in the journal' journal_has PIAUDIT_APP=kat MESSAGE_ID=a7819ddc30094223967e92de4f5bc48c
}

# journald stops while findings come: the audit continues, and reports the entries that the journal did not receive.
test_journal_gone_costs_entries_only() {
	daemon_program app
	journal_up
	daemon_conf "journal: $journal" 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/**" '    scenario: account_login'
	daemon_up
	kill "$journal_pid"
	ended "$journal_pid"
	for i in $(seq 20); do "$tmp/app/kat" /etc/machine-id; done >/dev/null
	daemon_stop
	[ "$code" = 0 ] || fail "exit $code: $(tail -n 1 "$tmp/stderr")"
	grep -q 'journal .*: entries are lost' "$tmp/stderr" || fail "not said: $(tail -n 2 "$tmp/stderr")"
	daemon_counts 20 --category machine_id
}
