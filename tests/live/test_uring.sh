# test_uring.sh - requests through io_uring, which make no system call of their own.

# The request is reported or counted as lost; the result is never clean.
test_uring_connect() {
	audit account_login -- "$programs/uring" connect
	grep -q '^connected' "$tmp/stdout" || skip "$(cat "$tmp/stdout")"
	expect "has(category='precise_location', source='gpsd'); summary['lost'] == 0"
}

test_uring_netlink() {
	audit account_login -- "$programs/uring" netlink
	grep -q '^asked' "$tmp/stdout" || skip "$(cat "$tmp/stdout")"
	expect "exit in (10, 11); has(category='mac_address', verdict='out_of_scenario') or summary['lost'] > 0"
}
