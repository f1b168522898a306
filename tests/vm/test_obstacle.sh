# test_obstacle.sh - doctor reports the obstacle to the better programs, and the one change to make; it reports nothing
# if all of the best are attached.

ask_doctor() {
	code=0
	"$PIAUDIT" doctor "$@" >"$tmp/stdout" 2>"$tmp/stderr" || code=$?
	[ "$code" = 0 ] || fail "exit $code: $(tail -n 1 "$tmp/stdout")"
}

test_doctor_names_the_obstacle() {
	ask_doctor
	if [ "$(cat /proc/sys/kernel/ftrace_enabled)" = 1 ]; then
		grep -q '^ready, with reduced coverage' "$tmp/stdout" && fail "$(tail -n 1 "$tmp/stdout")"
		return
	fi
	grep -q '^ready, with reduced coverage: .*sysctl kernel.ftrace_enabled=1\. ' "$tmp/stdout" || fail "$(tail -n 1 "$tmp/stdout")"
}

# doctor and the summary of an audit report the blind spots of the attached alternates.
test_doctor_tells_what_is_not_seen() {
	local way=hook_open unseen
	ask_doctor -f json
	[ "$(cat /proc/sys/kernel/ftrace_enabled)" = 1 ] || way=on_sys_exit
	grep -q "\"what\":\"file-open\",\"state\":\"ok\",\"value\":\"$way\"" "$tmp/stdout" || fail "files are not seen by $way"
	# doctor also tries scenario marks; this program has none.
	unseen=$(grep -o '"what":"not seen","state":"note","value":"[^"]*"' "$tmp/stdout" | grep -vc scenario-marks)
	audit account_login -- true
	expect "len(summary['not_seen']) == $unseen"
}
