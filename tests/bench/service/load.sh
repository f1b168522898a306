#!/bin/bash
# load.sh - an extreme load: 10,000 sources, 1,000 audited processes and two threads that open watched files without
# pause. One thread opens the same file again, the other always another one, in a scenario that declares neither. In the
# middle, the reader is stopped for two seconds. `load.sh PIAUDIT RATES [SECONDS [PROCESSES [SOURCES]]]`.
set -u
. "${0%/*}/lib.sh"
processes=${4:-1000} sources=${5:-10000}
catalog "$sources"
files 4096
heading

"$piaudit" run -f json --ring 8M --scenario account_login --catalog "$work/catalog" -o "$work/out" -- \
	"$rates" flat "$seconds" "$work/one" "$work/many" "$processes" >"$work/made" &
auditor=$!
started+=("$auditor")
for _ in $(seq 200); do grep -q '"started"' "$work/out" 2>/dev/null && break || sleep 0.1; done
sleep "$((seconds / 2))"
kill -STOP "$auditor"
sleep 2
kill -CONT "$auditor"
wait "$auditor"
code=$?
read -r one many <"$work/made"
counted_one=$(of_output 'sum(l["count"] for l in lines if l["source"] == "bench_one")')
counted_many=$(of_output 'sum(l["count"] for l in lines if l["source"] == "bench_many")')

row L "opens, two threads, $seconds s, $processes processes, $sources sources" "$(((one + many) / seconds))" /s ''
row L '  records lost beside a reader that stood still for 2 s' "$(of_output 's["lost"]')" '' ''
row L '  classes in which made is not delivered and lost' \
	"$(of_output 'sum(c["made"] != c["delivered"] + c["lost"] for c in s["counts"].values())')" '' '<= 0'
row L '  lost, less what was told of losses as they were met' \
	"$(of_output 's["lost"] - sum(n for l in losses for n in l["lost"].values())')" '' '<= 0'
row L '  opens that are neither counted nor lost' \
	"$((one + many - counted_one - counted_many - $(of_output 's["counts"]["open"]["lost"]')))" '' '<= 0'
row L '  counted that nobody made' \
	"$(((counted_one > one ? counted_one - one : 0) + (counted_many > many ? counted_many - many : 0)))" '' '<= 0'
row L '  opens of one file that were not counted' "$((one - counted_one))" '' '' "of $one"
row L '  violations that are there, of 2' "$(of_output 'len({l["source"] for l in lines if l["finding"]})')" '' '>= 2'
row L '  exit code: 10 findings, 11 not all was seen' "$code" '' '>= 10'
