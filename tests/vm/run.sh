#!/bin/bash
# run.sh - runs the live tests on other kernels, each in a virtual machine: `run.sh [PROFILE...]`, a few guests at a
# time. Prints a table, test x kernel, and the numbers at the end; exits with 1 if a test failed.
#
# A profile defines the machine and its tests: see below, machines.sh and inside.sh. Without arguments it runs the tests
# of the host; devices: those of emulated devices; all: both; check: all, with one kernel for profiles that hardly
# differ. Only on request: systemd-long, the service for SOAK_SECONDS (3600). PIAUDIT_BUILD names another build folder,
# VM_KERNELS a selection of the kernels ("6.1"), VM_TEST a pattern for the names of tests, VM_TIMES a file for the
# duration of each test. VM_KEEP=1 keeps the guests' folders.
set -u
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/../..")
build=${PIAUDIT_BUILD:-$root/build}
GUEST_MAX=${GUEST_MAX:-3000} # time limit of a guest, in seconds
GUEST_MIB=1600               # of the host's memory for each guest
SHARES=3                     # guests that share the live tests
[ -z "${VM_TEST:-}" ] || SHARES=1
TOOLS=(qemu-system-x86_64 busybox cpio xz zstd lz4 depmod python3)
PATH=$PATH:/usr/sbin:/sbin

# The profiles, and their arguments for the kernel's command line.
declare -A words=(
	[live]=''
	[overlay]=''
	[no-bpf-lsm]='lsm=landlock,lockdown,yama,apparmor'
	[lockdown]='lockdown=confidentiality'
	[no-ftrace]=''
	[capabilities]=''
	[floor]=''
	[systemd]=''
	[systemd-long]=''
	[devices]=''
	[tpm]=''
)
# `check` runs these profiles on one kernel, which represents all.
declare -A only=([overlay]=6.12 [no-bpf-lsm]=6.1 [no-ftrace]=6.1 [lockdown]=6.12 [capabilities]=6.1 [floor]=6.12 [tpm]=6.12
	[devices]=6.12 [systemd]=6.12)
live=(live systemd overlay no-bpf-lsm no-ftrace lockdown capabilities floor)
devices=(devices tpm)
check=no
[ "$*" != check ] || check=yes
case $* in
all | check) profiles=("${devices[@]}" "${live[@]}") ;; # long profiles first
'') profiles=("${live[@]}") ;;
devices) profiles=("${devices[@]}") ;;
*) profiles=("$@") ;;
esac
. "$here/machines.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-vm.XXXXXX") || exit 2
end() {
	local pids
	pids=$(jobs -pr)
	[ -z "$pids" ] || kill $pids 2>/dev/null # each guest ends its helpers: see guest
	wait
	[ -n "${VM_KEEP:-}" ] || rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

for profile in "${profiles[@]}"; do
	[ -v "words[$profile]" ] || { echo "vm: $profile: unknown profile (${!words[*]})" >&2; exit 2; }
done
# The longest profile is divided into several guests, which start first.
if [[ " ${profiles[*]} " == *' live '* ]]; then
	for ((i = SHARES - 1; i >= 0; i--)); do
		profiles=("live@$i/$SHARES" "${profiles[@]}")
	done
	for i in "${!profiles[@]}"; do
		[ "${profiles[i]}" != live ] || unset "profiles[i]"
	done
fi
[ -x "$build/piaudit" ] && [ -d "$build/live" ] || { echo "vm: no $build/piaudit: run make first" >&2; exit 2; }

# --- kernels: if a kernel is not available, each of its profiles is a skip
declare -A kernel=()
names=()
missing=''
for tool in "${TOOLS[@]}"; do
	command -v "$tool" >/dev/null || missing=$tool
done
while read -r name pattern suite; do
	[[ $name == '#'* || -z $name ]] && continue
	[[ -z ${VM_KERNELS:-} || " $VM_KERNELS " == *" $name "* ]] || continue
	names+=("$name")
	mkdir -p "$work/results/$name"
	if [ -n "$missing" ]; then
		kernel[$name]='' reason="$missing is not installed"
	else
		kernel[$name]=$("$here/kernel.sh" "$pattern" ${suite:+"$suite"})
		[ $? = 0 ] || { reason=${kernel[$name]}; kernel[$name]=; }
	fi
	[ -n "${kernel[$name]}" ] && continue
	for profile in "${profiles[@]}"; do
		label=${profile//\//-}
		echo "skip $label/guest ($reason)" >"$work/results/$name/$label"
	done
done <"$here/kernels"

# --- files for the guests: copied, since a build may run meanwhile
mkdir -p "$work/tree/build" "$work/tree/tests"
cp -rp "$build/live" "$build"/piaudit{,-export,-export-kafka} "$build"/{.deps,exporters.mk} "$work/tree/build" 2>/dev/null
[ -x "$work/tree/build/piaudit" ] && cp -r "$root/policy" "$work/tree" &&
	cp -r "$root"/tests/{live,vm,golden,export} "$work/tree/tests" || exit 2

# guest NAME PROFILE[@SHARE]: writes its lines into results, and one more line if the guest did not end normally.
guest() {
	local name=$1 part=$2 profile=${2%@*} label=${2//\//-} code=0 start=$SECONDS
	local folder=$work/guests/$name-$label results=$work/results/$name/$label prefix= part_of_check= extra=() helpers=()
	if [ "$check" = yes ]; then
		case $name in
		"$first") part_of_check=oldest ;;
		"$last") part_of_check=newest ;;
		*) part_of_check=between ;;
		esac
	fi
	mkdir -p "$folder"
	cp -r "$work/tree" "$folder/tree"
	! declare -F "machine_$profile" >/dev/null || "machine_$profile" "$folder" >"$folder/said" 2>&1 || code=$?
	case $code in
	0) ;;
	77) echo "skip $label/guest ($(tail -n 1 "$folder/said"))" >"$results"; return ;;
	*) echo "FAIL $label/guest (no such machine: $(tail -n 1 "$folder/said"))" >"$results"; return ;;
	esac
	"$here/guest.sh" -t "$GUEST_MAX" -a "${words[$profile]}" "${extra[@]}" "${kernel[$name]}" "$folder" -- \
		env "SOAK_SECONDS=${SOAK_SECONDS:-}" "CHECK=$part_of_check" "LIVE_TEST=${VM_TEST:-}" tree/tests/vm/inside.sh "$part" >"$folder/lines" 2>"$folder/said" &
	helpers+=($!)
	trap 'kill "${helpers[@]}" 2>/dev/null; exit 130' TERM
	wait $!
	code=$?
	kill "${helpers[@]}" 2>/dev/null
	[ "$profile" = live ] || prefix=$profile/
	sed -nE "s#^(ok|FAIL|skip|same) #\1 $prefix#p" "$folder/lines" >"$results"
	[ -z "${VM_TIMES:-}" ] || sed -n "s#^took #$name/$prefix#p" "$folder/lines" >>"$VM_TIMES"
	case $code in
	0 | 1) [ -s "$results" ] || echo "FAIL $label/guest (it ran no test: $(tail -n 1 "$folder/lines"))" >"$results" ;;
	*) echo "FAIL $label/guest ($(tail -n 1 "$folder/said"))" >>"$results" ;;
	esac
	[ $code = 0 ] || [ $code = 1 ] || tail -n 25 "$folder/said" | sed "s/^/    /" >&2
	times >"$folder/spent"
	echo "guest $name $part: $(grep -c '^ok' "$results") passed, $(grep -c '^FAIL' "$results") failed," \
		"$(grep -c '^skip' "$results") skipped, $((SECONDS - start)) s," \
		"$(sed -n '2s/ .*//p' "$folder/spent") of a processor"
	sed -n 's/^# /    /p' "$folder/lines" # measurements
}

first= last= # of the kernels that are here
for name in "${names[@]}"; do
	[ -n "${kernel[$name]}" ] || continue
	[ -n "$first" ] || first=$name
	last=$name
done

# --- several guests at a time. A guest has one thread and is idle half of the time, since detaching a probe waits.
most=$(($(nproc) * 3))
room=$(($(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024 / GUEST_MIB))
[ "$room" -ge "$most" ] || most=$((room > 1 ? room : 1))
for profile in "${profiles[@]}"; do
	for name in "${names[@]}"; do
		[ -n "${kernel[$name]}" ] || continue
		if [ $check = yes ] && [ "${only[$profile]:-$name}" != "$name" ] && [ -n "${kernel[${only[$profile]}]:-}" ]; then
			echo "skip $profile/guest (${only[$profile]} stands for it; make vm runs both)" >"$work/results/$name/$profile"
			continue
		fi
		while [ "$(jobs -pr | wc -l)" -ge "$most" ]; do
			wait -n
		done
		guest "$name" "$profile" &
	done
done
wait
python3 "$here/table.py" "$work/results" "$build/live.results" "${names[@]}"
