# test_pid.sh - joins a running program: its threads, its children from before and after, its open files.

# command WORDS...: sends a command to the target; $answered is the pid that answered.
command_target() {
	local before
	before=$(wc -l <"$tmp/outside")
	echo "$*" >&9
	wait_for "answer to $1" answers_more_than "$before"
	answered=$(tail -n 1 "$tmp/outside" | sed -n 's/^ok //p')
	[ -n "$answered" ] || fail "the target could not $*: $(tail -n 1 "$tmp/outside")"
}
answers_more_than() { [ "$(wc -l <"$tmp/outside")" -gt "$1" ]; }

join() {
	background "$PIAUDIT" --pid "$1" --scenario account_login -f json -o "$tmp/out.json"
	joiner=$background
	wait_for "joined" grep -q '"state": *"joined"' "$tmp/out.json"
}

part() {
	kill -INT "$joiner"
	ended "$joiner"
}

test_pid_join() {
	local target old new
	outside "$programs/target"
	read -r _ target old <"$tmp/outside"
	join "$target"
	command_target thread /etc/os-release
	command_target new-thread /sys/class/net/lo/address
	command_target old-child /etc/machine-id
	command_target new-child /etc/machine-id
	new=$answered
	command_target held
	part
	expect "exit in (10, 11); has(pid=$target, source='~os_release', category='operating_system'); \
		has(pid=$target, category='mac_address'); has(pid=$target, category='machine_id'); \
		has(pid=$old, category='machine_id'); has(pid=$new, category='machine_id')"
	kill -0 "$target" || fail "the target did not survive Ctrl-C"
	command_target thread /etc/os-release
	command_target old-child /etc/os-release
}

# Several at once: accesses of one are not attributed to the other.
test_pid_two() {
	local target old
	outside "$programs/target"
	read -r _ target old <"$tmp/outside"
	join "$old,$$"
	command_target old-child /etc/machine-id
	command_target main /etc/machine-id
	part
	expect "has(pid=$old, category='machine_id'); \
		statuses[0]['text'].startswith('2 processes: $old (target), $$ (')"
	kill -0 "$target" || fail "the target did not survive Ctrl-C"
}

# If the target exits, the audit ends.
test_pid_target_ends() {
	local target
	outside "$programs/target"
	read -r _ target _ <"$tmp/outside"
	join "$target"
	echo quit >&9
	ended "$joiner"
	expect "exit in (10, 11); has(pid=$target, category='machine_id')"
}

test_pid_gone() {
	local pid other
	sh -c 'exit 0' &
	pid=$!
	sh -c 'exit 0' &
	other=$!
	wait "$pid" "$other"
	refused 12 "process $pid does not exist" "$PIAUDIT" --pid "$pid" -f json -o "$tmp/refused.json"
	refused 12 "processes $pid, $other do not exist" "$PIAUDIT" --pid "$pid,$$,$other" -f json -o "$tmp/refused.json"
	refused 12 '[0-9] and 10 more do not exist$' "$PIAUDIT" --pid "$(seq -s, 4194305 4194334)" -f json -o "$tmp/refused.json"
}

test_pid_duration() {
	local target
	outside "$programs/target"
	read -r _ target _ <"$tmp/outside"
	code=0
	timeout "$((30 * scale))" "$PIAUDIT" --pid "$target" --duration 1s --scenario account_login -f json -o "$tmp/out.json" \
		2>"$tmp/stderr" || code=$?
	expect "exit in (10, 11); has(pid=$target, category='machine_id')"
	kill -0 "$target" || fail "the target did not survive"
}
