# service_export.sh - sends findings from the service to a file and to an HTTP receiver, under the shipped units. For
# test_systemd.sh.

EXPORT_EXPOSURE_MAX=11 # tenths
EXPORTED=/var/lib/piaudit-export/findings.jsonl

# of_export KEY: a property of the exporter's unit.
of_export() { systemctl show -P "$1" piaudit-export.service; }
export_replaced() { [ "$(of_export SubState)" = running ] && [ "$(of_export MainPID)" != "$1" ]; }

# found COUNT: makes COUNT findings, each by a new process.
found() {
	local i
	for ((i = 0; i < $1; i++)); do
		/opt/client/export -c 'read -r x </etc/machine-id'
	done
}
# ids_of FILE: the ids of these findings, one a line.
ids_of() { sed -n '/"type":"access".*"app":"export"/s/.*"id":"\([0-9a-f-]*\)".*/\1/p' "$1"; }
# arrived COUNT: the daemon's log has COUNT or more of them, and all arrived at every destination.
arrived() {
	ids_of /var/log/piaudit/events.jsonl | sort -u >"$tmp/logged"
	[ "$(wc -l <"$tmp/logged")" -ge "$1" ] && ids_of $EXPORTED | sort -u | cmp -s "$tmp/logged" - &&
		[ -z "$(sort -u "$tmp/receiver/ids" | comm -23 "$tmp/logged" -)" ]
}

export_settings() {
	cat <<-END
		destinations:
		  - {name: file, type: file, to: $EXPORTED, linger: 100ms}
		  - {name: search, type: http, body: elastic, to: 'http://127.0.0.1:$(cat "$tmp/receiver/port")', linger: 100ms}
	END
}

# The exporter runs as its own user without capabilities, and cannot read root's files.
nobody() {
	local pid word
	pid=$(of_export MainPID)
	for word in "Uid:	$(id -u piaudit-export)	.*" 'CapEff:	0*' 'CapBnd:	0*' 'NoNewPrivs:	1' 'Seccomp:	2'; do
		grep -qx "$word" "/proc/$pid/status" || fail "not $word: $(grep "^${word%%:*}" "/proc/$pid/status")"
	done
	! nsenter -t "$pid" -m setpriv --reuid piaudit-export --regid piaudit-export --clear-groups \
		cat /var/lib/piaudit/history.db >/dev/null 2>&1 || fail 'it can read the history'
	word=$(systemd-analyze security --no-pager piaudit-export.service | tail -n 1)
	[ "$(sed -nE 's/.*: ([0-9]+)\.([0-9]) .*/\1\2/p' <<<"$word" | sed 's/^0//')" -le $EXPORT_EXPOSURE_MAX ] || fail "$word"
}

export_ends() {
	mv "$tmp/yaml" /etc/piaudit/piaudit.yaml
	systemctl -q disable --now piaudit-export.service
	systemctl -q stop receiver.service
	systemctl -q revert piaudit-export.service
	rm -rf /run/systemd/system/piaudit-export.service.d
	systemctl daemon-reload
	end_started
}

exported() {
	local pid
	need piaudit-export
	mkdir -p "$tmp/receiver" /run/systemd/system/piaudit-export.service.d
	cp /etc/piaudit/piaudit.yaml "$tmp/yaml"
	trap export_ends EXIT
	systemd-run -q --collect --unit=receiver python3 -I "$root/tests/export/stub.py" "$tmp/receiver" ok
	printf '[Service]\nRestartSec=500ms\n' >/run/systemd/system/piaudit-export.service.d/soon.conf
	echo 'spool: /var/lib/piaudit/spool' >>/etc/piaudit/piaudit.yaml
	systemctl daemon-reload
	systemctl restart piaudit || fail 'it does not start with a spool'
	wait_for 'the receiver' test -e "$tmp/receiver/port"
	systemctl enable --now piaudit-export.service && fail 'it starts without a destination'
	[ "$(of_export ExecMainStatus)" = 6 ] || fail "without a destination: exit $(of_export ExecMainStatus)"
	export_settings >/etc/piaudit/export.yaml
	(umask 077 && echo 'Bearer token' >/etc/piaudit/siem.token)
	editor '[Service]' LoadCredential=siem.token:/etc/piaudit/siem.token
	script -qec 'systemctl edit piaudit-export' /dev/null >"$tmp/said" || fail "$(tail -n 1 "$tmp/said")"
	systemctl cat piaudit-export.service | grep -q '^LoadCredential=' || fail 'the unit has no credential'
	systemctl enable --now piaudit-export || fail "it does not start: $(journalctl -q -o cat -u piaudit-export.service -n 3 | tr '\n' ' ')"
	systemctl restart piaudit-export || fail 'it does not start again'
	nobody
	found 5
	wait_for 'findings' arrived 5
	[ -z "$(sort "$tmp/receiver/ids" | uniq -d)" ] || fail 'some arrived twice'

	sed -i 's/type: file/type: pigeon/' /etc/piaudit/export.yaml
	pid=$(of_export MainPID)
	! systemctl -q reload piaudit-export.service 2>/dev/null || fail 'systemd believes that it was reloaded'
	export_settings >/etc/piaudit/export.yaml
	systemctl -q reload piaudit-export.service || fail 'a good configuration is refused'
	[ "$(of_export MainPID)" = "$pid" ] || fail 'another process came of it'

	found 10 &
	wait_for 'more findings' arrived 8
	systemctl kill -s KILL --kill-whom=main piaudit-export.service
	wait $!
	wait_for 'another process' export_replaced "$pid"
	wait_for 'all findings' arrived 15
	echo "# exported: $(wc -l <"$tmp/logged") findings, $(ids_of $EXPORTED | sort | uniq -d | wc -l) of them twice in the file," \
		"$(sort "$tmp/receiver/ids" | uniq -d | wc -l) twice over HTTP; $(awk '/^VmHWM/ { print $2, $3 }' "/proc/$(of_export MainPID)/status") at most"
}
