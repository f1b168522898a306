# test_soak.sh - runs the service for SOAK_SECONDS under the load of short programs: its memory must not grow.
. "$root/tests/vm/service_lib.sh"

SOAK_SECONDS=${SOAK_SECONDS:-3600}
GROWTH_MAX=512 # kB, from the second quarter of the time to the last

anonymous() { sed -n 's/^RssAnon:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$(of MainPID)/status"; }

# load: runs an audited program with children, and a program that is not audited.
load() {
	/opt/client/soak -c 'read -r x </etc/machine-id; (read -r x </etc/os-release); (: >/tmp/soak.$$; rm /tmp/soak.$$)'
	sh -c ': </etc/machine-id'
}

test_soak_memory_is_flat() {
	local pid rounds=0 start=$SECONDS now=0 early=0 late=0
	service
	pid=$(of MainPID)
	while [ "$now" -lt "$SOAK_SECONDS" ]; do
		load
		rounds=$((rounds + 1))
		now=$((SECONDS - start))
		[ "$((rounds % 10))" = 0 ] || continue
		kb=$(anonymous)
		[ $((now * 4)) -lt "$SOAK_SECONDS" ] || [ $((now * 2)) -gt "$SOAK_SECONDS" ] || early=$((kb > early ? kb : early))
		[ $((now * 4)) -lt $((SOAK_SECONDS * 3)) ] || late=$((kb > late ? kb : late))
	done
	is MainPID "$pid" || fail 'it was started again'
	exactly soak $rounds
	echo "# soak: $now s, $rounds programs, RssAnon $early kB at first, $late kB at last"
	[ "$early" -gt 0 ] && [ $((late - early)) -le $GROWTH_MAX ] || fail "from $early kB to $late kB"
}
