# test_losses.sh - a ring too small, a reader that stands still: what was made is what came plus
# what is counted lost.

# Every class adds up; the exit code and the verdicts say that something is missing.
add_up() {
	grep -q '^opened' "$tmp/stdout" || fail "the flood did not run: $(cat "$tmp/stdout" "$tmp/stderr")"
	expect "summary['lost'] > 0; exit == 11; losses; \
		all(c['made'] == c['delivered'] + c['lost'] for c in summary['counts'].values()); \
		sum(c['lost'] for c in summary['counts'].values()) == summary['lost']; \
		sum(c['delivered'] for c in summary['counts'].values()) == summary['events']; \
		sum(sum(l['lost'].values()) for l in losses) == summary['lost']; \
		has(verdict='inconclusive'); has(category='machine_id'); \
		not [a for a in accesses for l in losses if l['from'] <= a['time'] <= l['until'] \
			and a['verdict'] == 'declared']"
}

test_losses_small_ring() {
	mkdir "$tmp/names"
	limit=300 audit product_operations --ring 4096 -- "$programs/flood" "$tmp/names" 200000
	add_up
}

test_losses_reader_stopped() {
	local reader
	mkdir "$tmp/names"
	"$PIAUDIT" run --ring 4096 --scenario product_operations -f json -o "$tmp/out.json" -- \
		sh -c 'while [ ! -e "$1" ]; do sleep 0.1; done; exec "$2" "$3" 50000' sh "$tmp/go" \
		"$programs/flood" "$tmp/names" >"$tmp/stdout" 2>"$tmp/stderr" &
	reader=$!
	started+=("$reader")
	wait_for "start" grep -q '"type": *"status"' "$tmp/out.json"
	kill -STOP "$reader"
	: >"$tmp/go"
	sleep 2
	kill -CONT "$reader"
	code=0
	wait "$reader" || code=$?
	add_up
}

# The same program with room enough: nothing is lost, and the clean result is claimed.
test_losses_none() {
	mkdir "$tmp/names"
	limit=300 audit product_operations --ring 67108864 -- "$programs/flood" "$tmp/names" 20000
	expect "summary['lost'] == 0; exit == 0; none(verdict='inconclusive'); has(category='machine_id'); \
		all(c['made'] == c['delivered'] for c in summary['counts'].values()); \
		total(object='/etc/machine-id') == 667"
}
