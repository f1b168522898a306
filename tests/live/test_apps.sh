# test_apps.sh - binds a command or a running process to an app of the statement, by each kind of pattern.

# bind_apps APP...: writes a statement with two scenarios and these apps into $tmp/x.yaml.
bind_apps() {
	cat >"$tmp/x.yaml" <<-END
		statement: {id: apps, title: Apps}
		scenarios:
		- {id: quiet, title: Q, role: processor, purpose: p, methods: [app], information: [mac_address]}
		- {id: known, title: K, role: processor, purpose: p, methods: [app], information: [machine_id]}
		apps:
		$(printf -- '- %s\n' "$@")
	END
	chmod go-w "$tmp/x.yaml"
}

# bound_as APP SCENARIOS: the audit of `cat /etc/machine-id` reports this app and these scenarios.
bound_as() {
	audit any --policy "$tmp/x.yaml" -- "$cat" /etc/machine-id
	expect "exit in (0, 10, 11); summary['app'] == '$1'; summary['scenario'] == [$2]; \
		has(app='$1', category='machine_id')"
}

test_apps_of_a_command() {
	local cat own
	cat=$(realpath "$(command -v cat)")
	own=$(sed -n 's/^0:://p' /proc/self/cgroup)
	bind_apps '{id: other, exe: /opt/none}' "{id: a, exe: $cat, scenario: known}"
	bound_as a "'known'"
	# The first app whose patterns all match.
	bind_apps "{id: a, exe: $cat, argv: '* -v *', scenario: quiet}" \
		"{id: b, exe: $cat, uid: 12345, scenario: quiet}" \
		"{id: c, exe: $cat, unit: none.service}" \
		"{id: d, argv: '*cat /etc/machine-*', uid: $(id -u), scenario: [quiet, known]}" \
		"{id: e, exe: $cat}"
	bound_as d "'quiet', 'known'"
	bind_apps "{id: a, exe: /opt/none}"
	bound_as cat ''
	[ -n "$own" ] || skip 'no cgroups of version 2 here'
	bind_apps "{id: a, cgroup: '$own', scenario: known}"
	bound_as a "'known'"
}

test_apps_of_a_process() {
	local target
	outside "$programs/target" with words
	read -r _ target _ <"$tmp/outside"
	bind_apps '{id: a, argv: "*target with"}' '{id: b, argv: "*/target with words", scenario: known}'
	background "$PIAUDIT" --pid "$target" --policy "$tmp/x.yaml" -f json -o "$tmp/out.json"
	wait_for "joined" grep -q '"state": *"joined"' "$tmp/out.json"
	echo "main /etc/machine-id" >&9
	wait_for "the read" grep -q '"category": *"machine_id"' "$tmp/out.json"
	kill -INT "$background"
	ended "$background"
	expect "summary['app'] == 'b'; summary['scenario'] == ['known']; has(pid=$target, category='machine_id')"
}
