# test_detach.sh - the auditor leaves nothing behind in the kernel.

# ids PID: programs and maps that a process has open, as "prog N" and "map N".
ids() {
	cat /proc/"$1"/fdinfo/* 2>/dev/null | sed -n 's/^\(prog\|map\|link\)_id:[[:space:]]*/\1 /p' | sort -u
}

# One call for all of a kind: bpftool starts slowly.
left() {
	local kind
	for kind in prog map link; do
		bpftool "$kind" show 2>/dev/null | sed -n "s/^\([0-9]*\): .*/$kind \1/p"
	done | grep -Fxf "$tmp/ids"
}
nothing_left() { [ -z "$(left)" ]; }

run_held() {
	rm -f "$tmp/go" "$tmp/out.json"
	background "$PIAUDIT" run --scenario account_login -f json -o "$tmp/out.json" -- \
		sh -c 'while [ ! -e "$1" ]; do sleep 0.1; done; cat /etc/machine-id' sh "$tmp/go"
	runner=$background
	wait_for "start" grep -q '"type": *"status"' "$tmp/out.json"
	ids "$runner" >"$tmp/ids"
	[ -s "$tmp/ids" ] || fail "no program or map of the auditor was found while it ran"
}

test_detach_at_the_end() {
	need bpftool
	run_held
	: >"$tmp/go"
	ended "$runner"
	expect "exit == 10; has(category='machine_id')"
	wait_for "$(wc -l <"$tmp/ids") programs and maps to go" nothing_left
	audit account_login -- cat /etc/machine-id
	expect "exit == 10; has(category='machine_id')"
}

# Killed before it can clean up: the kernel frees everything.
test_detach_killed() {
	need bpftool
	run_held
	kill -KILL "$runner"
	: >"$tmp/go"
	wait "$runner" 2>/dev/null
	wait_for "programs and maps to go" nothing_left
	audit account_login -- cat /etc/machine-id
	expect "exit == 10"
}

# Two audits side by side do not see each other's programs.
test_detach_two_audits() {
	local first
	run_held
	first=$runner
	cp "$tmp/out.json" "$tmp/before.json"
	"$PIAUDIT" run --scenario account_login -f json -o "$tmp/second.json" -- cat /etc/os-release \
		>/dev/null 2>"$tmp/stderr"
	: >"$tmp/go"
	ended "$first"
	expect "exit == 10; has(category='machine_id'); none(category='operating_system', grade='direct')"
}
