# test_refusals.sh - bad input: one line that says what to do, the documented exit code, and no partial output.

# statement FILE: writes a small valid statement; the tests below change it.
statement() {
	cat >"$1" <<-'END'
	statement:
	  id: small
	  title: A small statement
	scenarios:
	  - id: chat
	    title: Chat
	    role: processor
	    purpose: To carry messages
	    methods: [app]
	    information: [mac_address, {clipboard: transient}]
	END
}

# spoiled PATTERN SED-SCRIPT: the statement, changed by the script, is refused with its position.
spoiled() {
	statement "$tmp/right.yaml"
	sed "$2" "$tmp/right.yaml" >"$tmp/bad.yaml"
	cmp -s "$tmp/right.yaml" "$tmp/bad.yaml" && fail "the script spoils nothing"
	bad_policy "$1" "$tmp/bad.yaml"
}

bad_policy() {
	refused 6 "$1" "$PIAUDIT" run --policy "$2" -f json -o "$tmp/refused.json" -- true
}

truncated() {
	statement "$tmp/right.yaml"
	head -c "$1" "$tmp/right.yaml" >"$tmp/bad.yaml"
	bad_policy 'bad\.yaml' "$tmp/bad.yaml"
}

random_policy() {
	head -c 100000 /dev/urandom >"$tmp/bad.yaml"
	bad_policy 'bad\.yaml' "$tmp/bad.yaml"
}

huge() {
	statement "$tmp/bad.yaml"
	/usr/bin/env python3 - "$tmp/bad.yaml" <<-'END'
	import sys
	with open(sys.argv[1], "a", encoding="ascii") as file:
	    for i in range(60000):
	        file.write(f"  - id: s{i}\n    title: S{i}\n    role: processor\n    purpose: P\n"
	                   "    methods: [app]\n    information: [mac_address, {clipboard: transient}]\n"
	                   "    # so that the file is as long as it takes: .............................\n")
	END
	[ "$(wc -c <"$tmp/bad.yaml")" -gt 10000000 ] || fail "not huge"
	bad_policy 'bad\.yaml' "$tmp/bad.yaml"
}

alias_bomb() {
	{
		echo 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
		for i in 1 2 3 4 5 6 7 8 9; do
			p=$((i - 1))
			echo "a$i: &a$i [*a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p]"
		done
		echo 'scenarios: *a9'
	} >"$tmp/bad.yaml"
	bad_policy 'bad\.yaml' "$tmp/bad.yaml"
}

deep() {
	{ printf 'scenarios: '; printf '[%.0s' {1..50000}; } >"$tmp/bad.yaml"
	bad_policy 'bad\.yaml' "$tmp/bad.yaml"
}

directory() {
	mkdir "$tmp/bad.yaml"
	bad_policy 'bad\.yaml' "$tmp/bad.yaml"
}

unreadable_output() {
	refused 1 'nowhere' "$PIAUDIT" run -f json -o "$tmp/nowhere/out.json" -- true
}

not_executable() {
	: >"$tmp/file"
	refused 126 'file' "$PIAUDIT" run -f json -o "$tmp/refused.json" -- "$tmp/file"
}

# The user `nobody` must be able to read the program and the policy: only the privilege may be missing.
no_privilege() {
	need setpriv
	mkdir "$tmp/dir"
	cp "$PIAUDIT" "$tmp/dir/piaudit"
	cp -r "$root/policy" "$tmp/dir/policy"
	chmod -R go+rX "$tmp/dir/policy"
	chmod 755 "$work" "$tmp"
	chmod 777 "$tmp/dir"
	refused 4 'root|privilege|CAP_' setpriv --reuid 65534 --regid 65534 --clear-groups \
		env PIAUDIT_DATADIR="$tmp/dir/policy" "$tmp/dir/piaudit" run -f json \
		-o "$tmp/dir/refused.json" -- true
	[ ! -e "$tmp/dir/refused.json" ] || fail "the output file was left behind"
}

no_btf() {
	refused 5 BTF env PIAUDIT_BTF=/nonexistent "$PIAUDIT" run -f json -o "$tmp/refused.json" -- true
}

unprivileged_check() {
	statement "$tmp/right.yaml"
	"$PIAUDIT" policy check "$tmp/right.yaml" >"$tmp/stdout" 2>"$tmp/stderr" ||
		fail "the right one is refused: $(cat "$tmp/stdout" "$tmp/stderr")"
}

table_refusals() {
	plain refuse-nothing-wrong unprivileged_check
	plain refuse-malformed spoiled 'bad\.yaml:10:[0-9]+: ' 's/transient}]/transient]/'
	plain refuse-tab spoiled 'bad\.yaml:[0-9]+:[0-9]+: ' 's/^    title/\ttitle/'
	plain refuse-unknown-key spoiled 'bad\.yaml:11:[0-9]+: .*delegate' '$a\    delegate: nobody'
	plain refuse-unknown-category spoiled 'bad\.yaml:10:[0-9]+: .*mac_adress' 's/mac_address/mac_adress/'
	plain refuse-unknown-method spoiled 'bad\.yaml:9:[0-9]+: .*apps' 's/\[app\]/[apps]/'
	plain refuse-unknown-role spoiled 'bad\.yaml:7:[0-9]+: .*owner' 's/processor/owner/'
	plain refuse-unknown-limit spoiled 'bad\.yaml:10:[0-9]+: .*forever' 's/transient/forever/'
	plain refuse-twice spoiled 'bad\.yaml:11:[0-9]+: .*role' '$a\    role: controller'
	plain refuse-contradictory spoiled 'bad\.yaml:10:[0-9]+: .*clipboard' 's/transient}/transient}, {clipboard: auth_only}/'
	plain refuse-same-scenario spoiled 'bad\.yaml:11:[0-9]+: .*chat' \
		'$a\  - {id: chat, title: T, role: processor, purpose: P, methods: [app], information: [ip_address]}'
	plain refuse-no-scenarios spoiled 'bad\.yaml:[0-9]+' '/^scenarios/,$d'
	plain refuse-truncated-in-flow truncated 200
	plain refuse-truncated-in-key truncated 90
	plain refuse-empty truncated 0
	plain refuse-random-policy random_policy
	plain refuse-huge huge
	plain refuse-alias-bomb alias_bomb
	plain refuse-deep deep
	plain refuse-directory directory
	plain refuse-missing bad_policy 'none\.yaml' /nonexistent/none.yaml
	plain refuse-unknown-scenarios refused 6 \
		'unknown scenarios "acount_login" \(did you mean "account_login"\?\), "no_such" in .*welink.yaml; see' \
		"$PIAUDIT" run --scenario acount_login,feedback,no_such -f json -o /nonexistent/x.json -- true
	plain refuse-unknown-scenario refused 6 'acount_login.*account_login' "$PIAUDIT" run --scenario acount_login \
		-f json -o /nonexistent/x.json -- true
	row refuse-no-program refused 127 '/nonexistent/program' "$PIAUDIT" run -- /nonexistent/program
	row refuse-no-program-in-path refused 127 'no-such-program' "$PIAUDIT" run -- no-such-program
	row refuse-not-executable not_executable
	row refuse-output unreadable_output
	plain refuse-usage-option refused 2 'no-such-option' "$PIAUDIT" run --no-such-option -- true
	plain refuse-usage-verb refused 2 'no-such-verb' "$PIAUDIT" no-such-verb
	plain refuse-usage-verb-misspelt refused 2 'unknown verb "serch"; did you mean "search"' "$PIAUDIT" serch
	plain refuse-usage-list-misspelt refused 2 'did you mean "scenarios"' "$PIAUDIT" list scenarois
	plain refuse-usage-list refused 2 'use one of categories, .*, config$' "$PIAUDIT" list no-such-list
	plain refuse-usage-list-extra refused 2 'list fields takes no arguments: "extra"' "$PIAUDIT" list fields extra
	plain refuse-usage-list-nothing refused 2 'add one of categories, .*, config$' "$PIAUDIT" list
	plain refuse-usage-policy refused 2 'did you mean "check"' "$PIAUDIT" policy chek
	plain refuse-usage-scenario refused 2 'did you mean "begin"' "$PIAUDIT" scenario bgin av_meeting
	plain refuse-usage-shell refused 2 'unknown shell "zsh"; only bash' "$PIAUDIT" completion zsh
	plain refuse-usage-argument refused 2 'status takes no arguments: "extra"' "$PIAUDIT" status extra
	plain refuse-usage-nothing refused 2 'COMMAND is missing' "$PIAUDIT" run
	plain refuse-usage-pid refused 2 'abc' "$PIAUDIT" --pid abc
	plain refuse-usage-format refused 2 'xml' "$PIAUDIT" run -f xml -- true
	plain refuse-usage-ring refused 2 '5000' "$PIAUDIT" run --ring 5000 -- true
	row refuse-no-privilege no_privilege
	row refuse-no-btf no_btf
	plain refuse-replay-missing refused 1 'none\.rec' "$PIAUDIT" replay /nonexistent/none.rec
}
