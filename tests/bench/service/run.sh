#!/bin/bash
# run.sh - the rows of a service that runs for a long time: `run.sh PIAUDIT RATES [SECONDS]`. Needs root. README.md of
# the benchmark explains each row.
set -u
. "${0%/*}/lib.sh"
catalog 100
files 4096

# flat NAME CATEGORY PATH OPTION...: two threads open the files of PATH. The worker knows how many opens it made, the
# summary how many were counted.
flat() {
	local name=$1 category=$2 path=$3 a b made
	shift 3
	"$piaudit" run -q -f json --ring 8M -o "$work/out" "$@" -- "$rates" flat "$seconds" "$path" "$path" >"$work/made"
	read -r a b <"$work/made"
	made=$((a + b))
	row 5 "matching opens of $name, two threads flat out, $seconds s" "$((made / seconds))" '/s' '>= 300000'
	row 5 '  of them lost' "$(of_output 's["lost"]')" '' '<= 0'
	row 5b '  made, less counted and lost' \
		"$((made - $(of_output "sum(r['count'] for r in s['table'] if r['category'] == '$category')") - $(of_output 's["counts"]["open"]["lost"]')))" '' '<= 0'
}
heading

# 5: repeats of one process are counted in the kernel (include/piaudit/maps.h: PIA_REPEATS places); all other opens go
# through the ring.
flat 'one file' machine_id /etc/machine-id
flat 'ever other files' machine_id "$work/many" --catalog "$work/catalog"

# 8: the output is a pipe, so that a line can be received at the moment at which it is written. The receiver has the
# highest priority: its own wait is not the auditor's. late ROW NAME GOALS WORD CMD...: the median, and the 99th of 100.
late() {
	local row=$1 name=$2 median most count goals
	read -r -a goals <<<"$3"
	"${@:5}" | chrt -f 2 "$rates" late "$4" >"$work/late"
	read -r median most count <"$work/late"
	row "$row" "access to line, $name: median" "$median" us "<= ${goals[0]}" "of $count"
	row "$row" '  99th of 100' "$most" us "<= ${goals[1]}"
}
trickle=("$piaudit" run -f json -o - -- "$rates" trickle)
first=(chrt -R -f 1) # the command does not inherit it, as with the unit's CPUSchedulingResetOnFork=
late 8 'idle' '80 1000' '' "${trickle[@]}" 5000 500
late 8 'idle, reader goes first' '80 1000' '' "${first[@]}" "${trickle[@]}" 5000 500
hogs=()
for _ in $(seq "$(nproc)"); do
	while :; do :; done &
	hogs+=($!)
done
started+=("${hogs[@]}")
late 8 'a hog on each CPU' '2000 2000' '' "${trickle[@]}" 1000 500
late 8 'a hog on each CPU, reader goes first' '2000 2000' '' "${first[@]}" "${trickle[@]}" 1000 500
kill "${hogs[@]}"
wait "${hogs[@]}" 2>/dev/null
full=("$piaudit" run -f json --ring 8M --catalog "$work/catalog" -o - -- sh -c
	'"$1" flat "$2" "$3" "$3" >/dev/null & "$1" trickle "$4" 500 "$5"; wait' sh "$rates" $((seconds / 2)) "$work/many" $((seconds * 100)) "$work/one")
late 8b 'two threads open flat out' '1000 1000' bench_one "${full[@]}"
late 8b 'the same, reader goes first' '1000 1000' bench_one "${first[@]}" "${full[@]}"

# 11: piaudit's only uprobes are at the no-ops of piaudit/scenario.h. A run counts only if all its records were
# delivered.
for _ in $(seq 9); do
	off=$("${rates%/*}/marks" 20000)
	on=$("$piaudit" run -q -f json -o "$work/out" -- "${rates%/*}/marks" 20000)
	[ "$(of_output 's["counts"]["scenario"]["delivered"]')" = 20000 ] && awk -v a="$on" -v b="$off" 'BEGIN { print a - b }'
done | sort -n >"$work/marks"
row 11 'a scenario mark, over one that nobody sees: median of 9' "$(sed -n '5 { s/\..*//; p }' "$work/marks")" ns '<= 1200'

# 7b, 13: ten apps that are never started.
{
	printf '%s\n' "log: $work/events.jsonl" "history: $work/history.db" "control: $work/control.sock" 'apps:'
	for i in $(seq 10); do printf '  - {id: app%s, statement: welink.yaml, exe: %s/none%s}\n' "$i" "$work" "$i"; done
} >"$work/piaudit.yaml"
chmod 600 "$work/piaudit.yaml"
"$piaudit" daemon --config "$work/piaudit.yaml" &
daemon=$!
started+=("$daemon")
for _ in $(seq 100); do "$piaudit" status --control "$work/control.sock" >/dev/null 2>&1 && break || sleep 0.1; done
for _ in $(seq 9); do
	a=$(date +%s%N)
	"$piaudit" reload --control "$work/control.sock" >/dev/null
	b=$(date +%s%N)
	"$piaudit" status --control "$work/control.sock" >/dev/null
	c=$(date +%s%N)
	echo "$(((b - a - (c - b)) / 1000))"
done | sort -n >"$work/reload"
row 7b 'reload of ten apps, less a question that does little: median' "$(sed -n 5p "$work/reload")" us '<= 20000'
sleep 3
spent() { awk '{print $14 + $15}' "/proc/$daemon/stat"; }
waits() { awk '/^voluntary/ {print $2}' "/proc/$daemon/status"; }
a=$(spent) w=$(waits)
sleep "$seconds"
row 13 "of a processor, idle, $seconds s" "$(awk -v t="$(($(spent) - a))" -v s="$seconds" -v h="$(getconf CLK_TCK)" 'BEGIN {printf "%.3f", 100 * t / h / s}')" '%' '<= 0.05'
row 13 'wake-ups' "$(awk -v n="$(($(waits) - w))" -v s="$seconds" 'BEGIN {printf "%.2f", n / s}')" '/s' '<= 2'
row 6 'anonymous memory of the daemon, ten apps' "$(awk '/RssAnon/ {print $2}' "/proc/$daemon/status")" kB '<= 2048'
row 6 'resident' "$(awk '/VmRSS/ {print $2}' "/proc/$daemon/status")" kB '<= 12288'
