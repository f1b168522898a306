# test_replay.sh - a replay of a recording reports the same accesses; random bytes do no harm.

session='cat /etc/machine-id /etc/os-release /sys/class/net/lo/address; cat /etc/hostname; ip link; ls /tmp'

# accesses FILE: the fields that a replay must repeat; pids and times differ between two runs of one session.
accesses() {
	python3 -I -S - "$1" <<-'END'
	import json
	import sys
	keys = ("category", "source", "object", "grade", "verdict", "count")
	lines = (json.loads(line) for line in open(sys.argv[1], encoding="utf-8"))
	told = [str([a[k] for k in keys] + [a["process"]["exe"]]) for a in lines if a["type"] == "access"]
	print("\n".join(sorted(told)))
	END
}

record_session() {
	code=0
	timeout -k 5 "$((60 * scale))" "$PIAUDIT" record -o "$tmp/stream" -- sh -c "$session" \
		>"$tmp/stdout" 2>"$tmp/stderr" || code=$?
	[ -s "$tmp/stream" ] || fail "nothing recorded (exit $code): $(tail -n 1 "$tmp/stderr")"
}

replay_to() {
	code=0
	timeout -k 5 "$((60 * scale))" "$PIAUDIT" replay "$tmp/stream" --scenario account_login -f json -o "$1" \
		>"$tmp/stdout" 2>"$tmp/stderr" || code=$?
}

test_replay_same() {
	need ip
	audit account_login -- sh -c "$session"
	accesses "$tmp/out.json" >"$tmp/live"
	record_session
	replay_to "$tmp/out.json"
	expect "exit == 10; has(category='machine_id', verdict='out_of_scenario')"
	accesses "$tmp/out.json" >"$tmp/first"
	diff "$tmp/live" "$tmp/first" >"$tmp/diff" || fail "live and replay differ: $(grep -m 1 '^[<>]' "$tmp/diff")"
	replay_to "$tmp/again.json"
	cmp -s "$tmp/out.json" "$tmp/again.json" || accesses "$tmp/again.json" | diff "$tmp/first" - >/dev/null ||
		fail "two replays differ"
}

# No root, no kernel: a replay needs neither.
test_replay_unprivileged() {
	need setpriv
	record_session
	cp "$PIAUDIT" "$tmp/piaudit"
	cp -r "$root/policy" "$tmp/policy"
	chmod -R go+rX "$tmp/policy"
	chmod 755 "$work" "$tmp" "$tmp/piaudit"
	chmod 644 "$tmp/stream"
	code=0
	setpriv --reuid 65534 --regid 65534 --clear-groups env PIAUDIT_DATADIR="$tmp/policy" "$tmp/piaudit" replay "$tmp/stream" \
		--scenario account_login -f json >"$tmp/out.json" 2>"$tmp/stderr" || code=$?
	expect "exit == 10; has(category='machine_id')"
}

# Half of the files are random bytes, half are a real recording with some bytes changed. Uses the build with sanitizers
# if there is one.
test_replay_random() {
	local binary=$PIAUDIT
	[ -x "$root/build/san/piaudit" ] && binary=$root/build/san/piaudit
	record_session
	/usr/bin/env python3 - "$binary" "$tmp/stream" "$tmp/noise" "${LIVE_NOISE:-1000}" "$tmp/why" <<-'END' || exit 1
	import random
	import subprocess
	import sys
	binary, stream, noise, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
	seed = random.randrange(1 << 32)
	dice = random.Random(seed)
	true = open(stream, "rb").read()[:20000]
	for i in range(count):
	    if i % 2:
	        text = bytearray(true)
	        for _ in range(dice.randrange(1, 40)):
	            text[dice.randrange(len(text))] = dice.randrange(256)
	        text = text[:dice.randrange(1, len(text))] if i % 4 == 1 else text
	    else:
	        text = dice.randbytes(dice.randrange(4000))
	    with open(noise, "wb") as file:
	        file.write(text)
	    code = subprocess.run([binary, "replay", noise, "-f", "json"], stdout=subprocess.DEVNULL,
	                          stderr=subprocess.DEVNULL, timeout=60, check=False).returncode
	    if code not in (0, 1, 6, 10, 11):
	        with open(sys.argv[5], "w", encoding="ascii") as why:
	            why.write(f"seed {seed}, file {i}: exit {code}")
	        sys.exit(1)
	END
}
