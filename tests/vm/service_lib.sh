# service_lib.sh - helpers for the tests of the service, and for cut.sh.

policy=/etc/piaudit/policies.d/clients.yaml

# of KEY: a property of the service's unit.
of() { systemctl show -P "$1" piaudit.service; }
# is KEY VALUE
is() { [ "$(of "$1")" = "$2" ]; }
active() { is ActiveState active && is SubState running; }
# replaced PID: another process than PID runs and is ready.
replaced() { active && ! is MainPID "$1"; }
# told PATTERN: lines of its journal since this test began.
told() { journalctl -q --sync; journalctl -q -o cat -u piaudit.service --since "@$began" --grep "$1"; }

# Starts the installed service, with the statement of the tests, if it does not run.
service() {
	began=$(date +%s)
	active && return
	systemctl reset-failed piaudit.service
	systemctl restart piaudit.service || fail "it does not start: $(journalctl -q -o cat -u piaudit.service -n 3 | tr '\n' ' ')"
}

# editor LINE...: from here on, `systemctl edit` writes these lines.
editor() {
	printf '%s\n' "$@" >"$tmp/lines"
	printf '#!/bin/sh\ncat %s >"$1"\n' "$tmp/lines" >"$tmp/editor"
	chmod 755 "$tmp/editor"
	export SYSTEMD_EDITOR=$tmp/editor
}

# seen APP [VERDICT]: the number of accesses in the history, with that verdict.
seen() {
	"$PIAUDIT" search --app "$1" --category machine_id -f csv |
		awk -F '"' -v word="${2:+\"$2\"}" 'NR == 1 { for (i = 2; i <= NF; i += 2) if ($i == "count") at = i; next }
			$0 ~ word { n += $at } END { print n + 0 }'
}
has() { [ "$(seen "$1")" -ge "$2" ]; }

# settled APP COUNT: waits until the history has COUNT accesses, and two seconds more.
settled() {
	local until=$((SECONDS + 30))
	until has "$1" "$2" || [ "$SECONDS" -ge "$until" ]; do
		sleep 1
	done
	sleep 2
}
# exactly APP COUNT: the history has exactly COUNT accesses.
exactly() {
	local found
	settled "$1" "$2"
	found=$(seen "$1")
	[ "$found" = "$2" ] || fail "$1: $found accesses, $2 were made"
}

# reader NAME [SECONDS]: starts a program of that name that reads, with pauses of SECONDS, until /run/NAME.stop exists.
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
# Ends the reader; $made is its number of reads.
reader_end() {
	touch "/run/$reader.stop"
	wait_for "the end of reader $reader" test -s "/run/$reader.made"
	made=$(cat "/run/$reader.made")
}

# SQLite and piaudit find no error in the history.
sound() {
	local said
	said=$(sqlite3 /var/lib/piaudit/history.db 'PRAGMA integrity_check') || fail "integrity_check: $said"
	[ "$said" = ok ] || fail "not sound: $(head -n 1 <<<"$said")"
	"$PIAUDIT" search -f csv >/dev/null || fail "search: exit $?"
}
