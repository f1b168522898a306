#!/bin/bash
# run.sh - the whole benchmark: `run.sh BUILD [--service] [--quick] [--json FILE] [SECONDS] [OPTION...]`. --service runs
# only the part about a service that runs for a long time. SECONDS is the duration of rows that have one (default 60).
# Other options go to the interleaved part. PEERS=1 also measures other tools. README.md explains the results.
set -u
build=$1 interleaved=yes quick= json= options=() seconds=60 size=()
shift
while [ $# -gt 0 ]; do
	case $1 in
	--service) interleaved= ;;
	--quick) quick=yes seconds=3 size=(300 1000) options+=(--quick) ;;
	--json) json=$2 && shift ;;
	--reps) options+=("$1" "$2") && shift ;;
	[0-9]*) seconds=$1 ;;
	*) options+=("$1") ;;
	esac
	shift
done
[ "$(id -u)" = 0 ] || { echo 'bench: skipped: BPF programs need root' >&2; exit 0; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export BENCH_ROWS=$work/rows
: >"$BENCH_ROWS"

echo '{}' >"$work/json"
if [ -n "$interleaved" ]; then
	"$build/bench/bench" --json "$work/json" "${options[@]}" || exit
	echo
fi
here=${0%/*}/service
for part in run load memory peers; do
	[ "$part" != peers ] || [ "${PEERS:-}" = 1 ] || continue
	"$here/$part.sh" "$build/piaudit" "$build/bench/service/rates" "$seconds" "${size[@]}" || exit
	echo
done
[ -z "$json" ] || python3 -I -S -c 'import json, sys
all = json.load(open(sys.argv[1]))
all["service"] = [json.loads(line) for line in open(sys.argv[2])]
json.dump(all, open(sys.argv[3], "w"), indent=1)' "$work/json" "$BENCH_ROWS" "$json"
