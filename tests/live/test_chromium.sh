# test_chromium.sh - a browser that opens a local page: its profile and its children are its own data. Every finding
# must be a read that the browser really makes.

# Why a browser reads these when it opens only a local page, found with strace:
browser_reads=(
	mac_address # detects network changes: RTM_GETLINK, and the group that announces links
	ip_address # the same: RTM_GETADDR with a full header, and its group
	wifi_parameters # SIOCGIWESSID of each link, to find the type of the connection; fails without Wi-Fi
	device_model # sys_vendor and product_name of the firmware's tables, if the machine has them
	operating_system # /etc/os-release at start, to find the distribution
)

chromium_options=(--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking
	--disable-component-update --disable-sync --disable-dev-shm-usage)

# browse HOME OPTION...: opens a page in account_login, which declares no data of a device.
browse() {
	local home=$1
	shift
	need chromium
	echo '<p>an ordinary page</p>' >"$tmp/page.html"
	audit account_login -- env HOME="$home" chromium "${chromium_options[@]}" "$@" \
		--dump-dom "file://$tmp/page.html"
	grep -q 'an ordinary page' "$tmp/stdout" || fail "the browser did not open the page"
	expect "summary['lost'] == 0; exit in (0, 10); \
		none(finding=True, category='running_processes'); \
		none(finding=True, object='~/proc/[0-9]+'); \
		none(finding=True, object='~$home'); \
		{a['category'] for a in accesses if a['finding']} <= set('${browser_reads[*]}'.split())"
}

# at_home CMD...: runs CMD with a private /home.
at_home() {
	need chromium unshare
	export PIAUDIT programs root tmp work
	unshare -m bash -c '
		mount -t tmpfs tmpfs /home && mkdir -p /home/someone/.config || exit 77
		. "$root/tests/live/lib.sh"
		. "$root/tests/live/test_chromium.sh"
		started=()
		"$@"
		exit 0' bash "$@"
	exit
}

# The profile is where the catalog expects it: the browser may read it.
profiled() {
	browse /home/someone --user-data-dir=/home/someone/.config/chromium
	[ -n "$(cookies)" ] || fail "the browser made no profile"
	cp -a /home/someone/.config/chromium "$work"
}
cookies() { find /home/someone/.config/chromium -name Cookies | head -n 1; }

# Another program may not read it.
profile_of_another() {
	[ -d "$work/chromium" ] || profiled
	cp -a "$work/chromium" /home/someone/.config
	audit account_login -- cat "$(cookies)"
	expect "exit == 10; has(category='credentials', verdict='undeclared', finding=True)"
}

baseline() {
	browse "$tmp" --user-data-dir="$tmp/profile"
}

# With LIVE_RECORD=1 the browser runs once: the second test uses the profile of the first.
table_chromium() {
	together
	if [ -n "${LIVE_RECORD:-}" ]; then
		row chromium-baseline at_home profiled
	else
		row chromium-baseline baseline
	fi
	row chromium-own-profile at_home profile_of_another
	apart
}
