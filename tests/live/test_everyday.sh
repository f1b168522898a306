# test_everyday.sh - common programs in three scenarios: the reads that they really make, and the verdicts of the
# shipped statement: declared, declared elsewhere, or declared only as the user's own doing.

# judged PROGRAM SCENARIO CMD...: like audit. With LIVE_RECORD=1 the program runs once for all scenarios, and its
# recording is judged.
judged() {
	local stream=$work/$1.rec scenario=$2
	shift 2
	[ -n "${LIVE_RECORD:-}" ] || { audit "$scenario" -- "$@"; return; }
	[ -s "$stream" ] || timeout -k 5 "$((${limit:-90} * scale))" "$PIAUDIT" record -o "$stream" -- "$@" \
		>"$tmp/stdout" 2>"$tmp/stderr" </dev/null || fail "not recorded: $(tail -n 1 "$tmp/stderr")"
	code=0
	timeout -k 5 "$((60 * scale))" "$PIAUDIT" replay --scenario "$scenario" -f json -o "$tmp/out.json" "$stream" \
		>"$tmp/stdout" 2>"$tmp/stderr" </dev/null || code=$?
}

# everyday PROGRAM CATEGORY GRADE SCENARIO VERDICT CMD...: CMD reads CATEGORY, with this verdict. A verdict other than
# `declared` lists exactly the scenarios that declare it.
everyday() {
	local program=$1 category=$2 grade=$3 scenario=$4 verdict=$5 counts=True
	shift 5
	need "$1"
	judged "$program" "$scenario" "$@"
	[ "$verdict" = declared ] && counts=False
	[[ $grade = direct || $grade = exposed ]] || counts=False
	expect "has(category='$category', grade='$grade'); \
		has(category='$category', grade='$grade', verdict='$verdict', scenario=['$scenario']); \
		none(category='$category', verdict='~^(?!$verdict)'); \
		the(category='$category', grade='$grade')['finding'] == $counts; \
		sorted(the(category='$category')['declared_in']) == sorted('${declared_in[$category]}'.split()); \
		the(category='$category')['reason'] and the(category='$category')['object']; \
		summary['lost'] == 0; exit == (10 if has(finding=True) else 0)"
	[ $counts = False ] || expect "exit == 10"
}

device=(feedback product_operations provider_security_management instant_messaging security_management av_meeting)
declare -A declared_in=(
	[mac_address]="${device[*]}"
	[ip_address]="${device[*]} management_console"
	[machine_id]="${device[*]}"
	[device_name]="${device[*]} clock_in_out"
	[operating_system]="${device[*]} clock_in_out"
	[running_processes]=av_meeting
	[basic_system_info]=av_meeting
	[installed_applications]=security_management
	[login_log]=security_management
)

# program NAME CATEGORY GRADE "SCENARIO=VERDICT..." CMD...: a row for each scenario.
program() {
	local name=$1 category=$2 grade=$3 pair
	local -a pairs
	read -ra pairs <<<"$4"
	shift 4
	together
	for pair in "${pairs[@]}"; do
		row "$name-${pair%=*}" everyday "$name" "$category" "$grade" "${pair%=*}" "${pair#*=}" "$@"
	done
	apart
}

table_everyday() {
	local three='account_login=out_of_scenario product_operations=declared feedback=wrong_method'
	local meeting='account_login=out_of_scenario av_meeting=declared feedback=out_of_scenario'
	local security='account_login=out_of_scenario security_management=declared av_meeting=out_of_scenario'
	local getnode='import uuid; uuid.getnode()'
	program ip-link mac_address direct "$three" ip link
	program ifconfig mac_address direct "$three" ifconfig -a
	program sysfs mac_address direct "$three" sh -c 'cat /sys/class/net/*/address'
	program getifaddrs mac_address exposed "$three" "$programs/getifaddrs"
	program uuid-getnode mac_address direct "$three" /usr/bin/python3 -c "$getnode"
	program node mac_address exposed "$three" node -e 'require("os").networkInterfaces()'
	program ip-route ip_address direct "$three" ip route
	program ip-address ip_address direct "$three" ip addr
	program ss ip_address direct "$three" ss -tn
	program machine-id machine_id direct "$three" cat /etc/machine-id
	program os-release operating_system direct "$three" cat /etc/os-release
	program hostname device_name ambient "$three" hostname
	program ps running_processes direct "$meeting" ps -e
	program lsblk basic_system_info direct "$meeting" lsblk
	program dpkg installed_applications direct "$security" dpkg -l
	program last login_log direct "$security" last
}
