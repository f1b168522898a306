# test_learn.sh - a draft describes the reads of a program: it is a statement under which that program has no finding.

# learn [OPTION...] -- CMD...: the draft is in $tmp/draft.yaml, and is a valid statement.
learn() {
	code=0
	timeout -k 5 "$((90 * scale))" "$PIAUDIT" learn -o "$tmp/draft.yaml" "$@" >"$tmp/stdout" 2>"$tmp/stderr" \
		</dev/null || code=$?
	[ "$code" = 0 ] || fail "learn: exit $code: $(tail -n 1 "$tmp/stderr")"
	is_statement
}
is_statement() {
	"$PIAUDIT" policy check "$tmp/draft.yaml" >"$tmp/why" 2>&1 || fail "check: $(tail -n 1 "$tmp/why")"
	"$PIAUDIT" policy lint "$tmp/draft.yaml" 2>&1 | grep -q 'purpose of .* is still TODO' ||
		fail 'lint does not say what is to do'
}

# declares SCENARIO CATEGORY...: the draft declares exactly these.
declares() {
	local scenario=$1 found
	shift
	found=$("$PIAUDIT" policy show -f json "$tmp/draft.yaml" | python3 -c "import json, sys
print(*(d['category'] for s in json.load(sys.stdin)['scenarios'] if s['id'] == '$scenario' for d in s['declares']))")
	[ "$found" = "$*" ] || fail "$scenario declares $found, not $*"
}

test_learn_command() {
	local reads='cat /etc/machine-id /etc/os-release; cat /etc/machine-id'
	learn -- sh -c "$reads"
	declares any_use operating_system machine_id
	grep -q '^      - machine_id .*# machine_id x2$' "$tmp/draft.yaml" || fail "$(grep machine_id "$tmp/draft.yaml")"
	grep -q "^      - \"$(realpath "$(command -v cat)")\"\$" "$tmp/draft.yaml" || fail 'the executable is missing'
	audit any -P "$tmp/draft.yaml" -- sh -c "$reads"
	expect "exit == 0; summary['findings'] == 0; total(category='machine_id', verdict='declared') == 2"
	audit any -P "$tmp/draft.yaml" -- cat /proc/version /etc/machine-id /var/log/wtmp
	expect "exit == 10; total(verdict='undeclared', finding=True) >= 1; has(category='machine_id', verdict='declared')"
}

# Marks of a product that has no statement yet.
test_learn_marks() {
	learn -- "$programs/scenario" unknown 3
	declares no_such_thing machine_id
	audit any -P "$tmp/draft.yaml" -- "$programs/scenario" unknown 3
	expect "exit == 0; summary['findings'] == 0; total(object='/etc/machine-id', scenario=['no_such_thing']) == 3"
	learn -s at_rest -- "$programs/scenario" nested 1
	declares at_rest machine_id
	declares av_meeting machine_id
}

test_learn_pid() {
	outside "$programs/target"
	read -r _ target _ <"$tmp/outside"
	background "$PIAUDIT" learn -v --pid "$target" -o "$tmp/draft.yaml"
	wait_for "joined" grep -q joined "$tmp/stderr"
	echo 'thread /etc/os-release' >&9
	wait_for 'an answer' grep -q '^ok' "$tmp/outside"
	kill -INT "$background"
	ended "$background"
	[ "$code" = 0 ] || fail "exit $code: $(tail -n 1 "$tmp/stderr")"
	is_statement
	grep -q '^      - operating_system  .*# os_release x1$' "$tmp/draft.yaml" || fail "$(grep -A9 information: "$tmp/draft.yaml")"
}

# From the history of another audit: no program is run.
test_learn_history() {
	"$PIAUDIT" run -q --history "$tmp/h.db" -- cat /etc/machine-id >"$tmp/stdout" 2>"$tmp/stderr"
	learn --history "$tmp/h.db" --app cat
	declares any_use machine_id
	audit any -P "$tmp/draft.yaml" -- cat /etc/machine-id
	expect "exit == 0; summary['findings'] == 0"
}

test_learn_refused() {
	refused 2 'COMMAND is missing' "$PIAUDIT" learn -o "$tmp/refused.json"
	refused 2 'only one of COMMAND' "$PIAUDIT" learn --replay "$tmp/x" -o "$tmp/refused.json" -- true
	refused 2 'invalid scenario id "a b": use' "$PIAUDIT" learn -s 'a b' -o "$tmp/refused.json" -- true
	refused 2 'only be combined with --history' "$PIAUDIT" learn --since 1h -o "$tmp/refused.json" -- true
}
