# http.sh - tests of bodies over HTTP: moods of receivers, certificates, proxies. For export.sh.
# shellcheck shell=bash disable=SC2154 # variables of stub and certificates

# bodies NAME BODY PATH MOOD...
bodies() {
	local waits='retry_least: 10ms, retry_most: 50ms'
	local name=$1 body=$2 path=$3 count=$COUNT
	shift 3
	[ "$body" != gelf ] || count=$((COUNT / 20)) # one request for each finding
	stub "$name" "$@"
	test_bring "$name" "$stub_ids" "type: http, body: $body, to: '$stub$path', batch: $((COUNT / 15)), $waits" "$count"
	[ ! -e "$work/stub-$name/wrong" ] ||
		fail "$name-form" "$(head -n 1 "$work/stub-$name/wrong" | cut -c 1-200)"
	ended "stub-$name"
}

test_http() {
	local moods=(ok 429 503 ok garbage reset slow silent ok)
	bodies elastic elastic '' "${moods[@]}" items
	bodies splunk splunk '' "${moods[@]}"
	bodies loki loki '' "${moods[@]}" 413
	bodies otlp otlp '' ok 429 503 reset slow silent
	bodies gelf gelf '' ok 429 reset silent
	bodies lines lines /lines ok 503 reset silent 413
}

# The receiver is killed several times during the transfer.
test_http_killed() {
	local name=http-killed exporter i
	stub $name ok slow
	fresh $name "$COUNT"
	settings $name "type: http, body: elastic, to: '$stub', batch: $((COUNT / 100)), rate: $((COUNT / 4))"
	bring $name $((60 + COUNT / 100)) &
	exporter=$!
	for i in 1 2 3; do
		until_true 20 all_in "$stub_ids" $((COUNT * i / 5))
		ended stub-$name KILL
		begun stub-$name python3 tests/export/stub.py "$work/stub-$name" ok slow
	done
	wait $exporter
	whole $name "$stub_ids" "$COUNT"
	echo "# $(sort "$stub_ids" | uniq -d | wc -l) of $COUNT came more than once, under the same id"
	ended stub-$name
}

# A finding that every receiver refuses does not stop the others, and is kept in to.dead.
test_poison() {
	local body
	for body in elastic loki; do
		local name=poison-$body got dead
		stub $name poison
		fresh $name 1000
		settings $name "type: http, body: $body, to: '$stub'"
		bring $name
		got=$(unique "$stub_ids")
		dead=$(grep -c 'a077-000000000063' "$work/$name/state/to.dead" 2>/dev/null)
		if [ "$got" = 999 ] && [ "$dead" = 1 ]; then
			ok $name
		else
			fail $name "$got of 999 arrived, $dead of 1 is kept: $(tail -n 1 "$work/$name/err")"
		fi
		ended stub-$name
	done
}

test_retry_after() {
	local name=retry-after first second
	stub $name later ok
	fresh $name 10
	settings $name "type: http, body: lines, to: '$stub/lines', authorization: $work/token"
	echo 'Bearer abc' >"$work/token"
	bring $name
	read -r first _ <"$work/stub-$name/log"
	read -r second _ < <(tail -n 1 "$work/stub-$name/log")
	if ! grep -q 'Bearer abc' "$work/stub-$name/log"; then
		fail $name 'without its token'
	elif awk "BEGIN { exit !($second - $first >= 2 && $second - $first < 4) }"; then
		whole $name "$stub_ids" 10
	else
		fail $name "asked for 2 s, came after that at $second, first at $first"
	fi
	ended stub-$name
}

# TLS checks the name in the certificate, so a man in the middle is refused.
test_https() {
	local name=https
	STUB_TLS=$work/server stub $name ok
	test_bring $name "$stub_ids" "type: http, body: lines, to: 'https://localhost:$stub_port/lines', ca: $work/ca.pem" 1000
	refuses https-wrong-name 'no alternative certificate subject name' \
		"type: http, to: 'https://127.0.0.1:$stub_port/lines', ca: $work/ca.pem"
	refuses https-unknown-authority 'unable to get local issuer\|self.signed' \
		"type: http, to: 'https://localhost:$stub_port/lines', ca: $work/stranger.pem"
	ended stub-$name
}

# These names can be reached only over a proxy. A proxy that the configuration does not name is not used.
test_proxy() {
	local name=proxy proxy
	stub $name ok
	mkdir "$work/forward"
	begun forward python3 tests/export/proxy.py "$work/forward" "$stub_port"
	until_true 10 test -e "$work/forward/port"
	proxy=http://127.0.0.1:$(cat "$work/forward/port")
	http_proxy=$proxy test_bring proxy-not-asked "$stub_ids" "type: http, to: '$stub/lines'" 100
	[ ! -e "$work/forward/log" ] || fail proxy-asked 'it has the proxy of the environment'
	rm "$stub_ids"
	test_bring proxy-http "$stub_ids" "type: http, to: 'http://siem.invalid/lines', proxy: '$proxy'" 100
	rm "$stub_ids"
	http_proxy=$proxy test_bring proxy-environment "$stub_ids" "type: http, to: 'http://other.invalid/lines', proxy: environment" 100
	ended forward
	ended stub-$name
	STUB_TLS=$work/other stub $name ok
	rm "$work/forward/port"
	begun forward python3 tests/export/proxy.py "$work/forward" "$stub_port"
	until_true 10 test -e "$work/forward/port"
	proxy=http://127.0.0.1:$(cat "$work/forward/port")
	test_bring proxy-https "$stub_ids" \
		"type: http, to: 'https://other.example/lines', proxy: '$proxy', ca: $work/ca.pem" 100
	if [ "$(sort -u "$work/forward/log" | tr '\n' ' ')" = \
		'CONNECT other.example:443 POST http://other.invalid/lines POST http://siem.invalid/lines ' ]; then
		ok proxy-log
	else
		fail proxy-log "$(sort -u "$work/forward/log" | tr '\n' ' ')"
	fi
	ended forward
	ended stub-$name
}
