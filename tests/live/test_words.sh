# test_words.sh - messages to users: each is printed once, and says what to do next.

# One reason can disable the better programs of a dozen rows.
test_words_doctor_says_a_reason_once() {
	local reason
	"$PIAUDIT" doctor >"$tmp/stdout" 2>"$tmp/stderr" || fail "exit $?: $(tail -n 1 "$tmp/stdout")"
	reason=$(sed -n 's/^it could see more: //p' "$tmp/stdout")
	[ -n "$reason" ] || skip 'the best programs are attached'
	[[ $reason != *hook_* ]] || fail "the name of a program: $reason"
	[ "$(grep -cF -- "$reason" "$tmp/stdout")" = 1 ] || fail "more than once: $reason"
	"$PIAUDIT" doctor -f json | grep -q '"why":"hook_open: ' || fail 'nothing for machines'
}

# README explains every verdict and every state.
words_are_explained() {
	local word
	[ -e "$root/README.md" ] || skip 'the README is not here'
	{
		"$PIAUDIT" search --verdict none 2>&1 | sed 's/.*not one of //; s/,//g'
		"$PIAUDIT" list fields -f json | grep -o '"name":"state"[^}]*' | sed 's/.*"doc":"//; s/([^)]*)//g; s/[",]/ /g'
	} | tr -s ' ' '\n' >"$tmp/words"
	[ "$(wc -l <"$tmp/words")" -ge 12 ] || fail "few words: $(tr '\n' ' ' <"$tmp/words")"
	while read -r word; do
		[ -z "$word" ] || grep -qF "\`$word\`" "$root/README.md" || fail "not explained: $word"
	done <"$tmp/words"
}
table_words() { plain words-are-explained words_are_explained; }
