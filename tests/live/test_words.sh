# test_words.sh - what is said to people: once, and with what to do next.

# One reason keeps the better programs from a dozen rows.
test_words_doctor_says_a_reason_once() {
	local reason
	"$PIAUDIT" doctor >"$tmp/stdout" 2>"$tmp/stderr" || fail "exit $?: $(tail -n 1 "$tmp/stdout")"
	reason=$(sed -n 's/^it could see more: //p' "$tmp/stdout")
	[ -n "$reason" ] || skip 'the best programs are attached'
	[[ $reason != *hook_* ]] || fail "the name of a program: $reason"
	[ "$(grep -cF -- "$reason" "$tmp/stdout")" = 1 ] || fail "more than once: $reason"
	"$PIAUDIT" doctor -f json | grep -q '"why":"hook_open: ' || fail 'nothing for machines'
}
