# test_refused.sh - programs that the verifier refuses: the audit continues with alternates and reports them. No
# operation is reported by two programs at once. break_program.py makes the refused programs.

# One program for each kind of function. Kernels without programs on functions have nothing to refuse. LIVE_FUNCTIONS
# lists the programs that are refused one at a time.
all_functions='hook_open hook_list hook_receive hook_ioctl hook_netlink hook_connect hook_stream hook_uname hook_uring_command'
functions=${LIVE_FUNCTIONS:-$all_functions}

# broken PROGRAM...: from here on, piaudit is a copy in which these programs are refused.
broken() {
	python3 "$root/tests/live/break_program.py" "$piaudit" "$tmp/piaudit" "$@" 2>"$tmp/stderr" ||
		fail "$(cat "$tmp/stderr")"
	chmod +x "$tmp/piaudit"
	PIAUDIT=$tmp/piaudit
}
# A wrapper script that drops privileges cannot be changed, only the ELF file that it starts.
refused_setup() {
	piaudit=$PIAUDIT
	[ "$(head -c 4 "$piaudit")" = $'\x7fELF' ] || skip "$piaudit is a script"
	export PIAUDIT_DATADIR=$root/policy
}
needs_functions() {
	"$PIAUDIT" list probes -f json >"$tmp/probes" 2>"$tmp/stderr" || fail "list probes: $(cat "$tmp/stderr")"
	grep -q '"attached":"hook_open"' "$tmp/probes" || skip 'no programs on functions here'
}

# Each operation of the program is reported once, and so is the operation of io_uring.
each_once() {
	doing="with ${1:-nothing} refused: "
	audit any -- "$programs/once"
	grep -q '^done' "$tmp/stdout" || fail "$*: it did not run: $(cat "$tmp/stdout" "$tmp/stderr")"
	expect "summary['lost'] == 0; total(object='/etc/machine-id') == 1; total(object='/proc') == 1; \
		total(object='/usr/lib/os-release') == 3; total(object='/etc/hostid') == 1; \
		total(source='ioctl_hwaddr') == 1; total(source='netlink_link') == 1; total(source='gpsd') == 1; \
		total(source='call_getsockname') == 1; total(source='call_uname_name') == 1"
	audit any -- "$programs/uring" inline
	grep -q '^skip' "$tmp/stdout" && return
	expect_read
	expect "total(object='/etc/machine-id') == 1"
}

test_refused_nothing() { each_once; }

# The audit, doctor and `list probes` name each refused program, with the last line of the verifier's log.
says_refused() {
	local program=$1 line="$1: R9 !read_ok"
	expect "'$line' in summary['probes_refused']"
	"$PIAUDIT" doctor >"$tmp/doctor" 2>&1 || fail "doctor: exit $?: $(tail -n 1 "$tmp/doctor")"
	grep -qF "$line" "$tmp/doctor" || fail "doctor does not name $program"
	"$PIAUDIT" list probes 2>&1 | grep -qF "$line" || fail "list probes does not name $program"
}

test_refused_one_function() {
	local program
	refused_setup
	needs_functions
	for program in $functions; do
		broken "$program"
		each_once "$program"
		says_refused "$program"
	done
}

# Only the gate is left.
test_refused_all_functions() {
	refused_setup
	needs_functions
	# shellcheck disable=SC2086 # several words
	broken $all_functions
	each_once
	"$PIAUDIT" list probes -f json >"$tmp/probes" 2>&1
	! grep -q '"attached":"hook_' "$tmp/probes" || fail "$(grep -m 1 '"attached":"hook_' "$tmp/probes")"
}


# A program without an alternate: one line with the kernel and the program, and exit code 5.
test_refused_without_an_alternate() {
	local program=on_fork # begins with a load that no relocation patches
	refused_setup
	broken $program
	refused 5 "kernel $(uname -r | sed 's/[.+]/\\&/g'): .*$program.*R9 !read_ok" \
		"$PIAUDIT" run -f json -o "$tmp/refused.json" -- true
}

# Scenario marks have an alternate on every kernel.
test_refused_marks() {
	refused_setup
	"$PIAUDIT" doctor -f json >"$tmp/doctor" 2>&1
	grep -q '"value":"on_mark_multi"' "$tmp/doctor" || skip 'this kernel attaches to one mark at a time'
	broken on_mark_multi
	each_once
	says_refused on_mark_multi
	"$PIAUDIT" doctor -f json 2>&1 | grep -q '"value":"on_mark"' || fail 'on_mark is not attached'
}
