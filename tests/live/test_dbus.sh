# test_dbus.sh - requests of clients on a message bus of the tests. Services are real where they start without a
# desktop; a stub answers for the others. All four libraries: sd-bus, GDBus, libdbus, QtDBus.

bus='' # folder of the bus
bus_pids=()

# Names of services that need a desktop or a device.
bus_others='org.freedesktop.ModemManager1 org.freedesktop.UDisks2 org.freedesktop.UPower
	org.freedesktop.portal.Desktop org.freedesktop.secrets org.freedesktop.login1 org.freedesktop.systemd1
	org.freedesktop.PackageKit org.freedesktop.Flatpak org.gnome.Shell org.gnome.Shell.Introspect org.kde.KWin
	org.kde.klipper org.kde.kwalletd5 org.gnome.evolution.dataserver.AddressBook10
	org.gnome.evolution.dataserver.Calendar8 org.freedesktop.Notifications org.a11y.atspi.Registry'

bus_begin() { # CMD...: starts a service and keeps its pid
	"$@" >>"$bus/log" 2>&1 </dev/null &
	bus_pids+=("$!")
}

bus_there() { dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
	"string:$1" 2>/dev/null | grep -q 'boolean true'; }

bus_wait() { # NAME: waits for a service, at most 10 seconds
	local until=$((SECONDS + 10 * scale))
	until bus_there "$1" || [ $SECONDS -ge $until ]; do
		sleep 0.1
	done
}

# NetworkManager gets its own network and its own folders, so that it does not change the machine's network.
bus_network() {
	mkdir -p "$bus/run"
	printf '%s\n' '[main]' 'plugins=keyfile' 'no-auto-default=*' 'auth-polkit=false' 'dns=none' \
		'rc-manager=unmanaged' '[keyfile]' "path=$bus/connections" >"$bus/nm.conf"
	mkdir -p /run/NetworkManager # a mount point: the service sees a folder of the test there
	bus_begin unshare -n -m sh -c 'mount --make-rprivate / && mount --bind "$0/run" /run/NetworkManager || exit 1
		ip link add eth7 address 02:11:22:33:44:55 type veth peer name eth8
		ip link set eth7 up
		exec NetworkManager --debug --config="$0/nm.conf" --config-dir="$0/none" --intern-config="$0/intern" \
			--state-file="$0/state" --pid-file="$0/pid"' "$bus"
	bus_wait org.freedesktop.NetworkManager
}

bus_start() {
	bus=$(mktemp -d /tmp/piaudit-bus.XXXXXX)
	mkdir "$bus/services"
	printf '%s\n' '[D-BUS Service]' 'Name=org.freedesktop.hostname1' 'Exec=/usr/lib/systemd/systemd-hostnamed' \
		>"$bus/services/org.freedesktop.hostname1.service"
	cat >"$bus/conf" <<-CONF
		<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
		 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
		<busconfig><listen>unix:path=$bus/system_bus_socket</listen><servicedir>$bus/services</servicedir>
		<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
		<allow own="*"/></policy></busconfig>
	CONF
	export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$bus/system_bus_socket"
	export DBUS_SESSION_BUS_ADDRESS=$DBUS_SYSTEM_BUS_ADDRESS
	bus_begin dbus-daemon --config-file="$bus/conf" --nofork --nopidfile
	bus_wait org.freedesktop.DBus
	bus_locator=org.freedesktop.GeoClue2
	if [ -x /usr/libexec/geoclue ]; then
		bus_locator=
		bus_begin /usr/libexec/geoclue
	fi
	# shellcheck disable=SC2086 # several names
	bus_begin /usr/bin/python3 "$root/tests/live/bus_services.py" $bus_others $bus_locator
	! command -v NetworkManager >/dev/null || bus_network
	bus_wait org.a11y.atspi.Registry
}

bus_stop() {
	kill "${bus_pids[@]}" 2>/dev/null
	wait "${bus_pids[@]}" 2>/dev/null
	rm -rf "$bus"
	rmdir /run/NetworkManager 2>/dev/null
	unset DBUS_SYSTEM_BUS_ADDRESS DBUS_SESSION_BUS_ADDRESS
}

bus_clean="summary['lost'] == 0; summary['undecoded'] == 0"

# bus_asks SOURCE GRADE COUNT "SCENARIO=VERDICT..." CMD...: CMD requests SOURCE COUNT times, with this verdict.
bus_asks() {
	local source=$1 grade=$2 count=$3 pair pairs code_wanted
	read -ra pairs <<<"$4"
	shift 4
	need "$1"
	[ -S "$bus/system_bus_socket" ] || fail "no bus: $(tail -n 1 "$bus/log")"
	for pair in "${pairs[@]}"; do
		code_wanted=0
		[[ $grade = probe || $grade = ambient || ${pair#*=} = declared ]] || code_wanted=10
		audit "${pair%=*}" -- "$@"
		expect "$bus_clean; total(source='$source', grade='$grade', verdict='${pair#*=}') == $count; \
			total(source='$source', finding=True) == ($count if $code_wanted else 0); $code_wanted == 0 or exit == 10"
	done
}

dbus_case() { # NAME SOURCE GRADE COUNT PAIRS CMD...
	local name=$1
	shift
	row "dbus-$name" bus_asks "$@"
}

dbus_network() {
	local nm=org.freedesktop.NetworkManager three='account_login=out_of_scenario product_operations=declared feedback=wrong_method'
	local device=/org/freedesktop/NetworkManager/Devices/2 meeting='account_login=out_of_scenario av_meeting=declared'
	command -v NetworkManager >/dev/null || return 0
	dbus_case busctl-mac bus_nm_mac direct 1 "$three" busctl --system get-property $nm $device $nm.Device HwAddress
	dbus_case gdbus-ip bus_nm_ip_device direct 1 "$three" gdbus call --system -d $nm -o $device \
		-m org.freedesktop.DBus.Properties.Get $nm.Device Ip4Address
	dbus_case nmcli-mac bus_nm_mac exposed 2 "$three" nmcli -f GENERAL device show
	dbus_case nmcli-state bus_nm_state exposed 2 "$meeting" nmcli general status
	dbus_case get-all bus_nm_mac exposed 1 "$three" dbus-send --system --print-reply --dest=$nm $device \
		org.freedesktop.DBus.Properties.GetAll string:$nm.Device
	dbus_case wifi bus_nm_access_points direct 1 "${three% *}" dbus-send --system --print-reply --dest=$nm $device \
		$nm.Device.Wireless.GetAllAccessPoints
	# The same request, in a scenario that declares the location.
	dbus_case wifi-place bus_nm_access_points direct 1 clock_in_out=declared dbus-send --system --print-reply \
		--dest=$nm $device $nm.Device.Wireless.GetAllAccessPoints
}

dbus_device() {
	local host=org.freedesktop.hostname1 mm=org.freedesktop.ModemManager1
	local three='account_login=out_of_scenario product_operations=declared feedback=wrong_method'
	local at=/org/freedesktop/hostname1 get='import dbus, sys
s, p, i, n = sys.argv[1:]
dbus.SystemBus().get_object(s, p).Get(i, n, dbus_interface="org.freedesktop.DBus.Properties")'
	[ -x /usr/lib/systemd/systemd-hostnamed ] || return 0
	dbus_case busctl-serial bus_hardware_serial direct 1 "$three" busctl --system call $host $at $host GetHardwareSerial
	dbus_case gdbus-uuid bus_product_uuid direct 1 'av_meeting=declared product_operations=out_of_scenario' \
		gdbus call --system -d $host -o $at -m $host.GetProductUUID true
	dbus_case dbus-send-model bus_model direct 1 "$three" dbus-send --system --print-reply --dest=$host $at \
		org.freedesktop.DBus.Properties.Get string:$host string:HardwareModel
	dbus_case qdbus-name bus_hostname direct 1 "$three" qdbus --system $host $at \
		org.freedesktop.DBus.Properties.Get $host Hostname
	dbus_case python-system bus_system direct 1 "$three" /usr/bin/python3 -c "$get" $host $at $host \
		OperatingSystemPrettyName
	dbus_case describe bus_model_describe direct 1 "$three" busctl --system call $host $at $host Describe
	dbus_case imei bus_imei_3gpp direct 1 "$three" busctl --system get-property $mm $at $mm.Modem.Modem3gpp Imei
	dbus_case imsi bus_imsi direct 1 "$three" busctl --system get-property $mm $at $mm.Sim Imsi
	dbus_case sim bus_iccid direct 1 "$three" busctl --system get-property $mm $at $mm.Sim SimIdentifier
	dbus_case disk bus_disk_serial direct 1 "$three" busctl --system get-property org.freedesktop.UDisks2 $at \
		org.freedesktop.UDisks2.Drive Serial
	dbus_case disks bus_disk_serial exposed 1 "$three" dbus-send --system --print-reply --dest=org.freedesktop.UDisks2 \
		/org/freedesktop/UDisks2 org.freedesktop.DBus.ObjectManager.GetManagedObjects
}

# Requests to services that need a desktop, in one script: SOURCE GRADE SERVICE INTERFACE.MEMBER, and the scenarios that
# declare it.
bus_desktop_calls='
bus_location_start direct org.freedesktop.GeoClue2 org.freedesktop.GeoClue2.Client.Start clock_in_out
bus_location_client probe org.freedesktop.GeoClue2 org.freedesktop.GeoClue2.Manager.GetClient clock_in_out
bus_location_portal direct org.freedesktop.portal.Desktop org.freedesktop.portal.Location.Start clock_in_out
bus_screenshot_portal direct org.freedesktop.portal.Desktop org.freedesktop.portal.Screenshot.Screenshot
bus_screencast_portal direct org.freedesktop.portal.Desktop org.freedesktop.portal.ScreenCast.Start
bus_camera_portal direct org.freedesktop.portal.Desktop org.freedesktop.portal.Camera.AccessCamera av_meeting clock_in_out
bus_clipboard_portal direct org.freedesktop.portal.Desktop org.freedesktop.portal.Clipboard.SelectionRead instant_messaging security_management
bus_klipper direct org.kde.klipper org.kde.klipper.klipper.getClipboardContents instant_messaging security_management
bus_secret direct org.freedesktop.secrets org.freedesktop.Secret.Service.GetSecrets
bus_kwallet direct org.kde.kwalletd5 org.kde.KWallet.readPassword
bus_contacts direct org.gnome.evolution.dataserver.AddressBook10 org.gnome.evolution.dataserver.AddressBook.GetContactList
bus_calendar direct org.gnome.evolution.dataserver.Calendar8 org.gnome.evolution.dataserver.Calendar.GetObjectList work_calendar
bus_windows direct org.gnome.Shell.Introspect org.gnome.Shell.Introspect.GetWindows av_meeting
bus_kwin_screenshot direct org.kde.KWin org.kde.KWin.ScreenShot2.CaptureScreen
bus_a11y direct org.a11y.atspi.Registry org.a11y.atspi.Text.GetText
bus_logins direct org.freedesktop.login1 org.freedesktop.login1.Manager.ListSessions security_management
bus_units direct org.freedesktop.systemd1 org.freedesktop.systemd1.Manager.ListUnits av_meeting
bus_packages direct org.freedesktop.PackageKit org.freedesktop.PackageKit.Transaction.GetPackages security_management
bus_start_unit direct org.freedesktop.systemd1 org.freedesktop.systemd1.Manager.StartTransientUnit
bus_start_host direct org.freedesktop.Flatpak org.freedesktop.Flatpak.Development.HostCommand'

bus_desktop() { # SCENARIO
	local scenario=$1 source grade service member declared verdict conditions=$bus_clean
	while read -r source grade service member declared; do
		[ -n "$source" ] || continue
		echo "dbus-send --system --print-reply --dest=$service /a/b $member"
		verdict=undeclared
		[ -z "$declared" ] || verdict=out_of_scenario
		[[ " $declared " != *" $scenario "* ]] || verdict=declared
		conditions+="; total(source='$source', grade='$grade', verdict='$verdict') == 1; total(source='$source') == 1"
	done <<<"$bus_desktop_calls" >"$tmp/calls"
	audit "$scenario" -- sh "$tmp/calls"
	expect "$conditions; exit == 10"
}

dbus_desktop() {
	local scenario
	[ ! -x /usr/libexec/geoclue ] || dbus_case geoclue bus_location_client probe 1 'work_calendar=out_of_scenario' \
		gdbus call --system --timeout 2 -d org.freedesktop.GeoClue2 -o /org/freedesktop/GeoClue2/Manager \
		-m org.freedesktop.GeoClue2.Manager.GetClient
	for scenario in clock_in_out av_meeting instant_messaging work_calendar security_management; do
		row "dbus-desktop-$scenario" bus_desktop "$scenario"
	done
}

# Requests that only ask whether a service exists, or go to a service that does not exist.
dbus_probes() {
	dbus_case has-owner bus_secret probe 1 'account_login=undeclared' busctl --system call org.freedesktop.DBus / \
		org.freedesktop.DBus NameHasOwner s org.freedesktop.secrets
	dbus_case start-service bus_start_service probe 1 'account_login=undeclared' busctl --system call \
		org.freedesktop.DBus / org.freedesktop.DBus StartServiceByName su org.freedesktop.hostname1 0
	dbus_case nobody-there bus_bluetooth probe 1 'account_login=out_of_scenario' dbus-send --system --print-reply \
		--dest=org.bluez / org.freedesktop.DBus.ObjectManager.GetManagedObjects
	dbus_case names bus_names exposed 1 'av_meeting=declared athena=out_of_scenario' busctl --system call \
		org.freedesktop.DBus / org.freedesktop.DBus ListNames
	dbus_case monitor bus_monitor direct 1 'av_meeting=undeclared' timeout 2 dbus-monitor --system
}

# bus_silent CMD...: CMD requests no personal data.
bus_silent() {
	need "$1"
	audit account_login -- "$@"
	expect "$bus_clean; none(source='~^bus_')"
}

dbus_silence() {
	local send='dbus-send --system --print-reply'
	# shellcheck disable=SC2086 # several words
	{
		row dbus-silent-notify bus_silent $send --dest=org.freedesktop.Notifications /org/freedesktop/Notifications \
			org.freedesktop.Notifications.GetCapabilities
		row dbus-silent-introspect bus_silent $send --dest=org.freedesktop.UDisks2 / \
			org.freedesktop.DBus.Introspectable.Introspect
		row dbus-silent-display bus_silent $send --dest=org.freedesktop.UPower \
			/org/freedesktop/UPower/devices/DisplayDevice org.freedesktop.DBus.Properties.GetAll \
			string:org.freedesktop.UPower.Device
		row dbus-silent-version bus_silent $send --dest=org.freedesktop.portal.Desktop /org/freedesktop/portal/desktop \
			org.freedesktop.DBus.Properties.Get string:org.freedesktop.portal.ScreenCast string:version
	}
	row dbus-silent-signal bus_silent dbus-send --system --type=signal / org.freedesktop.GeoClue2.Client.LocationUpdated
	# Puts the program's own processes into a scope.
	row dbus-silent-scope bus_silent dbus-send --system --print-reply --dest=org.freedesktop.systemd1 /org/freedesktop/systemd1 \
		org.freedesktop.systemd1.Manager.StartTransientUnit string:app-test.scope string:fail
	row dbus-silent-inhibit bus_silent dbus-send --system --print-reply --dest=org.freedesktop.login1 \
		/org/freedesktop/login1 org.freedesktop.login1.Manager.Inhibit string:sleep string:a string:b string:c
}

# A broker forwards the requests of others, and a service answers them: neither makes a request.
bus_broker() {
	mkdir "$tmp/b"
	sed "s,$bus/system_bus_socket,$tmp/b/system_bus_socket,; s,<servicedir>[^<]*</servicedir>,," "$bus/conf" >"$tmp/conf"
	cat >"$tmp/both" <<-'BOTH'
		export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$1/b/system_bus_socket
		dbus-daemon --config-file="$1/conf" --nofork --nopidfile &
		while [ ! -S "$1/b/system_bus_socket" ]; do sleep 0.1; done
		/usr/bin/python3 "$2" org.freedesktop.login1 org.freedesktop.secrets
	BOTH
	background "$PIAUDIT" run --scenario account_login -f json -o "$tmp/out.json" -- bash "$tmp/both" "$tmp" \
		"$root/tests/live/bus_services.py"
	export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$tmp/b/system_bus_socket"
	wait_for 'the service' bus_there org.freedesktop.secrets
	dbus-send --system --print-reply --dest=org.freedesktop.login1 / org.freedesktop.login1.Manager.ListSessions >/dev/null ||
		fail 'no answer'
	dbus-send --system --print-reply --dest=org.freedesktop.secrets / org.freedesktop.Secret.Item.GetSecret >/dev/null ||
		fail 'no answer'
	# Ends only the shell's two children, which this audit started.
	pkill -P "$(pgrep -P "$background")"
	ended "$background"
	expect "$bus_clean; none(source='~^bus_')"
}

# A client that sends to the unique name of a service, once for each line of stdin.
bus_speaker() {
	outside /usr/bin/python3 -u -c 'import dbus, sys
bus = dbus.SystemBus()
owner = bus.get_name_owner("org.freedesktop.UDisks2")
print("ready")
for line in sys.stdin:
    bus.call_blocking(owner, "/a", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", "", ())
    print("done")'
}
bus_joined() { # audits the requests of the speaker
	background "$PIAUDIT" --pid "$outside" --scenario account_login -f json -o "$tmp/out.json"
	wait_for joined grep -q '"state": *"joined"' "$tmp/out.json"
	echo >&9
	wait_for 'the answer' grep -q done "$tmp/outside"
	kill -INT "$background"
	ended "$background"
}

# A client that is joined while connected sends to a unique name. piaudit asks the bus for the owner of that name.
bus_late() {
	bus_speaker
	bus_joined
	expect "summary['lost'] == 0; summary['undecoded'] == 0; \
		total(source='bus_disk_serial', grade='exposed', verdict='out_of_scenario') == 1"
}

# Another bus replaces the socket of the client's bus, and would report that the service does not exist.
bus_replaced() {
	local name
	for name in bus other; do
		sed "s,$bus/system_bus_socket,$tmp/$name/bus,; s,<servicedir>[^<]*</servicedir>,," "$bus/conf" >"$tmp/$name.conf"
		mkdir "$tmp/$name"
		dbus-daemon --config-file="$tmp/$name.conf" --nofork --nopidfile 2>"$tmp/$name.log" &
		started+=("$!")
		wait_for "$name" test -S "$tmp/$name/bus"
	done
	export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$tmp/bus/bus"
	/usr/bin/python3 "$root/tests/live/bus_services.py" org.freedesktop.UDisks2 >"$tmp/log" 2>&1 &
	started+=("$!")
	wait_for 'the service' bus_there org.freedesktop.UDisks2
	bus_speaker
	mv "$tmp/other/bus" "$tmp/bus/bus"
	bus_joined
	expect "exit == 11; summary['undecoded'] > 0"
}

# A bus whose socket has no known name is recognized by the first bytes of clients, and asked like any other.
bus_unnamed() {
	local line
	need "$1"
	line=$(mktemp -u "$bus/line.XXXXXX")
	sed "s,$bus/system_bus_socket,$line,; s,<servicedir>[^<]*</servicedir>,," "$bus/conf" >"$tmp/conf"
	dbus-daemon --config-file="$tmp/conf" --nofork --nopidfile 2>"$tmp/log" &
	started+=("$!")
	wait_for 'the bus' test -S "$line"
	export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$line
	audit account_login -- "$@"
	expect "$bus_clean; total(source='bus_bluetooth', grade='probe') == 1"
}

# Another user's bus accepts only that user, so piaudit asks as that user.
bus_user() {
	need setpriv
	chmod 755 "$work" "$tmp"
	mkdir "$tmp/u"
	sed "s,$bus/system_bus_socket,$tmp/u/system_bus_socket,; s,<servicedir>[^<]*</servicedir>,," "$bus/conf" >"$tmp/conf"
	chown -R nobody "$tmp/u"
	export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$tmp/u/system_bus_socket"
	setpriv --reuid=nobody --regid=nogroup --clear-groups dbus-daemon --config-file="$tmp/conf" --nofork --nopidfile \
		2>"$tmp/log" &
	started+=("$!")
	wait_for 'the bus' test -S "$tmp/u/system_bus_socket"
	audit account_login -- setpriv --reuid=nobody --regid=nogroup --clear-groups dbus-send --system --print-reply \
		--dest=org.bluez / org.freedesktop.DBus.ObjectManager.GetManagedObjects
	# Only an accepted client can learn that the service does not exist.
	expect "$bus_clean; total(source='bus_bluetooth', grade='probe') == 1"
}

table_dbus() {
	[[ ${#filters[@]} = 0 || ${filters[*]} = *dbus* ]] || return 0
	if ! command -v dbus-daemon >/dev/null || ! /usr/bin/python3 -c 'import dbus, gi' 2>/dev/null; then
		row dbus skip 'no dbus-daemon, or no python3-dbus'
		return 0
	fi
	bus_start
	dbus_network
	dbus_device
	dbus_desktop
	dbus_probes
	dbus_silence
	row dbus-broker bus_broker
	row dbus-late bus_late
	row dbus-replaced bus_replaced
	row dbus-user bus_user
	row dbus-unnamed bus_unnamed dbus-send --system --print-reply --dest=org.bluez / \
		org.freedesktop.DBus.ObjectManager.GetManagedObjects
	row dbus-unnamed-gdbus bus_unnamed gdbus call --system -d org.bluez -o / \
		-m org.freedesktop.DBus.ObjectManager.GetManagedObjects
	row dbus-unnamed-busctl bus_unnamed busctl --system call org.bluez / org.freedesktop.DBus.ObjectManager \
		GetManagedObjects
	bus_stop
}
