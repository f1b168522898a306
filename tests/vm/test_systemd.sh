# test_systemd.sh - the service under a real systemd, which started it with the guest. The tests run one after the
# other, since they share the service and its history.
. "$root/tests/vm/service_lib.sh"
. "$root/tests/vm/service_export.sh"

EXPOSURE_MAX=35 # tenths, as systemd-analyze security counts
BRIEF=30        # programs
MANY=100        # processes of each app
KILLS=2

# The guest behaves like other machines: all units run, a login gets a session, and the journal works.
guest() {
	local state
	state=$(systemctl is-system-running --wait)
	[ "$state" = running ] || fail "$state: $(systemctl --failed --plain --no-legend | tr '\n' ' ')"
	systemd-run -q --wait -p Type=oneshot sh -c 'echo told' || fail 'a service does not run'
	journalctl -q --sync
	journalctl -q -o cat --grep '^told$' >"$tmp/told" || fail 'the journal does not tell'
	su -l pia -c 'cat /proc/self/cgroup' >"$tmp/cgroup"
	grep -q "^0::/user.slice/user-$(id -u pia).slice/session-.*scope" "$tmp/cgroup" ||
		fail "a login has no session: $(cat "$tmp/cgroup")"
}

boot() {
	is Type notify || fail "Type=$(of Type)"
	active || fail "$(of ActiveState), $(of Result)"
	is NRestarts 0 || fail "it was started $(of NRestarts) times again"
	[ "$(of ActiveEnterTimestampMonotonic)" -lt \
		"$(systemctl show -P ActiveEnterTimestampMonotonic systemd-user-sessions.service)" ] ||
		fail 'somebody could log in before it was ready'
	[ -n "$(of StatusText)" ] || fail 'systemctl status says nothing of it'
	echo "# ready $((($(of ActiveEnterTimestampMonotonic) - $(of ExecMainStartTimestampMonotonic)) / 1000)) ms after" \
		"its start: $(of StatusText)"
}

# The commands of piaudit-daemon(8), for installations without a package.
installed_by_hand() {
	systemctl -q disable --now piaudit.service
	systemd-sysusers && systemd-tmpfiles --create && systemctl enable --now piaudit || fail "exit $?"
	enabled
	systemctl -q disable --now piaudit.service
	! active || fail 'it did not stop'
	systemctl enable --now piaudit.service || fail "exit $?"
	enabled
}
enabled() { active && is UnitFileState enabled || fail "$(of ActiveState), $(of UnitFileState)"; }

# The administrator gives the service the priority of piaudit-daemon(8).
edited() {
	trap 'systemctl -q revert piaudit.service; systemctl restart piaudit.service; end_started' EXIT
	editor '[Service]' CPUSchedulingPolicy=fifo CPUSchedulingPriority=1 CPUSchedulingResetOnFork=yes
	script -qec 'systemctl edit piaudit' /dev/null >"$tmp/said" || fail "$(tail -n 1 "$tmp/said")"
	systemctl restart piaudit || fail 'it does not start'
	chrt -p "$(of MainPID)" >"$tmp/said"
	grep -q 'SCHED_FIFO|SCHED_RESET_ON_FORK' "$tmp/said" || fail "$(head -n 1 "$tmp/said")"
}

exposure() {
	local said level
	said=$(systemd-analyze security --no-pager piaudit.service | tail -n 1)
	level=$(sed -nE 's/.*: ([0-9]+)\.([0-9]) .*/\1\2/p' <<<"$said")
	[ -n "$level" ] && [ "$level" -le $EXPOSURE_MAX ] || fail "$said"
}

# The service's privileges after all is attached.
privileges() {
	local status word
	status=/proc/$(of MainPID)/status
	for word in 'NoNewPrivs:	1' 'Seccomp:	2' 'CapInh:	0000000000000000' 'CapAmb:	0000000000000000'; do
		grep -qx "$word" "$status" || fail "not $word: $(grep "^${word%%:*}" "$status")"
	done
	echo "# $(grep CapEff "$status" | tr '\t' ' ')"
}

# The client runs before systemd moves it into its unit. An open file can be counted twice: by its open, and by a scan.
unit() {
	local i found
	for i in 1 2 3; do
		systemctl start client.service || fail 'the client does not run'
	done
	settled by_unit 600
	found=$(seen by_unit)
	[ "$found" -ge 600 ] && [ "$found" -le 603 ] || fail "$found accesses, 600 were made"
}

# An app that is bound by user: a program of a login session belongs to it, the same program of another user does not.
login() {
	local reads='i=0; while [ $i -lt 50 ]; do read -r x </etc/machine-id; i=$((i + 1)); done'
	/opt/client/by-uid -c "$reads"
	su -l pia -c "/opt/client/by-uid -c '$reads'"
	exactly by_uid 50
}

# Each process exits before piaudit could look it up in /proc.
brief() {
	local i before
	before=$(seen brief)
	for ((i = 0; i < BRIEF; i++)); do
		/opt/client/brief -c 'read -r x </etc/machine-id'
	done
	exactly brief $((before + BRIEF))
}

# refused_policy PATTERN: reload reports the reason, also to systemd, and the previous configuration stays active.
refused_policy() {
	local pid
	pid=$(of MainPID)
	refused 6 "$1" "$PIAUDIT" reload
	! systemctl -q reload piaudit.service 2>/dev/null || fail 'systemd believes that it was done'
	active && is MainPID "$pid" || fail 'it did not go on'
}

reload() {
	cp $policy "$tmp/policy"
	trap 'cp "$tmp/policy" $policy; systemctl reload piaudit.service; end_started' EXIT
	reader reload
	wait_for 'accesses' has reload 1
	echo 'scenarios: [' >$policy
	refused_policy "clients.yaml:[0-9]+:[0-9]+: "
	sed 's/\[device_name\]/[device_name, machine_id]/' "$tmp/policy" >$policy
	systemctl reload piaudit.service || fail 'a good policy is refused'
	sleep 2
	reader_end
	exactly reload "$made"
	[ "$(seen reload undeclared)" -gt 0 ] && [ "$(seen reload declared)" -gt 0 ] ||
		fail "the policy made no difference: $(seen reload undeclared) undeclared, $(seen reload declared) declared"
	echo "# reload: $made accesses, $(seen reload declared) of them by the new policy"
}

writable() {
	local pid
	pid=$(of MainPID)
	trap 'chmod 644 $policy; end_started' EXIT
	chmod g+w $policy
	refused_policy 'clients.yaml'
	systemctl -q restart piaudit.service && fail 'it starts with a policy that others can write'
	wait_for 'its end' is ActiveState failed
	is ExecMainStatus 6 || fail "exit $(of ExecMainStatus)"
	is NRestarts 0 || fail 'systemd tries again'
	chmod 644 $policy
	service
	! is MainPID "$pid" || fail 'it was not started again'
}

# Only root may connect to the socket, and a group if the configuration names one.
socket() {
	refused 4 'control|allowed|permi' setpriv --reuid pia --regid pia --clear-groups "$PIAUDIT" status
	"$PIAUDIT" status >"$tmp/status" || fail "root is refused: exit $?"
	grep -q brief "$tmp/status" || fail 'status does not have an app'
}

watchdog() {
	local pid before
	reader steady 0.2
	wait_for 'accesses' has steady 1
	pid=$(of MainPID)
	kill -STOP "$pid"
	wait_for 'another process' replaced "$pid"
	told 'Watchdog timeout' >"$tmp/told" || fail 'that was not the watchdog'
	before=$(seen steady)
	wait_for 'accesses of who ran meanwhile' has steady $((before + 3))
	brief
	reader_end
}

# A flood on each processor delays neither a short watchdog, nor a request, nor the end. In a guest the end takes long:
# each program is detached in about half a second.
flooded() {
	local pid i from
	trap 'systemctl -q stop flood.service; systemctl -q revert piaudit.service; systemctl restart piaudit.service; end_started' EXIT
	editor '[Service]' WatchdogSec=2 TimeoutStopSec=120
	script -qec 'systemctl edit piaudit' /dev/null >"$tmp/said" || fail "$(tail -n 1 "$tmp/said")"
	systemctl restart piaudit.service || fail 'it does not start'
	is WatchdogUSec 2s || fail "WatchdogSec=$(of WatchdogUSec)"
	pid=$(of MainPID)
	install -m 755 "$programs/torrent" /opt/client/flood
	mkdir -p /var/lib/bluetooth
	for ((i = 0; i < 4096; i++)); do : >"/var/lib/bluetooth/$i"; done
	systemd-run -q --collect --unit=flood /opt/client/flood /var/lib/bluetooth 600 || fail 'the flood does not run'
	for ((i = 0; i < 10; i++)); do
		sleep 3
		"$PIAUDIT" status -f json >"$tmp/status" || fail "status: exit $?"
	done
	[ "$(python3 -I -S -c 'import json, sys
print(next(a["events"] for a in json.load(sys.stdin)["apps"] if a["app"] == "flood"))' <"$tmp/status")" -gt 1000 ] ||
		fail "no flood: $(cat "$tmp/status")"
	active && is MainPID "$pid" && is NRestarts 0 || fail "it did not go on: $(of Result), started $(of NRestarts) times again"
	! told 'Watchdog timeout' >"$tmp/told" || fail 'the watchdog ended it'
	from=$EPOCHREALTIME
	systemctl stop piaudit.service
	is Result success || fail "$(of Result)"
	echo "# flooded: the stop took $(((${EPOCHREALTIME/[.,]/} - ${from/[.,]/}) / 1000)) ms"
}

# After each kill, the written accesses are still there, and new ones follow.
kills() {
	local i pid before
	reader kill
	for ((i = 0; i < KILLS; i++)); do
		wait_for 'accesses' has kill 1
		sleep "1.$((RANDOM % 10))"
		before=$(seen kill)
		pid=$(of MainPID)
		systemctl kill -s KILL --kill-whom=main piaudit.service
		wait_for 'another process' replaced "$pid"
		sound
		[ "$(seen kill)" -ge "$before" ] || fail "of $before accesses $(seen kill) are left"
		wait_for 'accesses after it' has kill $((before + 1))
	done
	reader_end
	told 'level.*error|error:' >"$tmp/told"
	[ ! -s "$tmp/told" ] || fail "it complains: $(head -n 1 "$tmp/told")"
}

fill() { ! cat /dev/zero >>/disk/fill 2>/dev/null; }

# findings COUNT: each makes a line of the log, by a new process.
findings() {
	local i
	for ((i = 0; i < $1; i++)); do
		/opt/client/full -c 'read -r x </etc/machine-id'
	done
}

full() {
	local pid before log=/var/log/piaudit/events.jsonl
	trap 'rm -f /disk/fill; end_started' EXIT
	systemctl restart piaudit.service # so that the write-ahead log of the history has no reserved space
	pid=$(of MainPID)
	findings 1
	fill
	findings 60
	wait_for 'the warning of the log' told 'log .*lines are dropped'
	wait_for 'the warning of the history' eval 'fill; findings 1; told "cannot be written, will be retried: No space" >/dev/null'
	"$PIAUDIT" status >"$tmp/status" || fail "status: exit $?"
	rm /disk/fill
	before=$(seen full)
	findings 5
	wait_for 'the history to go on' has full $((before + 5))
	wait_for 'the log to go on' grep -Eq 'lines? w(as|ere) not written' $log
	is MainPID "$pid" || fail 'it was not the same process'
	python3 -I -S -c 'import json, sys
for line in open(sys.argv[1]): json.loads(line)' $log 2>"$tmp/err" || fail "the log is torn: $(tail -n 1 "$tmp/err")"
	sound
	[ "$(told 'lines are dropped' | wc -l)" -le 3 ] || fail 'said again and again'
}

# many_of NUMBER: a client with MANY processes, which read once and then wait.
many_of() {
	systemd-run -q --collect --unit="many-$1" "/opt/client/many-$1" -c '
		i=1
		while [ $i -lt '$MANY' ]; do
			i=$((i + 1))
			(read -r x </etc/machine-id; read -r x <"$0") &
		done
		read -r x </etc/machine-id
		wait' "$tmp/wait"
}

many() {
	local i
	mkfifo "$tmp/wait"
	for i in {0..9}; do
		many_of "$i" || fail 'a client does not start'
	done
	settled many_9 $MANY
	for i in {0..9}; do
		[ "$(seen "many_$i")" = $MANY ] || fail "many_$i: $(seen "many_$i") accesses, $MANY were made"
	done
	"$PIAUDIT" status -f json >"$tmp/status"
	systemctl stop 'many-*.service'
	python3 -I -S -c 'import json, sys
apps = {a["app"]: a for a in json.load(open(sys.argv[1]))["apps"]}
for i in range(10):
	app = apps["many_%d" % i]
	assert app["processes"] == int(sys.argv[2]), app
	assert app["lost"] == 0, app' "$tmp/status" $MANY 2>"$tmp/err" || fail "$(tail -n 1 "$tmp/err")"
}

# The clock moves a day forward, two back, and one forward again. The next test, which takes longer, shows that the
# watchdog still works.
clock() {
	local seconds
	reader clock
	wait_for 'accesses' has clock 1
	for seconds in 86400 -172800 86400; do
		date -s "@$(($(date +%s) + seconds))" >"$tmp/date" || fail 'the clock cannot be set'
		sleep 3
	done
	reader_end
	exactly clock "$made"
	sound
}

# After a stop, the history has all accesses, and the control socket is removed.
stop() {
	local before
	before=$(seen brief)
	/opt/client/brief -c 'read -r x </etc/machine-id'
	systemctl stop piaudit.service
	is Result success || fail "$(of Result)"
	[ "$(seen brief)" = $((before + 1)) ] || fail 'the last access is not in the history'
	[ ! -e /run/piaudit/control.sock ] || fail 'its socket is left'
	refused 7 'not running' "$PIAUDIT" status
	systemctl start piaudit.service
}

# with_service TEST
with_service() {
	service
	"$1"
}
# going_on TEST: the service is the same process before and after TEST.
going_on() {
	local pid
	service
	pid=$(of MainPID)
	"$1"
	active && is MainPID "$pid" || fail "it did not go on: $(of Result), started $(of NRestarts) times again"
}

table_systemd() {
	local name
	row systemd-guest guest
	row systemd-boot boot
	for name in exposure privileges unit login brief reload socket clock many; do
		row "systemd-$name" going_on $name
	done
	for name in full installed_by_hand edited exported writable flooded watchdog kills stop; do
		row "systemd-${name//_/-}" with_service $name
	done
}
