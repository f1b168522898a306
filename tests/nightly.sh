#!/bin/bash
# nightly.sh - runs the tests that take too long for `make check`: `nightly.sh [PART...]`, all parts by default, each in
# less than 40 minutes. Needs root. It prints the lines of each part; the last line adds up their numbers.
set -u
cd "$(dirname "$0")/.." || exit 2
FUZZ_TIME=200     # seconds for each fuzzer
SOAK_TIME=1500    # seconds
EXPORT_LARGE=30000 # findings

vm() { tests/setup.sh install test vm && make -s --no-print-directory "-j$(nproc)" all live-programs && tests/vm/run.sh "$@"; }

# Every test of a guest, on one kernel.
part_vm-oldest() { VM_KERNELS=6.1 vm; }
part_vm-middle() { VM_KERNELS=6.12 vm; }
part_vm-newest() { VM_KERNELS=newest vm; }
part_vm-devices() { vm devices; }
# The service under load, for a long time.
part_soak() { SOAK_SECONDS=$SOAK_TIME VM_KERNELS=6.12 vm systemd-long; }
part_fuzz() { FUZZ_SECONDS=$FUZZ_TIME tests/check.sh fuzz; }
# Receivers that are killed, slow, full or wrong, with many findings.
part_export() { EXPORT_COUNT=$EXPORT_LARGE RUNNER_LIMIT=2300 tests/check.sh export; }
# The two commands of README on a Debian that has nothing installed.
part_bare() { tests/bare.sh; }

all=(vm-oldest vm-middle vm-newest vm-devices soak fuzz export bare)
[ $# != 0 ] || set -- "${all[@]}"
for part; do
	declare -F "part_$part" >/dev/null || { echo "nightly: unknown part \"$part\"; use ${all[*]}" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo 'nightly: needs root' >&2; exit 2; }
passed=0 failed=0 skipped=0
work=$(mktemp) || exit 2
trap 'rm -f "$work"' EXIT
for part; do
	began=$SECONDS
	"part_$part" 2>&1 </dev/null | tee "$work" | grep -vE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$'
	if [[ $(tail -n 1 "$work") =~ ^([0-9]+)' passed, '([0-9]+)' failed, '([0-9]+)' skipped'$ ]]; then
		passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2])) skipped=$((skipped + BASH_REMATCH[3]))
	else
		failed=$((failed + 1))
		echo "FAIL nightly/$part (it came to no end)"
	fi
	echo "# $part: $((SECONDS - began)) s"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
