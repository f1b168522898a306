#!/bin/bash
# memory.sh - memory by part, with few and many sources, with one and many processes; and the time to join them.
# `memory.sh PIAUDIT RATES [UNUSED [PROCESSES [SOURCES]]]`.
set -u
. "${0%/*}/lib.sh"
many=${4:-10000} sources=${5:-10000}
files 1
heading

of_status() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$auditor/status"; }
ring() { awk '/^[0-9a-f]+-/ { map = /bpf-map/ } map && /^Rss:/ { n += $2 } END { print n + 0 }' "/proc/$auditor/smaps"; }
# The memory that the kernel charges for maps and programs. A map with two descriptors counts once.
kernel() { cat "/proc/$auditor"/fdinfo/* 2>/dev/null | awk -v kind="$1_id:" '$1 == "memlock:" { n = $2 }
	$1 == kind && !seen[$2]++ { sum += n } END { print int(sum / 1024) }'; }

# start PID: starts an audit of it; adds the time until it had joined to $work/joins.
start() {
	local began
	rm -f "$work/out"
	began=$(date +%s%N)
	"$piaudit" --pid "$1" -f json --catalog "$work/catalog" -o "$work/out" &
	auditor=$!
	started+=("$auditor")
	for _ in $(seq 6000); do grep -q '"joined"' "$work/out" 2>/dev/null && break || sleep 0.002; done
	echo "$((($(date +%s%N) - began) / 1000000))" >>"$work/joins"
}

stop() {
	kill -INT "$auditor"
	wait "$auditor"
}

# measure SOURCES PROCESSES GOAL: GOAL is the limit of the auditor's private memory, in kB.
measure() {
	local what="sources $1, processes $2" crowd
	catalog "$1"
	"$rates" crowd "$2" >"$work/crowd" &
	crowd=$!
	started+=("$crowd")
	for _ in $(seq 600); do [ -s "$work/crowd" ] && break || sleep 0.1; done
	: >"$work/joins"
	for _ in 1 2 3 4; do
		start "$crowd"
		stop
	done
	start "$crowd"
	join=$(sort -n "$work/joins" | sed -n 3p)
	row 6 "$what: private" "$(of_status RssAnon)" kB "${3:+<= $3}"
	row 6 '  resident' "$(of_status VmRSS)" kB "${3:+<= 12288}"
	row 6 '  of it the ring and the table of repeats' "$(ring)" kB ''
	row 6 '  in the kernel: maps, the ring once' "$(kernel map)" kB ''
	row 6 '  in the kernel: programs' "$(kernel prog)" kB ''
	stop
	kill "$crowd"
	wait "$crowd" 2>/dev/null
	rm "$work/crowd"
}
measure 10 1 2048
one=$join
measure "$sources" 1 5120
measure 10 "$many" ''
row 10 "joining $many running processes: over joining one, median of 5" "$((join - one))" ms '<= 150'
measure "$sources" "$many" ''
