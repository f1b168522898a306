#!/bin/bash
# siem.sh - tests systemd/siem with the events of every recording: rules match as expected, receivers get the same JSON.
# Prints a line per test. PIAUDIT names another binary; PIAUDIT_SHARED is a folder with published schemas, if any.
set -u
cd "$(dirname "$0")/.." || exit 2
PIAUDIT=${PIAUDIT:-build/piaudit}
siem=systemd/siem
failed=0
pids=()
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-siem.XXXXXX") || exit 2
trap 'end_all; rm -rf "$work"' EXIT

ok() { echo "ok siem/$1"; }
fail() { echo "FAIL siem/$1 ($2)"; failed=1; }
skip() { echo "skip siem/$1 ($2)"; }
has() { PATH=$PATH:/usr/sbin command -v "$1" >/dev/null; }
end() {
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}
end_all() {
	local pid
	for pid in "${pids[@]}"; do end "$pid"; done
	pids=()
}
# wait_for SECONDS CMD...
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}
free_port() {
	/usr/bin/python3 -IB -S -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# tell FORMAT [PROFILE]: replays each recording into a folder, PROFILE or FORMAT.
tell() {
	local format=$1 to=$work/${2:-$1} input options code
	mkdir -p "$to"
	for input in tests/golden/*.in; do
		read -ra options < <(sed -n 's/^# options: *//p' "$input" | head -n 1)
		"$PIAUDIT" replay -f "$format" --profile "${2:-full}" -P policy/statements/welink.yaml --catalog policy/catalog \
			"${options[@]}" "$input" >"$to/$(basename "$input" .in)" 2>"$work/err"
		code=$?
		case $code in
		0 | 10 | 11) ;;
		*) fail "replay-$format" "$input: exit $code: $(tail -n 1 "$work/err")" ;;
		esac
	done
}

# python NAME ARGS...: runs a check that prints the results of its own tests.
python() {
	local name=$1
	shift
	/usr/bin/python3 -IB "tests/siem/$name.py" "$@" 2>"$work/err" && [ ! -s "$work/err" ] && return
	failed=1
	[ ! -s "$work/err" ] || fail "$name" "$(tail -n 1 "$work/err")"
}

# --- rsyslog: the shipped client reads the log, the shipped receiver writes it; TLS uses a CA of the test
certificate() {
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$work/tls/$1.key" -out "$work/tls/$1.csr" &&
		openssl x509 -req -in "$work/tls/$1.csr" -CA "$work/tls/ca.pem" -CAkey "$work/tls/ca.key" -CAcreateserial -days 2 \
			-extfile <(echo "subjectAltName=DNS:$2") -out "$work/tls/$1.pem"
}
authority() {
	mkdir -p "$work/tls" &&
		openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=test -days 2 -keyout "$work/tls/ca.key" -out "$work/tls/ca.pem" &&
		certificate server siem.example.org && certificate client "$1"
}
# syslog_conf WHICH: the shipped file, with the paths and ports of this test.
syslog_conf() {
	mkdir -p "$work/$1" "$work/log"
	{
		echo "global(workDirectory=\"$work/$1\" maxMessageSize=\"256k\")"
		sed -e "s|/etc/rsyslog-tls|$work/tls|; s|/var/log/piaudit-fleet|$work/fleet|; s|/var/log/piaudit/|$work/log/|" \
			-e "s|target=\"[^\"]*\"|target=\"127.0.0.1\"|; s|port=\"6514\"|port=\"$port\"|" "$siem/rsyslog-$1.conf"
	} >"$work/$1.conf"
}
syslog_up() {
	PATH=$PATH:/usr/sbin rsyslogd -n -f "$work/$1.conf" -i "$work/$1.pid" >"$work/$1.out" 2>&1 &
	pids+=($!)
}
listens() { ss -Hltn "sport = $port" | grep -q .; }
fleet_has() { [ "$(cat "$work/fleet/events.jsonl" 2>/dev/null | wc -l)" -ge "$1" ]; }

test_rsyslog() {
	local port which half lines
	port=$(free_port)
	authority host1.clients.example.org >"$work/err" 2>&1 || { fail rsyslog "openssl: $(tail -n 1 "$work/err")"; return; }
	for which in client receiver; do
		syslog_conf $which
		if PATH=$PATH:/usr/sbin rsyslogd -N1 -f "$work/$which.conf" >"$work/err" 2>&1 && ! grep -qi 'error\|warning' "$work/err"; then
			ok "rsyslog-$which-syntax"
		else
			fail "rsyslog-$which-syntax" "$(grep -i 'error\|warning' "$work/err" | head -n 1)"
		fi
	done
	cat "$work/json"/* >"$work/all"
	# A line as long as the summary of a long audit.
	printf '{"schema":"piaudit.event/1","type":"summary","app":"%0100000d"}\n' 0 >>"$work/all"
	lines=$(wc -l <"$work/all") half=$((lines / 2))
	syslog_up receiver
	wait_for 20 listens || { fail rsyslog "the receiver does not listen: $(tail -n 1 "$work/receiver.out")"; return; }
	# Lines from before the client's start, then lines while it reads, then lines after a rotation.
	head -n 5 "$work/all" >"$work/log/events.jsonl"
	syslog_up client
	wait_for 20 fleet_has 5 || { fail rsyslog "nothing comes: $(cat "$work/client.out" "$work/receiver.out" | tail -n 1)"; return; }
	sed -n "6,${half}p" "$work/all" >>"$work/log/events.jsonl"
	mv "$work/log/events.jsonl" "$work/log/events.jsonl.1"
	tail -n +$((half + 1)) "$work/all" >"$work/log/events.jsonl"
	wait_for 20 fleet_has "$lines"
	if cmp -s "$work/all" "$work/fleet/events.jsonl"; then
		ok rsyslog-same-json
	else
		fail rsyslog-same-json "$(wc -l <"$work/fleet/events.jsonl") of $lines lines: $(cmp "$work/all" "$work/fleet/events.jsonl" 2>&1)"
	fi
	end_all
}

# A client with a certificate of our CA, but with a name outside the fleet.
test_rsyslog_refuses() {
	local port
	port=$(free_port)
	rm -rf "$work/tls" "$work/fleet" "$work/log" "$work/client" "$work/receiver"
	authority host1.elsewhere.example.org >"$work/err" 2>&1
	syslog_conf client
	syslog_conf receiver
	syslog_up receiver
	wait_for 20 listens
	head -n 5 "$work/all" >"$work/log/events.jsonl"
	syslog_up client
	refused() { grep -q 'not permitted\|peer name\|authentication' "$work/receiver.out" "$work/client.out"; }
	if ! wait_for 20 refused; then
		fail rsyslog-refuses-strangers 'nobody said so'
	elif [ -s "$work/fleet/events.jsonl" ]; then
		fail rsyslog-refuses-strangers 'it came in'
	else
		ok rsyslog-refuses-strangers
	fi
	end_all
}

# --- ClickHouse: the shipped table, on the installed version
ask() { clickhouse-client --port "$port" --query "$1" 2>"$work/err"; }
# Over HTTP, as exporters do, so that the server parses the data, with the settings of the user.
insert() {
	curl -sS --fail-with-body --data-binary "@$1" -o "$work/err" \
		"http://127.0.0.1:$http/?query=INSERT%20INTO%20piaudit.events%20FORMAT%20JSONEachRow" 2>>"$work/err"
}
# counts NAME QUERY WANT
counts() {
	local got
	got=$(ask "$2")
	if [ "$got" = "$3" ]; then ok "clickhouse-$1"; else fail "clickhouse-$1" "$got, not $3: $(tail -n 1 "$work/err")"; fi
}
# takes_profile PROFILE CONDITION: the same columns accept the remaining fields, and a missing uid is not stored as
# root.
takes_profile() {
	tell json "$1"
	ask 'TRUNCATE TABLE piaudit.events'
	cat "$work/$1"/* >"$work/all"
	insert "$work/all" || { fail "clickhouse-$1" "$(tail -n 1 "$work/err")"; return; }
	counts "$1" "SELECT count() > 0 AND count() = countIf($2) FROM piaudit.events WHERE type = 'access'" 1
}
test_clickhouse() {
	local port http
	port=$(free_port) http=$(free_port)
	mkdir -p "$work/clickhouse"
	sed "s|@port@|$port|; s|@http@|$http|; s|@folder@|$work/clickhouse|" tests/siem/clickhouse.xml >"$work/clickhouse/config.xml"
	cp tests/siem/clickhouse-users.xml "$work/clickhouse/users.xml"
	PATH=$PATH:/usr/sbin clickhouse-server --config-file="$work/clickhouse/config.xml" >"$work/clickhouse/out" 2>&1 &
	pids+=($!)
	wait_for 20 ask 'SELECT 1' >/dev/null || { fail clickhouse "it does not start: $(tail -n 1 "$work/clickhouse/out")"; return; }
	# Debian's ClickHouse is of 2018. It has no DateTime64, no TTL of rows, and no CREATE USER.
	cp $siem/clickhouse.sql "$work/table.sql"
	if [ "$(ask 'SELECT toUInt32(splitByChar('\''.'\'', version())[1])')" -lt 20 ]; then
		sed -i "s/DateTime64(9, 'UTC')/DateTime('UTC')/; s/^ORDER BY (.*)/&;/; /^TTL/d; /^CREATE USER/,\$d" "$work/table.sql"
	fi
	clickhouse-client --port "$port" --multiquery <"$work/table.sql" 2>"$work/err" || { fail clickhouse-table "$(tail -n 1 "$work/err")"; return; }
	ok clickhouse-table
	# Excluded recordings are those of int80, marks-nested and repeats, judged in another way: they have the same
	# ids.
	find "$work/json" -type f ! -name truncated ! -name marks-unknown ! -name repeats-cut -exec cat {} + >"$work/all"
	insert "$work/all" || { fail clickhouse-insert "$(tail -n 1 "$work/err")"; return; }
	insert "$work/all" || { fail clickhouse-insert "$(tail -n 1 "$work/err")"; return; }
	counts takes-every-line "SELECT uniqExact(id) FROM piaudit.events" "$(wc -l <"$work/all")"
	counts once-by-its-id "SELECT count() FROM piaudit.events FINAL WHERE type = 'access'" "$(grep -c '"type":"access"' "$work/all")"
	counts findings "SELECT count() FROM piaudit.findings" "$(grep -c '"finding":true,"reason"' "$work/all")"
	counts nested-keys "SELECT count() FROM piaudit.events FINAL WHERE type = 'access' AND \`process.pid\` = 0" 0
	counts times "SELECT toString(min(time)) > '2026' FROM piaudit.events" 1
	takes_profile pseudonymous 'uid > 0'
	takes_profile minimal 'isNull(uid)'
	end_all
}

tell json
python sigma "$work/json" "$PIAUDIT"
python wazuh "$work/json"
python configs "$work/json" "$PIAUDIT"
tell ecs
python opensearch "$work/ecs"
if has rsyslogd && has openssl && ls /usr/lib/*/rsyslog/lmnsd_gtls.so >/dev/null 2>&1; then
	test_rsyslog
	test_rsyslog_refuses
else
	skip rsyslog 'rsyslog, rsyslog-gnutls and openssl are not installed'
fi
if has clickhouse-server && has clickhouse-client && has curl; then
	test_clickhouse
else
	skip clickhouse 'clickhouse and curl are not installed'
fi
exit $failed
