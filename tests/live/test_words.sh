# test_words.sh - messages to users: each is printed once, and says what to do next.

# One reason can disable the better programs of a dozen rows.
test_words_doctor_says_a_reason_once() {
	local reason
	"$PIAUDIT" doctor >"$tmp/stdout" 2>"$tmp/stderr" || fail "exit $?: $(tail -n 1 "$tmp/stdout")"
	reason=$(sed -n 's/^ready, with reduced coverage: \(.*\)\. piaudit uses .*/\1/p' "$tmp/stdout")
	[ -n "$reason" ] || skip 'the best programs are attached'
	[[ $reason != *hook_* ]] || fail "the name of a program: $reason"
	[ "$(grep -cF -- "$reason" "$tmp/stdout")" = 1 ] || fail "more than once: $reason"
	"$PIAUDIT" doctor -f json >"$tmp/json"
	grep -oE '"why":"[a-z_]+: [^"]*"' "$tmp/json" | grep -qF -- ": $reason\"" || fail "nothing for machines: $reason"
}

# Each word that a line begins with has an entry in piaudit(1).
words_are_explained() {
	local word
	[ -e "$root/man/piaudit.1.scd" ] || skip 'the manual is not here'
	{
		"$PIAUDIT" search --verdict none 2>&1 | sed 's/.*use one of //; s/,//g'
		"$PIAUDIT" list fields -f json | grep -o '"name":"state"[^}]*' | sed 's/.*"doc":"//; s/([^)]*)//g; s/[",]/ /g'
	} | tr -s ' ' '\n' >"$tmp/words"
	[ "$(wc -l <"$tmp/words")" -ge 12 ] || fail "few words: $(tr '\n' ' ' <"$tmp/words")"
	while read -r word; do
		[ -z "$word" ] || grep -qxF "*$word*" "$root/man/piaudit.1.scd" || fail "not explained: $word"
	done <"$tmp/words"
}
table_words() { plain words-are-explained words_are_explained; }

# This build prints the finding in README: the same lines, but for numbers.
test_words_readme_finding() {
	local line command
	[ -e "$root/README.md" ] || skip 'README is not here'
	command=$(sed -n 's/^    # piaudit run //p' "$root/README.md")
	[ -n "$command" ] || fail 'README has no command'
	# shellcheck disable=SC2086 # its arguments
	(cd "$root" && "$PIAUDIT" run $command) >"$tmp/stdout" 2>&1
	[ $? = 10 ] || fail "no finding: $(tail -n 1 "$tmp/stdout")"
	sed -n '/^    # piaudit run /,/^$/{/^    # /d;s/^    //;p}' "$root/README.md" | grep -vx '\.\.\.\|' | words_plain >"$tmp/lines"
	words_plain <"$tmp/stdout" >"$tmp/printed"
	[ "$(wc -l <"$tmp/lines")" -ge 5 ] || fail 'README shows no output'
	while read -r line; do
		grep -qF -- "$line" "$tmp/printed" || fail "not printed: $line"
	done <"$tmp/lines"
}
# Times and pids as N, blanks as one: columns are as wide as the pid.
words_plain() { sed -E 's/[0-9]{2}:[0-9]{2}:[0-9]{2}|\[[0-9]+\]/N/g; s/ +/ /g'; }
