#!/bin/bash
# peers.sh - open, read and close by a process beside piaudit, and beside each other tool that is installed and can
# watch a single process: `PEERS=1 peers.sh PIAUDIT RATES`. Each tool runs between two runs of off. Nothing is
# installed.
set -u
. "${0%/*}/lib.sh"
[ "${PEERS:-}" = 1 ] || { echo 'peers: only with PEERS=1'; exit 0; }
catalog 100
files 4096
cd "$work" || exit 2 # fatrace watches the file system of its current folder
reps=5 ms=150

# run_TOOL PID writes the tool's output to $work/out. By default one line counts as one event.
run_piaudit() { exec "$piaudit" --pid "$1" "${@:2}" -f json --catalog "$work/catalog" -o "$work/out"; }
run_piaudit_many() { run_piaudit "$1" --ring 8M; }
run_strace() { exec strace -q -e trace=openat -p "$1" -o "$work/out"; }
run_perf() { exec perf trace -e openat -p "$1" -o "$work/out"; }
run_opensnoop() { exec "$(command -v opensnoop || command -v opensnoop-bpfcc)" -p "$1" >"$work/out"; }
run_bpftrace() { exec bpftrace -e "tracepoint:syscalls:sys_enter_openat /pid == $1/ { printf(\"%s\n\", str(args->filename)); }" >"$work/out"; }
run_fatrace() { exec fatrace --current-mount --filter=O --command=rates -o "$work/out"; }
seen_piaudit() { of_output 'sum(l["count"] for l in lines)'; }
seen_piaudit_many() { seen_piaudit; }
seen_perf() { grep -c 'openat(' "$work/out"; } # perf does not always read the name
seen() { if declare -F "seen_$1" >/dev/null; then "seen_$1"; else grep -c "$work/" "$work/out"; fi; }

# why TOOL: prints why it cannot be used, or nothing.
why() {
	case $1 in
	piaudit*) ;;
	opensnoop) command -v opensnoop opensnoop-bpfcc >/dev/null || echo 'not installed' ;;
	auditd) echo 'leaves its cost to every new process until the next boot' ;;
	*) command -v "$1" >/dev/null || echo 'not installed' ;;
	esac
}

pin() { taskset -pc "$1" "$BASHPID" >/dev/null 2>&1; }

# slice: one run. $ns are the nanoseconds of open, read and close; $made is their number.
slice() {
	echo "$ms" >&"${worker[1]}"
	read -r ns made <&"${worker[0]}"
}
spent() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# beside TOOL: appends a line to $work/figures.TOOL: ns minus off, ratio to off, seen, made, CPU microseconds of the
# tool per event, kB.
beside() {
	local off before used rss tool
	slice
	off=$ns
	rm -f "$work/out"
	{ pin 1; "run_$1" "$worker_PID"; } 2>/dev/null &
	tool=$!
	started+=("$tool")
	for _ in $(seq 30); do
		sleep 0.1
		[ "$1" != "${1#piaudit}" ] && grep -q '"joined"' "$work/out" 2>/dev/null && break
	done
	before=$(spent "$tool")
	slice
	local during=$ns events=$made
	sleep 0.5
	used=$(($(spent "$tool") - before))
	rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$tool/status")
	kill -INT "$tool"
	wait "$tool"
	slice
	awk -v d="$during" -v o="$off" -v p="$ns" -v s="$(seen "$1")" -v m="$events" -v u="$used" -v h="$(getconf CLK_TCK)" -v r="$rss" \
		'BEGIN { o = (o + p) / 2; print d - o, d / o, s, m, u / h * 1e6 / m, r }' >>"$work/figures.$1"
}
# middle TOOL COLUMN: prints the median of COLUMN.
middle() { awk -v c="$2" '{ print $c }' "$work/figures.$1" | sort -g | sed -n "$(((reps + 1) / 2))p"; }

tools=()
heading
for tool in piaudit piaudit_many strace perf opensnoop bpftrace fatrace auditd; do
	reason=$(why "$tool")
	if [ -n "$reason" ]; then row P "$tool: skipped" - '' '' "$reason"; else tools+=("$tool"); fi
done
for _ in $(seq "$reps"); do
	for tool in "${tools[@]}"; do
		path=$work/one
		[ "$tool" != piaudit_many ] || path=$work/many
		coproc worker { pin 0; exec "$rates" triples "$path"; }
		slice
		beside "$tool"
		kill "$worker_PID"
		wait "$worker_PID" 2>/dev/null
	done
done
for tool in "${tools[@]}"; do
	row P "$tool: open+read+close, over off" "$(middle "$tool" 1 | cut -d. -f1)" ns '' "x $(printf %.2f "$(middle "$tool" 2)")"
	row P '  of the opens made, seen; what is missed costs less' \
		"$(awk '{ s += $3; m += $4 } END { printf "%.2f", 100 * s / m }' "$work/figures.$tool")" % '>= 100'
	row P '  of a processor, its own, an open' "$(printf %.2f "$(middle "$tool" 5)")" us ''
	row P '  resident' "$(middle "$tool" 6)" kB ''
done
