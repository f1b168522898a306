#!/bin/bash
# export.sh - tests piaudit-export with real receivers that are killed, slow, full or wrong, and with killed exporters.
# Prints a line per test. PIAUDIT_BUILD names another build folder, EXPORT_COUNT the number of findings (5000),
# EXPORT_ONLY a pattern for test names.
set -u
cd "$(dirname "$0")/.." || exit 2
. tests/export/lib.sh
. tests/export/receivers.sh
. tests/export/http.sh
KAFKA_RATE=1250 # slow, so that brokers fail several times; the consumer reads meanwhile, since they drop old messages

test_files() {
	local encoder
	for encoder in json ecs cef; do
		test_bring "file-$encoder" "$work/file-$encoder/to.log" \
			"type: file, to: $work/file-$encoder/to.log, encoder: $encoder, file_bytes: 1G" 1000
	done
	fresh file-rotates 1000
	settings file-rotates "type: file, to: $work/file-rotates/to.log, file_bytes: 64K, files: 100, batch: 50"
	bring file-rotates
	cat "$work"/file-rotates/to.log.* >"$work/file-rotates/all"
	[ "$(unique "$work/file-rotates/all")" -lt 1000 ] || fail file-rotates-and-goes-on 'none is in the newest'
	cat "$work/file-rotates/to.log" >>"$work/file-rotates/all"
	whole file-rotates "$work/file-rotates/all" 1000
}

# A full file system, until it is enlarged.
test_full_disk() {
	local name=full-disk
	fresh $name 3000
	mkdir "$work/$name/small"
	settings $name "type: file, to: $work/$name/small/to.log, batch: 100"
	if ! unshare -m true 2>/dev/null; then
		skip $name 'no mount namespace can be had'
		return
	fi
	unshare -m bash -c "mount -t tmpfs -o size=512k none $work/$name/small
		(sleep 1; cp $work/$name/small/to.log $work/$name/before; mount -o remount,size=16m $work/$name/small) &
		timeout 30 $EXPORT -c $work/$name/export.yaml --once; wait; cp $work/$name/small/to.log $work/$name/to.log" \
		>"$work/$name/err" 2>&1
	if ! grep -q 'No space left' "$work/$name/err"; then
		fail $name 'it was not full'
	elif [ -n "$(tail -c 1 "$work/$name/before")" ]; then
		fail $name 'half a line was left'
	else
		whole $name "$work/$name/to.log" 3000
	fi
}

test_syslog() {
	has rsyslogd || { skip rsyslog 'rsyslogd is not installed'; return; }
	rsyslog rsyslog server || { fail rsyslog "it does not start: $(tail -n 1 "$work/rsyslog.out")"; return; }
	local log=$work/rsyslog.log tls_keys="ca: $work/ca.pem, certificate: $work/client.pem, key: $work/client.key"
	test_bring rsyslog-udp "$log" "type: syslog, to: 'udp://127.0.0.1:$udp'" 1000
	rm -f "$log"; ended rsyslog; rsyslog_start rsyslog
	test_bring rsyslog-tcp "$log" "type: syslog, to: 'tcp://127.0.0.1:$tcp'"
	rm -f "$log"; ended rsyslog; rsyslog_start rsyslog
	test_bring rsyslog-tcp-cef "$log" "type: syslog, encoder: cef, to: 'tcp://127.0.0.1:$tcp'" 1000
	rm -f "$log"; ended rsyslog; rsyslog_start rsyslog
	test_bring rsyslog-tls "$log" "type: syslog, to: 'tls://localhost:$tls', $tls_keys"
	refuses tls-wrong-name "mismatch" "type: syslog, to: 'tls://127.0.0.1:$tls', $tls_keys"
	refuses tls-unknown-authority "self.signed\|unable to get local issuer" \
		"type: syslog, to: 'tls://localhost:$tls', ${tls_keys/ca.pem/stranger.pem}"
	refuses tls-without-our-certificate "TLS" "type: syslog, to: 'tls://localhost:$tls', ca: $work/ca.pem"
	killed_receiver
	ended rsyslog
	rsyslog rsyslog-expired expired
	refuses tls-expired "expired" "type: syslog, to: 'tls://localhost:$tls', $tls_keys"
	ended rsyslog-expired
	rsyslog rsyslog-other other
	refuses tls-another-name "mismatch" "type: syslog, to: 'tls://localhost:$tls', $tls_keys"
	ended rsyslog-other
}

# During the transfer, the receiver is killed and restarted, then stopped and continued.
killed_receiver() {
	local name=receiver-killed log=$work/rsyslog.log
	rm -f "$log"; ended rsyslog; rsyslog_start rsyslog
	fresh $name "$COUNT"
	settings $name "type: syslog, to: 'tls://localhost:$tls', timeout: 2s, batch: $((COUNT / 50)), ca: $work/ca.pem,
    certificate: $work/client.pem, key: $work/client.key, rate: $((COUNT / 4))"
	bring $name $((90 + COUNT / 100)) &
	local exporter=$!
	for _ in 1 2 3; do
		sleep 0.6
		ended rsyslog KILL
		sleep 0.3
		rsyslog_start rsyslog
	done
	kill -STOP "${receivers[rsyslog]}"
	sleep 3
	kill -CONT "${receivers[rsyslog]}"
	wait $exporter
	whole $name "$log" "$COUNT"
}

test_syslog_ng() {
	if [ -z "${SYSLOG_NG:-}" ] && ! syslog_ng_unpack "$work/syslog-ng"; then
		skip syslog-ng 'its package cannot be had, or does not run here'
		return
	fi
	syslog_ng syslog-ng || { fail syslog-ng "it does not start: $(tail -n 1 "$work/syslog-ng.out")"; return; }
	test_bring syslog-ng-tcp "$work/syslog-ng.log" "type: syslog, to: 'tcp://127.0.0.1:$tcp'"
	rm -f "$work/syslog-ng.log"; ended syslog-ng; syslog_ng syslog-ng
	test_bring syslog-ng-tls "$work/syslog-ng.log" "type: syslog, to: 'tls://localhost:$tls', ca: $work/ca.pem,
    certificate: $work/client.pem, key: $work/client.key"
	ended syslog-ng
}

test_clickhouse() {
	local name=clickhouse got
	has clickhouse-server || { skip $name 'clickhouse-server is not installed'; return; }
	clickhouse server-ch || { fail $name "it does not start: $(tail -n 1 "$work/server-ch.out")"; return; }
	ask_clickhouse 'CREATE TABLE piaudit (id String, seq UInt64, time String, host String, type String, severity String,
		verdict String, category String, object String, scenario Array(String), finding UInt8) ENGINE = ReplacingMergeTree() ORDER BY id'
	fresh $name "$COUNT"
	settings $name "type: http, body: clickhouse, to: 'http://127.0.0.1:$http', into: piaudit"
	bring $name
	got=$(ask_clickhouse "SELECT uniqExact(id) FROM piaudit WHERE finding AND host = 'desk' AND has(scenario, 'note_taking')")
	if [ "$got" = "$(ask_clickhouse 'SELECT count() FROM piaudit FINAL')" ] &&
		[ "$(ask_clickhouse 'SELECT uniqExact(id) FROM piaudit')" = "$COUNT" ]; then
		ok $name
	else
		fail $name "$got of $COUNT arrived: $(tail -n 1 "$work/$name/err" | cut -c 1-200)"
	fi
	ended server-ch
}

test_kafka() {
	local name=kafka brokers
	has kcat || { skip $name 'kcat is not installed'; return; }
	begun mock "$B/export/kafka_mock"
	until_true 10 grep -q '^127' "$work/mock.out"
	brokers=$(grep -m 1 '^127' "$work/mock.out")
	fresh $name "$COUNT"
	settings $name "type: kafka, to: '$brokers', into: piaudit, batch: 200, rate: $KAFKA_RATE"
	# The consumer starts first, since the brokers forget old messages.
	begun kcat kcat -C -q -u -b "$brokers" -t piaudit -o beginning -X topic.metadata.refresh.interval.ms=500 \
		-X auto.offset.reset=earliest -X reconnect.backoff.max.ms=200 -X fetch.error.backoff.ms=50 -f '%k %h %s\n'
	timeout $((60 + COUNT / 100)) "$EXPORT-kafka" -c "$work/$name/export.yaml" --once >"$work/$name/err" 2>&1 ||
		fail $name-ends "exit $?"
	whole $name "$work/kcat.out" "$COUNT"
	ended kcat
	ended mock
	if grep -q "^$(hostname) event_id=01a208d6-53b4-791e-a077-00000000000a .*\"event\":10," "$work/kcat.out"; then
		ok kafka-key-and-header
	else
		fail kafka-key-and-header "$(head -n 1 "$work/kcat.out" | cut -c 1-200)"
	fi
}

# After a kill, the exporter continues at its cursor; findings that it sends twice have the same id.
test_exporter_killed() {
	local name=exporter-killed i
	stub $name ok slow 503 ok silent
	fresh $name "$COUNT"
	settings $name "type: http, body: elastic, to: '$stub', batch: $((COUNT / 100)), rate: $COUNT"
	for i in 1 2 3 4 5 6; do
		"$EXPORT" -c "$work/$name/export.yaml" 2>>"$work/$name/killed" &
		sleep "0.$((RANDOM % 6 + 1))"
		kill -9 $!
		wait $! 2>/dev/null
	done
	[ "$(unique "$stub_ids")" -lt "$COUNT" ] || echo "# all had arrived before the last was killed"
	bring $name $((120 + COUNT / 100))
	whole $name "$stub_ids" "$COUNT"
	ended stub-$name
}

# reloaded NAME TEXT: sends SIGHUP and waits until the exporter's log contains TEXT.
reloaded() {
	kill -HUP "${receivers[reloading]}"
	until_true 10 grep -q "$2" "$work/$1/err"
}

# First a wrong configuration; then a destination that is new, one that changes, and one that is removed and added
# again.
test_reload() {
	local name=reload first new
	stub reload-first ok
	first=$stub_ids
	fresh $name "$COUNT"
	settings $name "type: http, to: '$stub/lines', batch: 20, rate: $((COUNT / 10))"
	printf '  - {name: file, type: file, to: %s, file_bytes: 1G}\n' "$work/$name/dropped.log" >>"$work/$name/export.yaml"
	begun reloading bash -c "exec $EXPORT -v -c $work/$name/export.yaml 2>$work/$name/err"
	until_true 10 all_in "$first" $((COUNT / 20)) && until_true 10 all_in "$work/$name/dropped.log" "$COUNT" ||
		fail $name 'none arrived'
	cp "$work/$name/export.yaml" "$work/$name/good.yaml"
	sed -i 's/type: http/type: pigeon/' "$work/$name/export.yaml"
	new=$(unique "$first")
	if reloaded $name 'export.yaml:4:.*pigeon' && until_true 10 grep -q 'previous configuration stays active' "$work/$name/err" &&
		until_true 10 all_in "$first" $((new + COUNT / 50)); then
		ok reload-wrong
	else
		fail reload-wrong "$(tail -n 1 "$work/$name/err")"
	fi
	stub reload-second ok
	settings $name "type: http, to: '$stub/lines'"
	printf '  - {name: new, type: file, to: %s, file_bytes: 1G}\n' "$work/$name/new.log" >>"$work/$name/export.yaml"
	reloaded $name 'reloaded' || fail $name "$(tail -n 1 "$work/$name/err")"
	"$B/export/fill" "$work/$name/spool" $((COUNT + 1)) 100
	until_true 20 all_in "$work/$name/new.log" $((COUNT + 100)) || fail reload-new "$(unique "$work/$name/new.log") arrived"
	cat "$first" >"$work/$name/both"
	until_true 20 all_in "$stub_ids" $((COUNT + 100 - $(unique "$first")))
	cat "$stub_ids" >>"$work/$name/both"
	whole reload-changed "$work/$name/both" $((COUNT + 100))
	[ "$(unique "$stub_ids")" -lt "$COUNT" ] || fail reload-cursor 'it began anew'
	[ "$(unique "$work/$name/dropped.log")" = "$COUNT" ] || fail reload-dropped 'it is brought there still'
	printf '  - {name: file, type: file, to: %s}\n' "$work/$name/again.log" >>"$work/$name/export.yaml"
	kill -HUP "${receivers[reloading]}"
	until_true 20 all_in "$work/$name/again.log" 100
	ended reloading
	whole reload-again "$work/$name/again.log" 100
	ended stub-reload-first
	ended stub-reload-second
}

# A spool that is too large loses its oldest lines, sent or not. The destination receives the number of dropped lines.
test_hole() {
	local name=hole got told
	fresh $name 100
	settings $name "type: file, to: $work/$name/to.log, file_bytes: 1G"
	bring $name
	"$B/export/fill" "$work/$name/spool" 101 5000 1048576
	bring $name
	got=$(unique "$work/$name/to.log")
	told=$(sed -n 's/.*"state":"degraded","text":"spool: \([0-9]*\) lines before line [0-9]* were deleted.*/\1/p' "$work/$name/to.log")
	if [ -n "$told" ] && [ $((got + told)) = 5100 ] && [ "$told" -gt 1000 ]; then
		ok $name
	else
		fail $name "$got arrived, ${told:-none} told as dropped, of 5100"
	fi
}

# Of three destinations, one is unreachable. The others finish, in bounded memory, including findings that the daemon
# writes meanwhile. The daemon does not wait for the exporter.
test_memory() {
	local name=memory peak begun_at
	stub $name ok
	local good=$stub good_ids=$stub_ids
	fresh $name "$COUNT"
	settings $name "type: http, body: elastic, to: '$good'"
	cat >>"$work/$name/export.yaml" <<-END
		  - {name: file, type: file, to: $work/$name/to.log, file_bytes: 1G, encoder: ocsf}
		  - {name: gone, type: syslog, to: 'tcp://127.0.0.1:$(free_port)', retry_least: 100ms, retry_most: 1s}
	END
	begun exporter "$EXPORT" -c "$work/$name/export.yaml"
	sleep 0.5
	begun_at=$(date +%s%N)
	"$B/export/fill" "$work/$name/spool" $((COUNT + 1)) 1000
	[ $((($(date +%s%N) - begun_at) / 1000000)) -lt 2000 ] || fail memory-daemon-waits 'a thousand findings took 2 s'
	until_true $((120 + COUNT / 200)) all_in "$good_ids" $((COUNT + 1000)) && until_true $((60 + COUNT / 200)) all_in "$work/$name/to.log" $((COUNT + 1000))
	peak=$(awk '/^VmHWM/ { print $2 }' "/proc/${receivers[exporter]}/status")
	ended exporter
	echo "# VmHWM of piaudit-export with three destinations and $((COUNT + 1000)) findings: $peak kB"
	: >"$work/$name/err"
	whole $name-first "$good_ids" $((COUNT + 1000))
	mkdir -p "$work/$name-second"
	: >"$work/$name-second/err"
	whole $name-second "$work/$name/to.log" $((COUNT + 1000))
	if [ "${peak:-999999}" -lt 65536 ]; then
		ok $name-bounded
	else
		fail $name-bounded "$peak kB at most"
	fi
	ended stub-$name
}

# From a read to a destination: every access that the daemon records is delivered; without names if the profile says so.
test_daemon() {
	local name=daemon here=$work/daemon i told
	[ "$(id -u)" = 0 ] || { skip $name 'not root: BPF programs cannot be loaded'; return; }
	mkdir -p "$here/policies"
	cp "$(command -v cat)" "$here/reader"
	cat >"$here/piaudit.yaml" <<-END
		log: none
		history: none
		control: $here/control.sock
		spool: $here/spool
		spool_declared: true
		policies: $here/policies
		apps:
		  - {id: reader, statement: welink.yaml, exe: $here/reader}
	END
	settings $name "type: file, to: $here/to.log, profile: minimal"
	PIAUDIT_DATADIR=$PWD/policy begun audit "$B/piaudit" daemon --config "$here/piaudit.yaml"
	until_true 20 grep -rq '"state":"started"' "$here/spool"
	for i in 1 2 3; do "$here/reader" /etc/machine-id >/dev/null; done
	until_true 10 grep -rq '"type":"access"' "$here/spool"
	ended audit
	bring $name
	told=$(grep -c '"category":"machine_id".*"kind":"file"' "$here/to.log" 2>/dev/null)
	if [ "${told:-0}" -lt 1 ]; then
		fail $name "none arrived: $(tail -n 1 "$work/audit.out") $(tail -n 1 "$here/err")"
	elif grep -q "$here/reader\|/etc/machine-id\|$(cat /proc/sys/kernel/random/boot_id)" "$here/to.log"; then
		fail $name 'the minimal profile tells names, or what others know the machine by'
	elif [ "$(grep -c '"id":"' "$here/to.log")" -ge "$(cat "$here"/spool/*.jsonl | grep -c '"id":"')" ]; then
		ok $name
	else
		fail $name 'less than the daemon wrote'
	fi
}

# An error in a configuration is reported with its place, and no destination is started.
test_settings() {
	local name=settings line want
	fresh $name 1
	while IFS='|' read -r line want; do
		settings $name "$line"
		"$EXPORT" -c "$work/$name/export.yaml" --check 2>"$work/$name/err"
		if [ $? = 6 ] && grep -qF "$want" "$work/$name/err"; then
			ok "settings: $want"
		else
			fail "settings: $want" "$(head -n 1 "$work/$name/err" | cut -c 1-200)"
		fi
	done <<-END
		type: syslog, to: 'tcp:/x'|invalid address "tcp:/x" for type syslog: use udp://HOST:PORT
		type: pigeon, to: x|unknown type "pigeon"; use one of file, syslog, http, kafka
		type: http, to: 'https://x', body: elastick|did you mean "elastic"?
		type: http, to: 'https://x', encoder: escs|unknown encoder "escs"; did you mean "ecs"?
		type: kafka, to: 'x:1'|key "into" is missing in a destination of type kafka
		type: file, to: /x, certificate: /y|key "key" is missing, but "certificate" is there
		type: file, to: /x, profile: none|unknown profile "none"; use one of full, pseudonymous, minimal
		type: http, to: 'https://x', proxy: 'proxy:3128'|invalid proxy "proxy:3128": use http://HOST:PORT
	END
	settings $name 'type: kafka, to: "x:1", into: x'
	if "$EXPORT" -c "$work/$name/export.yaml" 2>&1 | grep -q '^piaudit-export: .*: destination for piaudit-export is missing'; then
		ok 'settings: who says so'
	else
		fail 'settings: who says so' 'not piaudit-export'
	fi
}

certificates
for test in settings daemon files full_disk hole poison retry_after http http_killed https proxy reload syslog syslog_ng clickhouse kafka exporter_killed memory; do
	[[ $test == ${EXPORT_ONLY:-*} ]] && "test_$test"
done
exit $failed
