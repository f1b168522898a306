# test_metrics.sh - the file with the daemon's health, as a node exporter reads it. Paths and programs: test_daemon.sh.

metric() { awk -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }' "$tmp/d/piaudit.prom"; }
metric_is() { [ "$(metric "$1" 2>/dev/null)" = "$2" ]; }

test_daemon_metrics() {
	need promtool
	local started
	daemon_program app
	daemon_conf "metrics: $tmp/d/piaudit.prom" 'apps:' "$(daemon_app kat)" "    exe: $tmp/app/kat" '    scenario: instant_messaging'
	daemon_up
	wait_for 'the metrics' test -s "$tmp/d/piaudit.prom"
	[ "$(stat -c %a "$tmp/d/piaudit.prom")" = 644 ] || fail 'the collector cannot read it'
	promtool check metrics <"$tmp/d/piaudit.prom" >"$tmp/why" 2>&1 || fail "promtool: $(head -n 1 "$tmp/why")"
	[ ! -s "$tmp/why" ] || fail "promtool: $(head -n 1 "$tmp/why")"
	started=$(metric piaudit_start_time_seconds)
	[ $((${started%.*} - $(date +%s))) -gt -60 ] && [ "${started%.*}" -le "$(date +%s)" ] || fail "started $started"
	metric_is 'piaudit_probe_attached{probe="file-open",required="true"}' 1 || fail 'file-open is not attached'
	[ "$(metric piaudit_resident_memory_bytes)" -gt 1000000 ] || fail 'it takes no memory'
	metric_is 'piaudit_findings_total{app="kat",verdict="out_of_scenario"}' 0 || fail 'a finding before any'

	# A finding and a refused reload change the file immediately, not after a minute.
	"$tmp/app/kat" /var/log/wtmp >"$tmp/out"
	wait_for 'the finding' metric_is 'piaudit_findings_total{app="kat",verdict="out_of_scenario"}' 1
	[ "$(metric 'piaudit_events_total{class="open"}')" -gt 0 ] || fail 'no event was made'
	metric_is piaudit_config_last_reload_successful 1 || fail 'the first configuration failed'
	cp "$tmp/d/piaudit.yaml" "$tmp/good.yaml"
	echo 'nonsense: 1' >>"$tmp/d/piaudit.yaml"
	! daemon_ask reload 2>"$tmp/why" || fail 'nonsense was taken'
	wait_for 'the refusal' metric_is piaudit_config_last_reload_successful 0
	metric_is 'piaudit_config_reloads_total{result="failure"}' 1 || fail 'the refusal was not counted'
	sed "s/^metrics: .*/metrics: ${tmp//\//\\/}\/d\/other.prom/" "$tmp/good.yaml" >"$tmp/d/piaudit.yaml"
	daemon_ask reload >"$tmp/why" || fail "reload: exit $?"
	wait_for 'the other file' test -s "$tmp/d/other.prom"
	[ ! -e "$tmp/d/piaudit.prom" ] || fail 'nobody keeps the old one up to date'
	mv "$tmp/d/other.prom" "$tmp/d/piaudit.prom"
	metric_is 'piaudit_config_reloads_total{result="success"}' 1 || fail 'the reload was not counted'
	metric_is 'piaudit_findings_total{app="kat",verdict="out_of_scenario"}' 1 || fail 'the reload forgot a finding'
	mv "$tmp/d/piaudit.prom" "$tmp/d/other.prom"
	daemon_stop
	[ "$code" = 0 ] || fail "exit $code: $(tail -n 1 "$tmp/stderr")"
	[ ! -e "$tmp/d/other.prom" ] || fail 'it tells of a daemon that is gone'
}
