# service_lib.sh - what the tests of the service share, and cut.sh.

policy=/etc/piaudit/policies.d/clients.yaml

# of KEY: what systemd says of the service.
of() { systemctl show -P "$1" piaudit.service; }
# is KEY VALUE
is() { [ "$(of "$1")" = "$2" ]; }
active() { is ActiveState active && is SubState running; }
# Another process than PID, and ready.
replaced() { active && ! is MainPID "$1"; }
# Its journal, since this test began.
told() { journalctl -q --sync; journalctl -q -o cat -u piaudit.service --since "@$began" --grep "$1"; }

# As it was installed, with our statement.
service() {
	began=$(date +%s)
	active && return
	systemctl reset-failed piaudit.service
	systemctl restart piaudit.service || fail "it does not start: $(journalctl -q -o cat -u piaudit.service -n 3 | tr '\n' ' ')"
}

# seen APP [WORD]: how many accesses the history has, of that verdict.
seen() {
	"$PIAUDIT" search --app "$1" --category machine_id -f csv |
		awk -F '"' -v word="${2:+\"$2\"}" 'NR > 1 && $0 ~ word { n += $(NF - 1) } END { print n + 0 }'
}
has() { [ "$(seen "$1")" -ge "$2" ]; }

# settled APP COUNT: what was read has come to the history, and nothing more comes.
settled() {
	local until=$((SECONDS + 30))
	until has "$1" "$2" || [ "$SECONDS" -ge "$until" ]; do
		sleep 1
	done
	sleep 2
}
# exactly APP COUNT: what was read is in the history, all of it, once.
exactly() {
	local found
	settled "$1" "$2"
	found=$(seen "$1")
	[ "$found" = "$2" ] || fail "$1: $found accesses, $2 were made"
}

# reader NAME [SECONDS]: a program of that name that reads, with a rest now and then, until it is told to stop.
reader() {
	reader=$1
	rm -f "/run/$1.stop" "/run/$1.made"
	systemd-run -q --collect --unit="reader-$1" "/opt/client/$1" -c '
		i=0
		while [ ! -e "$1.stop" ]; do
			read -r x </etc/machine-id
			i=$((i + 1))
			[ -z "$2" ] || sleep "$2"
		done
		echo $i >"$1.made"' reader "/run/$1" "${2:-}" || fail "the reader does not start"
}
# Its count in $made.
reader_end() {
	touch "/run/$reader.stop"
	wait_for "the end of reader $reader" test -s "/run/$reader.made"
	made=$(cat "/run/$reader.made")
}

# The history is sound, as SQLite sees it and as we do.
sound() {
	local said
	said=$(sqlite3 /var/lib/piaudit/history.db 'PRAGMA integrity_check') || fail "integrity_check: $said"
	[ "$said" = ok ] || fail "not sound: $(head -n 1 <<<"$said")"
	"$PIAUDIT" search -f csv >/dev/null || fail "search: exit $?"
}
