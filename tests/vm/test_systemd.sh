# test_systemd.sh - the service under a real systemd.

# The guest is a machine as others are: all units run, a login has a session of its own, and the journal tells.
test_systemd_guest() {
	local state
	state=$(systemctl is-system-running --wait)
	[ "$state" = running ] || fail "$state: $(systemctl --failed --plain --no-legend)"
	systemd-run -q --wait -p Type=oneshot sh -c 'cat /proc/self/cgroup; echo told' || fail 'a service does not run'
	journalctl -q -b --sync
	journalctl -q -b -o cat --grep '^told$' >"$tmp/told" || fail 'the journal does not tell'
	id pia >/dev/null 2>&1 || useradd -m pia
	su -l pia -c 'cat /proc/self/cgroup' >"$tmp/cgroup"
	grep -q "^0::/user.slice/user-$(id -u pia).slice/session-.*scope" "$tmp/cgroup" ||
		fail "a login has no session: $(cat "$tmp/cgroup")"
}
