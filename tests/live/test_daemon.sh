# test_daemon.sh - the daemon with programs that the tests start: which are bound, in which scenario, across reloads.
# The apps are copies of cat below $tmp, so that no other program of the machine is audited.

daemon_ask() { "$PIAUDIT" "$@" --control "$tmp/d/control.sock"; }
daemon_answers() { daemon_ask status -f json >"$tmp/status" 2>/dev/null; }
daemon_stop() { kill -TERM "$background" && ended "$background"; }

# conf LINE...: writes the configuration: LINE, and the paths, which are all in $tmp/d.
daemon_conf() {
	mkdir -p "$tmp/d" "$tmp/policies"
	chmod 700 "$tmp/d"
	printf '%s\n' "log: $tmp/d/events.jsonl" "history: $tmp/d/history.db" "control: $tmp/d/control.sock" \
		"policies: $tmp/policies" 'log_declared: true' "$@" >"$tmp/d/piaudit.yaml"
	chmod 600 "$tmp/d/piaudit.yaml"
}
daemon_up() {
	# Without descriptors 8 and 9: programs wait until the other ends of these pipes are closed.
	background "$PIAUDIT" daemon --config "$tmp/d/piaudit.yaml" 8>&- 9>&-
	wait_for 'the daemon' daemon_answers
}
daemon_app() { printf '  - id: %s\n    statement: %s\n' "$1" "${2:-welink.yaml}"; }
daemon_program() {
	mkdir -p "$tmp/$1"
	cp /bin/cat "$tmp/$1/${2:-kat}"
}

daemon_counts() {
	local want=$1 got
	shift
	got=$("$PIAUDIT" search --history "$tmp/d/history.db" -f json "$@" | python3 -I -S -c '
import json, sys
print(sum(r["count"] for r in json.load(sys.stdin)))') || fail "search $*: it failed"
	[ "$got" = "$want" ] || fail "$got accesses of $*, not $want; $(tail -n 1 "$tmp/stderr")"
}

# Counts every open from the first one, however short the process; and no program with a similar name.
test_daemon_misses_no_start() {
	daemon_program app
	daemon_program apple
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/**"
	daemon_up
	for i in $(seq 100); do "$tmp/app/kat" /etc/machine-id; done >"$tmp/ids"
	for i in $(seq 20); do "$tmp/apple/kat" /etc/machine-id; done >>"$tmp/ids"
	[ "$(wc -l <"$tmp/ids")" = 120 ] || fail 'the programs did not read'
	daemon_stop
	[ "$code" = 0 ] || fail "exit $code: $(tail -n 1 "$tmp/stderr")"
	daemon_counts 100 --category machine_id
	daemon_counts 100 --app kat --category machine_id
}

# The app's directory is mounted at another path; another directory is mounted at the app's path. Both programs match.
test_daemon_knows_programs_by_both_names() {
	need unshare
	daemon_program app
	daemon_program other
	mkdir "$tmp/place"
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/**"
	daemon_up
	unshare -m sh -c "mount --bind $tmp/app $tmp/place && exec $tmp/place/kat /etc/machine-id" >"$tmp/ids"
	unshare -m sh -c "mount --bind $tmp/other $tmp/app && exec $tmp/app/kat /etc/machine-id" >>"$tmp/ids"
	"$tmp/other/kat" /etc/machine-id >>"$tmp/ids"
	[ "$(wc -l <"$tmp/ids")" = 3 ] || fail 'the programs did not read'
	daemon_stop
	daemon_counts 2 --app kat --category machine_id
	daemon_counts 2 --category machine_id
}

test_daemon_takes_in_who_runs() {
	local reader
	daemon_program app
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/kat"
	mkfifo "$tmp/in"
	"$tmp/app/kat" "$tmp/in" /etc/machine-id - </var/log/wtmp >"$tmp/out" &
	reader=$!
	started+=("$reader")
	exec 9>"$tmp/in"
	daemon_up
	exec 9>&-
	wait_for 'the reader' gone "$reader"
	daemon_stop
	daemon_counts 1 --category machine_id
	daemon_counts 1 --category login_log
}

# Each app has its own statement. A process of one app that execs a program of another belongs to the other from then
# on.
test_daemon_keeps_apps_apart() {
	daemon_program one
	daemon_program two
	cat >"$tmp/strict.yaml" <<-EOF
		statement: {id: strict, title: Nothing at all}
		scenarios:
		  - {id: nothing, title: Nothing, role: controller, purpose: None, methods: [app], information: [login_log]}
	EOF
	daemon_conf 'apps:' "$(daemon_app one)" "    exe: $tmp/one/**" "$(daemon_app two "$tmp/strict.yaml")" "    exe: $tmp/two/**"
	cp /bin/sh "$tmp/one/sh"
	daemon_up
	"$tmp/one/sh" -c "$tmp/one/kat /etc/machine-id; cat /etc/machine-id; exec $tmp/two/kat /etc/machine-id" >"$tmp/ids"
	daemon_stop
	daemon_counts 2 --app one --category machine_id --verdict declared
	daemon_counts 1 --app two --category machine_id --verdict undeclared
	daemon_counts 3 --category machine_id
}

test_daemon_binds_by_argv_and_uid() {
	need setpriv
	daemon_program app
	chmod 755 "$tmp" "$tmp/app"
	daemon_conf 'apps:' "$(daemon_app words)" "    exe: $tmp/app/kat" '    argv: "* /etc/machine-id"' \
		"$(daemon_app user)" "    exe: $tmp/app/kat" '    uid: 65534'
	daemon_up
	"$tmp/app/kat" /etc/machine-id /etc/machine-id >"$tmp/ids"
	"$tmp/app/kat" /etc/machine-id /etc/hostname >"$tmp/ids"
	setpriv --reuid=65534 --clear-groups "$tmp/app/kat" /etc/machine-id /etc/hostname >"$tmp/ids"
	daemon_stop
	daemon_counts 2 --app words --category machine_id
	daemon_counts 1 --app user --category machine_id
	daemon_counts 3 --category machine_id
}

# The process execs a program of the app before the daemon has read the record of its previous program, which matches no
# app. Only the previous program must be released.
test_daemon_lets_go_the_program_before() {
	daemon_program app
	cp /bin/sh "$tmp/app/sh"
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/*" "    argv: \"$tmp/app/kat - /etc/machine-id\""
	daemon_up
	mkfifo "$tmp/in"
	for i in $(seq 3); do
		kill -STOP "$background"
		"$tmp/app/sh" -c "exec $tmp/app/kat - /etc/machine-id" <"$tmp/in" >"$tmp/out" &
		started+=("$!")
		exec 9>"$tmp/in"
		sleep 0.2
		kill -CONT "$background"
		sleep 0.2
		exec 9>&-
		wait_for 'the reader' gone "$!"
	done
	daemon_stop
	daemon_counts 3 --category machine_id
}

# /proc files of the app's own processes are no finding; those of another app's process, or of a released one, are.
test_daemon_tells_other_processes() {
	local mine theirs nobodys
	daemon_program one
	cp /bin/sleep "$tmp/one/sleep"
	cp /bin/sleep "$tmp/one/idle"
	daemon_program two
	cp /bin/sleep "$tmp/two/sleep"
	daemon_conf 'apps:' "$(daemon_app one)" "    exe: $tmp/one/*" "    argv: [\"$tmp/one/kat*\", \"$tmp/one/sleep*\"]" \
		"$(daemon_app two)" "    exe: $tmp/two/*"
	daemon_up
	"$tmp/one/sleep" 30 & mine=$!
	"$tmp/two/sleep" 30 & theirs=$!
	"$tmp/one/idle" 30 & nobodys=$!
	started+=("$mine" "$theirs" "$nobodys")
	wait_for 'three programs' sh -c "cat /proc/$mine/comm /proc/$theirs/comm /proc/$nobodys/comm | grep -c 'sleep\|idle' | grep -q 3"
	"$tmp/one/kat" "/proc/$mine/cmdline" /proc/self/cmdline >"$tmp/out"
	"$tmp/one/kat" "/proc/$theirs/cmdline" >"$tmp/out"
	"$tmp/one/kat" "/proc/$nobodys/cmdline" >"$tmp/out"
	daemon_stop
	daemon_counts 2 --app one --category running_processes
}

daemon_processes() {
	daemon_answers && python3 -I -S -c 'import json, sys; sys.exit(sum(a["processes"] for a in json.load(open(sys.argv[1]))["apps"]) != int(sys.argv[2]))' \
		"$tmp/status" "$1"
}

# Lost while the daemon was stopped: the exec by which a process joins the app, and the exits of many processes.
test_daemon_makes_up_for_losses() {
	daemon_program app
	cp /bin/sh "$tmp/app/sh"
	daemon_conf 'ring: 64k' 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/*" "    argv: \"$tmp/app/kat *\""
	daemon_up
	mkfifo "$tmp/go" "$tmp/in" "$tmp/idle"
	"$tmp/app/sh" -c "read -r _ <$tmp/go; exec $tmp/app/kat - /etc/machine-id" <"$tmp/in" >"$tmp/out" &
	started+=("$!")
	exec 8>"$tmp/in" 7>"$tmp/go"
	for i in $(seq 20); do
		"$tmp/app/kat" "$tmp/idle" 7>&- 8>&- &
		started+=("$!")
	done
	exec 9>"$tmp/idle"
	wait_for 'twenty programs' daemon_processes 20
	kill -STOP "$background"
	for i in $(seq 200); do "$tmp/app/kat" /etc/hostname; done >"$tmp/names"
	echo >&7
	exec 7>&- 9>&-
	sleep 0.5
	kill -CONT "$background"
	sleep 0.5
	exec 8>&-
	wait_for 'no program' daemon_processes 0
	daemon_stop
	daemon_counts 1 --category machine_id
}

# $group: a cgroup of this test.
daemon_cgroup() {
	local mount
	mount=$(findmnt -rnt cgroup2 -o TARGET | head -n 1)
	group=$mount/piaudit-live-$$
	[ -n "$mount" ] && mkdir "$group" 2>"$tmp/why" || skip 'no cgroup can be made'
	echo "$group" >"$tmp/group"
	trap 'end_started; rmdir "$(cat "$tmp/group")"' EXIT
}

# A process is moved into the cgroup before the daemon has read the record of its exec, or after the daemon has released
# it. Another one moves itself; a third starts there without an exec. All have exited before the daemon looks.
test_daemon_follows_a_cgroup() {
	local group
	daemon_cgroup
	daemon_program app
	cp /bin/sh "$tmp/app/sh"
	daemon_conf 'apps:' "$(daemon_app both)" "    cgroup: /${group##*/}" "    exe: $tmp/app/*" \
		"$(daemon_app words)" "    cgroup: /${group##*/}" '    argv: "* by itself"' \
		"$(daemon_app unit)" "    cgroup: /${group##*/}"
	daemon_up
	mkfifo "$tmp/in"
	for decided in no yes; do
		[ "$decided" = yes ] || kill -STOP "$background"
		"$tmp/app/sh" -c "read -r _ <$tmp/in; read -r _ </etc/machine-id" &
		started+=("$!")
		wait_for 'the program' sh -c "[ \"\$(readlink /proc/$!/exe)\" = '$tmp/app/sh' ]"
		[ "$decided" = no ] || daemon_answers || fail 'no answer' # released by now
		kill -STOP "$background"
		echo "$!" >"$group/cgroup.procs"
		echo >"$tmp/in"
		wait_for 'the reader' gone "$!"
		kill -CONT "$background"
		daemon_answers || fail 'no answer'
	done
	kill -STOP "$background"
	sh -c 'echo $$ >"$1"; read -r _ </etc/machine-id' sh "$group/cgroup.procs" by itself
	python3 -I - "$group" <<-'EOF' || skip 'no process can be born in a cgroup'
		import ctypes, os, signal, struct, sys
		group = os.open(sys.argv[1], os.O_DIRECTORY)
		args = struct.pack("11Q", 1 << 33, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, group)
		pid = ctypes.CDLL(None).syscall(435, args, len(args))
		if pid == 0:
		    open("/etc/machine-id").close()
		    os._exit(0)
		sys.exit(pid < 0 or os.waitpid(pid, 0)[1])
	EOF
	kill -CONT "$background"
	daemon_stop
	daemon_counts 2 --app both --category machine_id
	daemon_counts 1 --app words --category machine_id
	daemon_counts 1 --app unit --category machine_id
}

# Repeats that the kernel counted before a process moved into the cgroup do not belong to the app.
test_daemon_counts_from_its_cgroup_on() {
	local group
	daemon_cgroup
	need bash
	mkdir "$tmp/app"
	cp /bin/bash "$tmp/app/reader"
	daemon_conf 'apps:' "$(daemon_app both)" "    cgroup: /${group##*/}" "    exe: $tmp/app/*"
	daemon_up
	kill -STOP "$background"
	"$tmp/app/reader" -c 'for ((n = 0; n < 250; n++)); do
		[ $n != 200 ] || echo $$ >"$1/cgroup.procs"
		read -r _ </etc/machine-id
	done' reader "$group"
	kill -CONT "$background"
	daemon_stop
	daemon_counts 50 --app both --category machine_id
}

# After the move, a process opens a file that is still open when the daemon scans its descriptors. It must count once.
# With the file from before the move, that makes two accesses.
test_daemon_counts_an_open_once() {
	local group
	daemon_cgroup
	daemon_conf 'apps:' "$(daemon_app unit)" "    cgroup: /${group##*/}"
	daemon_up
	mkfifo "$tmp/in"
	for i in $(seq 5); do
		kill -STOP "$background"
		sh -c 'exec 3</var/log/wtmp; echo $$ >"$1/cgroup.procs"; exec 4</etc/machine-id; echo >"$2"; read -r _ <"$2"' \
			sh "$group" "$tmp/in" &
		started+=("$!")
		read -r _ <"$tmp/in"
		kill -CONT "$background"
		# The reply to the second query proves that the loop has completed the turn of the first.
		daemon_answers && daemon_answers || fail 'no answer'
		echo >"$tmp/in"
		wait_for 'the reader' gone "$!"
	done
	daemon_stop
	daemon_counts 5 --category login_log
	daemon_counts 5 --category machine_id
}

# more_reads N: waits until $tmp/reads has N more dots than now.
more_reads() {
	wait_for "$1 reads" sh -c "[ \$(stat -c %s '$tmp/reads') -ge $(($(stat -c %s "$tmp/reads") + $1)) ]"
}

# A reader that never pauses: the history has all its reads, across a refused reload and three accepted ones.
test_daemon_reloads_without_a_gap() {
	local reads
	daemon_program app
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/kat" '    scenario: instant_messaging'
	cp "$tmp/d/piaudit.yaml" "$tmp/good.yaml"
	daemon_up
	cat >"$tmp/loop" <<-'EOF'
		while [ ! -e "$1/stop" ]; do "$1/app/kat" /etc/machine-id >/dev/null && printf . >>"$1/reads"; done
		echo end >"$1/end"
	EOF
	: >"$tmp/reads"
	sh "$tmp/loop" "$tmp" &
	started+=("$!")
	more_reads 5
	echo 'apps: [{id: kat, statement: nothing.yaml}]' >>"$tmp/d/piaudit.yaml"
	code=0
	daemon_ask reload 2>"$tmp/why" || code=$?
	[ "$code" = 6 ] || fail "a broken configuration: exit $code"
	for scenario in av_meeting email_client instant_messaging; do
		sed "s/instant_messaging/$scenario/" "$tmp/good.yaml" >"$tmp/d/piaudit.yaml"
		daemon_ask reload >"$tmp/why" || fail "reload: exit $?"
		more_reads 5
	done
	touch "$tmp/stop"
	wait_for 'the reader' test -s "$tmp/end"
	reads=$(stat -c %s "$tmp/reads")
	# The number of events includes those before each reload: a read makes an exec, an exit and some opens.
	daemon_answers || fail 'no answer'
	python3 -I -S -c 'import json, sys
sys.exit(json.load(open(sys.argv[1]))["apps"][0]["events"] < 5 * int(sys.argv[2]))' "$tmp/status" "$reads" ||
		fail "$(cat "$tmp/status")"
	daemon_stop
	daemon_counts "$reads" --category machine_id
	for scenario in av_meeting email_client; do
		"$PIAUDIT" search --history "$tmp/d/history.db" --scenario "$scenario" -f json | grep -q machine_id ||
			fail "none was judged in $scenario"
	done
}

# Repeats in the kernel: those before the begin of a scenario must not count in it.
test_daemon_counts_in_the_scenario_of_then() {
	need bash
	mkdir "$tmp/app"
	cp /bin/bash "$tmp/app/reader"
	daemon_conf 'apps:' "$(daemon_app reader)" "    exe: $tmp/app/reader" '    scenario: instant_messaging'
	daemon_up
	mkfifo "$tmp/in" "$tmp/done"
	"$tmp/app/reader" -c 'while read -r n; do
		for ((; n; n--)); do read -r id </etc/machine-id; done
		echo >"$2"
	done <"$1"' reader "$tmp/in" "$tmp/done" &
	started+=("$!")
	exec 9>"$tmp/in"
	for round in '400 email_client' '300 av_meeting' '200'; do
		echo "${round% *}" >&9
		read -r _ <"$tmp/done"
		[ "$round" = 200 ] || daemon_ask scenario begin "${round#* }" >"$tmp/why" || fail "begin: exit $?"
	done
	exec 9>&-
	daemon_stop
	daemon_counts 400 --category machine_id --scenario instant_messaging
	daemon_counts 500 --category machine_id --scenario email_client
	daemon_counts 200 --category machine_id --scenario av_meeting
}

# A reload releases the processes of a removed app and tracks those of a new app, while both run.
test_daemon_reloads_other_apps() {
	daemon_program one
	daemon_program two
	daemon_conf 'apps:' "$(daemon_app one)" "    exe: $tmp/one/kat"
	for i in one two; do
		mkfifo "$tmp/$i.in"
		"$tmp/$i/kat" /etc/hostname "$tmp/$i.in" /etc/machine-id >"$tmp/$i.out" &
		started+=("$!")
	done
	exec 8>"$tmp/one.in" 9>"$tmp/two.in"
	daemon_up
	daemon_conf 'apps:' "$(daemon_app two)" "    exe: $tmp/two/kat"
	daemon_ask reload >"$tmp/why" || fail "reload: exit $?"
	exec 8>&- 9>&-
	wait_for 'one' grep -q . "$tmp/one.out"
	wait_for 'two' sh -c "[ \$(wc -l <$tmp/two.out) = 2 ]"
	daemon_stop
	daemon_counts 1 --app two --category machine_id
	daemon_counts 1 --category machine_id
	# The app was audited, although it read nothing.
	daemon_counts 0 --app one 2>"$tmp/why"
	! grep -q 'not in the history' "$tmp/why" || fail "$(cat "$tmp/why")"
}

test_daemon_is_told_scenarios() {
	daemon_program app
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/kat"
	daemon_up
	"$tmp/app/kat" /etc/machine-id >"$tmp/ids"
	daemon_ask scenario begin email_client >"$tmp/why" || fail "begin: exit $?"
	"$tmp/app/kat" /etc/machine-id /etc/machine-id >"$tmp/ids"
	daemon_ask scenario begin av_meeting --app kat >"$tmp/why" || fail "begin: exit $?"
	daemon_ask scenario end email_client >"$tmp/why" || fail "end: exit $?"
	daemon_ask reload >"$tmp/why" || fail "reload: exit $?"
	"$tmp/app/kat" /etc/machine-id /etc/machine-id /etc/machine-id >"$tmp/ids"
	daemon_ask scenario end av_meeting >"$tmp/why" || fail "end: exit $?"
	"$tmp/app/kat" /etc/machine-id >"$tmp/ids"
	refused 2 'was not begun' "$PIAUDIT" scenario end av_meeting --control "$tmp/d/control.sock"
	refused 2 'did you mean.*av_meeting' "$PIAUDIT" scenario begin av_meting --control "$tmp/d/control.sock"
	daemon_stop
	daemon_counts 2 --scenario any --category machine_id
	daemon_counts 2 --scenario email_client --category machine_id
	daemon_counts 3 --scenario av_meeting --category machine_id
}

# The history keeps a manual scenario if the program ran in it, even if it read nothing. Otherwise nothing was audited.
test_daemon_keeps_what_was_active() {
	daemon_program app
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/kat"
	daemon_up
	daemon_ask scenario begin av_meeting >"$tmp/why" || fail "begin: exit $?"
	daemon_ask scenario end av_meeting >"$tmp/why" || fail "end: exit $?"
	daemon_ask scenario begin email_client >"$tmp/why" || fail "begin: exit $?"
	"$tmp/app/kat" /dev/null
	daemon_ask scenario end email_client >"$tmp/why" || fail "end: exit $?"
	"$tmp/app/kat" /dev/null
	daemon_stop
	active_were "$tmp/d/history.db" email_client
}

# The read that starts the scenario is judged in it. The scenario ends after its time, but not while the file is open.
test_daemon_triggers() {
	daemon_program app
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/**" '    scenario: email_client' '    triggers:' \
		'      - {scenario: av_meeting, when: [login_log], for: 2s}'
	daemon_up
	cp /bin/sh "$tmp/app/sh"
	"$tmp/app/kat" /etc/machine-id >"$tmp/ids"
	mkfifo "$tmp/in"
	"$tmp/app/sh" -c 'exec 3</var/log/wtmp; read -r _' <"$tmp/in" &
	started+=("$!")
	exec 9>"$tmp/in"
	sleep 5
	"$tmp/app/kat" /etc/machine-id >"$tmp/ids"
	exec 9>&-
	sleep 5
	"$tmp/app/kat" /etc/machine-id >"$tmp/ids"
	daemon_stop
	daemon_counts 1 --scenario av_meeting --category login_log
	daemon_counts 1 --scenario av_meeting --category machine_id
	daemon_counts 3 --scenario email_client --category machine_id
}

# A read after the end of the scenario starts it again at once, although the kernel could count that read as a repeat.
test_daemon_triggers_again() {
	need bash
	daemon_program app
	cp /bin/bash "$tmp/app/reader"
	daemon_conf 'apps:' "$(daemon_app reader)" "    exe: $tmp/app/*" '    scenario: email_client' '    triggers:' \
		'      - {scenario: av_meeting, when: [login_log], for: 2s}'
	daemon_up
	mkfifo "$tmp/in"
	"$tmp/app/reader" -c 'exec 3<>"$1"; for i in 1 2 3; do
		read -r _ </var/log/wtmp; "$2" /etc/machine-id; read -r -t 2.1 -u 3 _
	done' reader "$tmp/in" "$tmp/app/kat" >"$tmp/ids"
	daemon_stop
	daemon_counts 3 --scenario av_meeting --category machine_id
}

# Also marks of a process that has just started: its first action is a mark.
test_daemon_hears_marks() {
	daemon_program app
	cp "$programs/scenario" "$tmp/app/scenario"
	daemon_conf 'apps:' "$(daemon_app client)" "    exe: $tmp/app/**" '    scenario: email_client'
	daemon_up
	"$tmp/app/scenario" by-turns 200 >"$tmp/out"
	daemon_stop
	daemon_counts 200 --scenario instant_messaging --category machine_id
	daemon_counts 200 --category machine_id
}

test_daemon_refuses_strangers() {
	need setpriv
	daemon_program app
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/kat"
	chmod 755 "$tmp"
	daemon_up
	chmod 755 "$tmp/d"
	code=0
	setpriv --reuid=65534 --clear-groups "$PIAUDIT" status --control "$tmp/d/control.sock" 2>"$tmp/why" || code=$?
	[ "$code" = 4 ] || fail "exit $code: $(cat "$tmp/why")"
	daemon_stop
	refused 7 'systemctl|piaudit daemon' "$PIAUDIT" status --control "$tmp/d/control.sock"
}

test_daemon_one_at_a_time() {
	daemon_program app
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/kat"
	daemon_up
	refused 1 'in use|another|already' "$PIAUDIT" daemon --config "$tmp/d/piaudit.yaml"
	daemon_stop
}

# daemon_asks N: prints the 99th of 100 of the times for `status`, in ms, over N connections. The command itself is not
# used, since the time to start a process is not the daemon's.
daemon_asks() {
	python3 -I -S - "$tmp/d/control.sock" "$1" <<-'END'
		import socket, sys, time
		times = []
		for _ in range(int(sys.argv[2])):
		    began = time.monotonic()
		    with socket.socket(socket.AF_UNIX) as client:
		        client.connect(sys.argv[1])
		        client.sendall(b"json status\n")
		        answer = b""
		        while part := client.recv(65536):
		            answer += part
		    if not answer.startswith(b"0 "):
		        sys.exit("no answer: %r" % answer[:80])
		    times.append(time.monotonic() - began)
		    time.sleep(0.02)
		times.sort()
		print(round(times[len(times) * 99 // 100] * 1000))
	END
}

# A flood on each processor delays neither the control socket, nor the watchdog, nor the end. A guest's processor is
# emulated and shared with other guests, so a turn takes longer there, and to detach each program takes a second.
test_daemon_flooded() {
	local seconds=${LIVE_SECONDS:-30} limit=$((100 * ${LIVE_SCALE:-1})) most=1000 p99 gap from
	[ -z "${LIVE_GUEST:-}" ] || most=60000
	need python3
	mkdir -p "$tmp/data/catalog" "$tmp/many"
	for i in $(seq 0 4095); do : >"$tmp/many/$i"; done
	mkdir "$tmp/app" && cp "$programs/torrent" "$tmp/app/kat"
	cp "$root/policy/catalog/categories.yaml" "$tmp/data/catalog"
	printf '%s\n' 'sources:' "  - { id: many, category: machine_id, kind: file, path: $tmp/many/* }" >"$tmp/data/catalog/sources.yaml"
	daemon_conf 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/**"
	background python3 -I -S "$root/tests/live/manager.py" "$tmp/manager" "$tmp/beats" 8>&- 9>&-
	wait_for 'the manager' test -S "$tmp/manager"
	NOTIFY_SOCKET=$tmp/manager WATCHDOG_USEC=2000000 background "$PIAUDIT" daemon --catalog "$tmp/data/catalog" \
		--config "$tmp/d/piaudit.yaml" 8>&- 9>&-
	wait_for 'the daemon' daemon_answers
	"$tmp/app/kat" "$tmp/many" $((seconds + 60)) &
	started+=($!)
	wait_for 'the flood' eval "daemon_answers && grep -qE '\"(made|events)\":[0-9]{5}' $tmp/status"
	p99=$(daemon_asks $((seconds * 10))) || fail "$p99"
	[ "$p99" -lt "$limit" ] || fail "status takes $p99 ms"
	gap=$(sort -n "$tmp/beats" | tail -n 1)
	[ -n "$gap" ] && [ "${gap%.*}" -lt 2 ] || fail "the watchdog waited ${gap:-for ever} s"
	from=$EPOCHREALTIME
	daemon_stop
	took=$(((${EPOCHREALTIME/[.,]/} - ${from/[.,]/}) / 1000))
	[ "$code" = 0 ] || fail "exit $code: $(tail -n 1 "$tmp/stderr")"
	[ "$took" -lt $most ] || fail "SIGTERM took $took ms"
	echo "# daemon-flooded: status p99 $p99 ms, longest watchdog gap $gap s, SIGTERM $took ms"
}
