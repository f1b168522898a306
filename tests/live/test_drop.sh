# test_drop.sh - the auditor drops its own privileges only: audited programs keep theirs.
show_status='grep -E "^(Cap|NoNewPrivs|Seccomp|Uid)" "/proc/$1/status"'

# few FILE [CAP]: FILE is the status of a process after the drop; it may also have kept CAP. Kernels that cannot attach
# to many marks at once also need CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN.
few() {
	local age=new
	"$PIAUDIT" doctor | grep -qw on_mark && age=old
	python3 -I -S - "$1" $age "${2:-2}" <<-'END' 2>"$tmp/err" || fail "$(tail -n 1 "$tmp/err")"
		import sys
		f = dict(line.split(":", 1) for line in open(sys.argv[1]))
		caps = {name: int(f[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
		stays = sum(1 << n for n in (2, 7, 19, 40) + ((21, 38, 39) if sys.argv[2] == "old" else ()))
		stays |= 1 << int(sys.argv[3])
		assert caps["CapEff"] == caps["CapPrm"] and caps["CapPrm"], caps
		assert not caps["CapPrm"] & ~stays and not caps["CapInh"] | caps["CapAmb"], caps
		assert f["NoNewPrivs"].strip() == "1" and f["Seccomp"].strip() == "2", f
	END
}

test_drop_leaves_the_command_alone() {
	bash -c "$show_status" - self >"$tmp/before"
	audit any -- bash -c "$show_status" - self
	cmp -s "$tmp/before" "$tmp/stdout" ||
		fail "not as it was: $(diff "$tmp/before" "$tmp/stdout" | tail -n 1)"
	# Its children keep their privileges too.
	audit any -- bash -c "bash -c '$show_status' - self"
	cmp -s "$tmp/before" "$tmp/stdout" || fail "its child is not as it was"
}

test_drop_of_a_session() {
	background "$PIAUDIT" run -f json -o "$tmp/out.json" -- sleep 60
	wait_for 'the start' grep -q '"state": *"started"' "$tmp/out.json"
	bash -c "$show_status" - "$background" >"$tmp/status"
	kill -TERM "$background"
	ended "$background"
	few "$tmp/status" 5 # CAP_KILL
}

test_drop_of_one_that_joins() {
	outside "$programs/target"
	background "$PIAUDIT" --pid "$outside" -f json -o "$tmp/out.json"
	wait_for 'joined' grep -q '"state": *"joined"' "$tmp/out.json"
	bash -c "$show_status" - "$background" >"$tmp/status"
	kill -INT "$background"
	ended "$background"
	few "$tmp/status" 5
	bash -c "$show_status" - "$outside" >"$tmp/target"
	grep -q '^Seccomp:.0' "$tmp/target" || fail 'the program that was joined has a filter'
}

is_other_user() {
	local child
	read -r child <"/proc/$background/task/$background/children"
	grep -q '^Uid:.65534' "/proc/$child/status" && grep -q sleep "/proc/$child/comm"
}

# Needs CAP_KILL: the command runs as another user by then.
test_drop_passes_term_to_another_user() {
	need setpriv
	background "$PIAUDIT" run -f json -o "$tmp/out.json" -- \
		setpriv --reuid 65534 --regid 65534 --clear-groups sleep 60
	wait_for 'the other user' is_other_user
	kill -TERM "$background"
	ended "$background"
	expect "summary['target'] == {'signal': 15}"
}

# A program with marks that starts after the drop.
test_drop_marks_come_later() {
	audit any -- sh -c "(sleep $scale; echo m; sleep $scale; echo s; sleep $scale) | '$programs/scenario' wait 0"
	# The first mark comes before or just after piaudit attaches to the marks.
	expect "summary['probes_missing'] == []; \
		total(object='/etc/machine-id', scenario=$meet) + total(object='/etc/machine-id', scenario=$both) == 1; \
		total(object='/usr/lib/os-release', scenario=$meet) + total(object='/usr/lib/os-release', scenario=$both) == 2"
}

# After the drop, the daemon still handles a new program, a reload, and a log that was moved away.
test_drop_of_the_daemon() {
	daemon_program app
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/kat"
	daemon_up
	bash -c "$show_status" - "$background" >"$tmp/auditor"
	few "$tmp/auditor"
	"$tmp/app/kat" /etc/machine-id >/dev/null
	daemon_ask reload >/dev/null || fail 'reload'
	mv "$tmp/d/events.jsonl" "$tmp/d/moved"
	daemon_ask reopen >/dev/null || fail 'reopen'
	"$tmp/app/kat" /etc/machine-id >/dev/null
	wait_for 'the second log' grep -q machine_id "$tmp/d/events.jsonl"
	grep -q machine_id "$tmp/d/moved" || fail 'the first log has nothing'
	daemon_stop
	daemon_counts 2 --category machine_id
}
