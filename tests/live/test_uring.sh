# test_uring.sh - what is asked through io_uring, where no system call of its own asks.

# Seen, or counted as missed: a clean result is the one thing that it never is.
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
