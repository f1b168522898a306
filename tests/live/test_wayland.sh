# test_wayland.sh - requests of clients to a Wayland compositor that the tests start, without a screen, as another user.

wayland='' # folder of its sockets

wayland_names='wl-paste wl-paste-primary wl-paste-watch wl-paste-joined wl-copy gtk3 gtk3-window qt5 qt5-primary qt5-window
	grim wtype chromium xwayland'

# Starts a compositor with one output and no screen. It refuses to run as root.
wayland_start() {
	wayland=$(mktemp -d /tmp/piaudit-wayland.XXXXXX)
	printf '%s\n' 'xwayland enable' 'output HEADLESS-1 resolution 800x600' >"$wayland/config"
	chown -R nobody "$wayland"
	setpriv --reuid=nobody --regid=nogroup --clear-groups env -i PATH="$PATH" HOME="$wayland" XDG_RUNTIME_DIR="$wayland" \
		WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman \
		sway -c "$wayland/config" >"$wayland/log" 2>&1 </dev/null &
	compositor=$!
	for _ in {1..100}; do
		[ -S "$wayland/wayland-1" ] && return
		sleep 0.1
	done
}

wayland_stop() {
	kill "$compositor" 2>/dev/null
	wait "$compositor" 2>/dev/null
	rm -rf "$wayland"
}

# The environment of its clients.
wayland_client() {
	export XDG_RUNTIME_DIR=$wayland WAYLAND_DISPLAY=wayland-1 GDK_BACKEND=wayland QT_QPA_PLATFORM=wayland
	export HOME=$tmp NO_AT_BRIDGE=1
	unset DISPLAY DBUS_SESSION_BUS_ADDRESS
}

# copy TEXT [OPTION...]: sets the clipboard from a program that is not audited.
copy() {
	local text=$1
	shift
	timeout 20 wl-copy "$@" -- "$text" 2>"$tmp/copied" || fail "wl-copy: exit $?"
}

# Every request is seen and decoded.
wayland_clean="summary['lost'] == 0; summary['undecoded'] == 0"

wayland_wl_paste() {
	copy 'some text'
	audit instant_messaging -- wl-paste
	grep -q '^some text' "$tmp/stdout" || fail 'wl-paste pasted nothing'
	expect "$wayland_clean; exit == 0; \
		total(category='clipboard', source='wayland_transfer', grade='direct', verdict='declared') == 1; \
		total(category='clipboard', source='wayland_clipboard_watch', grade='probe') == 1"
	audit av_meeting -- wl-paste
	expect "$wayland_clean; exit == 10; summary['findings'] == 1; \
		total(category='clipboard', source='wayland_transfer', verdict='out_of_scenario', finding=True) == 1"
}

wayland_wl_paste_primary() {
	copy 'selected text' --primary
	audit av_meeting -- wl-paste --primary
	grep -q '^selected text' "$tmp/stdout" || fail 'wl-paste pasted nothing'
	expect "$wayland_clean; exit == 10; \
		total(category='clipboard', source='wayland_transfer', verdict='out_of_scenario', finding=True) == 1"
}

# A client that watches the clipboard reads each new text.
wayland_wl_paste_watch() {
	copy first
	background "$PIAUDIT" run --scenario av_meeting -f json -o "$tmp/out.json" -- wl-paste --watch cat
	wait_for 'the first text' grep -q first "$tmp/stdout"
	copy second
	wait_for 'the second text' grep -q second "$tmp/stdout"
	kill -TERM "$background"
	ended "$background"
	expect "$wayland_clean; exit == 10; \
		total(category='clipboard', source='wayland_transfer', grade='direct', finding=True) >= 2"
}

# Joined after the client has bound all its objects: a read is recognized by its shape.
wayland_wl_paste_joined() {
	copy first
	outside sh -c 'echo ready; exec wl-paste --watch cat'
	wait_for 'the first text' grep -q first "$tmp/outside"
	background "$PIAUDIT" --pid "$outside" --scenario av_meeting -f json -o "$tmp/out.json"
	wait_for joined grep -q '"state": *"joined"' "$tmp/out.json"
	copy second
	wait_for 'the second text' grep -q second "$tmp/outside"
	kill "$outside"
	ended "$background"
	expect "$wayland_clean; \
		total(category='clipboard', source='wayland_transfer', grade='direct') == 1; \
		none(source='wayland_clipboard_watch')"
}

# A program that only copies also requests the data device.
wayland_wl_copy() {
	copy before
	audit av_meeting -- timeout "$scale" wl-copy --foreground 'my own text'
	expect "$wayland_clean; exit == 0; none(category='clipboard', grade='direct'); none(finding=True)"
}

# wayland_toolkit PROGRAM SELECTION SOURCE MODULE: once in a scenario that declares the read, once in another.
wayland_toolkit() {
	/usr/bin/python3 -c "import $4" 2>/dev/null || skip "no python3 module $4"
	copy 'some text'
	copy 'selected text' --primary
	audit instant_messaging -- /usr/bin/python3 "$root/tests/live/$1" "$2"
	grep -q '^text: s' "$tmp/stdout" || fail "it pasted nothing: $(head -n 1 "$tmp/stderr")"
	expect "$wayland_clean; \
		total(category='clipboard', source='$3', grade='direct', verdict='declared', finding=False) == 1; \
		total(category='clipboard') == 1"
	audit av_meeting -- /usr/bin/python3 "$root/tests/live/$1" "$2"
	expect "$wayland_clean; exit == 10; \
		total(category='clipboard', source='$3', verdict='out_of_scenario', finding=True) == 1"
}
wayland_gtk3() { wayland_toolkit paste_gtk3.py clipboard wayland_clipboard gi; }
wayland_qt5() { wayland_toolkit paste_qt5.py clipboard wayland_clipboard PyQt5.QtWidgets; }
wayland_qt5_primary() { wayland_toolkit paste_qt5.py primary wayland_primary PyQt5.QtWidgets; }

# wayland_window PROGRAM MODULE: pastes nothing, although the clipboard has text.
wayland_window() {
	/usr/bin/python3 -c "import $2" 2>/dev/null || skip "no python3 module $2"
	copy 'some text'
	audit av_meeting -- /usr/bin/python3 "$root/tests/live/$1" nothing
	grep -q '^text: None' "$tmp/stdout" || fail "no window: $(head -n 1 "$tmp/stderr")"
	expect "$wayland_clean; none(category=['clipboard', 'screen_content', 'key_input']); \
		none(source='~wayland')"
}
wayland_gtk3_window() { wayland_window paste_gtk3.py gi; }
wayland_qt5_window() { wayland_window paste_qt5.py PyQt5.QtWidgets; }

wayland_grim() {
	need grim
	audit av_meeting -- grim "$tmp/screen.png"
	[ -s "$tmp/screen.png" ] || fail 'grim took no picture'
	expect "$wayland_clean; exit == 10; summary['findings'] == 1; \
		total(category='screen_content', source='wayland_screen', grade='direct', verdict='undeclared') == 1"
}

# Types keys, and reads none.
wayland_wtype() {
	need wtype
	audit av_meeting -- wtype some text
	expect "$wayland_clean; exit == 0; none(source='~wayland'); none(category='key_input')"
}

tell_sway() { SWAYSOCK=$(echo "$wayland"/sway-ipc.*) swaymsg "$@"; }
titled() { tell_sway -t get_tree | grep -q "\"name\": \"$1"; }

# A paste by hand makes one or two reads: the browser requests the text, and again when it inserts the text.
wayland_chromium() {
	local pastes
	need chromium wtype swaymsg
	copy 'some text'
	cat >"$tmp/page.html" <<-'PAGE'
		<title>loading</title><textarea autofocus></textarea>
		<script>
		const area = document.querySelector("textarea");
		area.onkeydown = () => { area.onkeydown = null; document.title = "ready"; };
		area.addEventListener("input", () => { document.title = "pasted " + area.value; });
		</script>
	PAGE
	background "$PIAUDIT" run --scenario av_meeting -f json -o "$tmp/out.json" -- chromium \
		--ozone-platform=wayland --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --disable-dev-shm-usage \
		--user-data-dir="$tmp/profile" "file://$tmp/page.html"
	# A key that is sent too early is lost, and the paste with it.
	wait_for 'the page' eval 'wtype -k Shift_L; titled ready'
	# A busy client can lose a key while it learns of wtype's keyboard, so try again after some seconds.
	for pastes in 1 2 3 4 5; do
		wtype -M ctrl v -m ctrl
		for _ in $(seq 50); do titled 'pasted some text' && break 2 || sleep 0.1; done
	done
	titled 'pasted some text' || fail "no paste in $pastes tries"
	tell_sway kill >/dev/null
	ended "$background"
	expect "$wayland_clean; exit == 10; 1 <= total(category='clipboard') <= 2 * $pastes; \
		total(category='clipboard', source='wayland_clipboard', grade='direct', verdict='out_of_scenario') >= 1; \
		none(category=['screen_content', 'key_input'])"
}

# An X server without a cookie that accepts only its own user. It starts with its first client; that takes longer than
# piaudit waits for a server.
xwayland_gtk3() {
	local what=$1
	shift
	"$@" setpriv --reuid=nobody --regid=nogroup --clear-groups env -i HOME="$wayland" \
		DISPLAY="$(cat "$wayland/display")" GDK_BACKEND=x11 NO_AT_BRIDGE=1 \
		/usr/bin/python3 -c "$(cat "$root/tests/live/paste_gtk3.py")" "$what"
}
wayland_xwayland() {
	need Xwayland swaymsg
	/usr/bin/python3 -c 'import gi' 2>/dev/null || skip 'no python3 module gi'
	copy 'some text'
	tell_sway -- exec 'echo $DISPLAY >$XDG_RUNTIME_DIR/display' >/dev/null
	wait_for 'the display' grep -q : "$wayland/display"
	xwayland_gtk3 nothing >"$tmp/stdout" 2>&1 || fail "no window: $(tail -n 1 "$tmp/stdout")"
	xwayland_gtk3 clipboard audit av_meeting --
	grep -q '^text: some text' "$tmp/stdout" || fail "it pasted nothing: $(head -n 1 "$tmp/stderr")"
	expect "$wayland_clean; exit == 10; \
		total(category='clipboard', source='x11_clipboard', grade='direct', verdict='out_of_scenario') == 1"
}

# Runs in a subshell with the environment of a client.
wayland_test() {
	desktop_heavy
	need sway wl-copy setpriv
	[ -S "$wayland/wayland-1" ] || fail "no compositor: $(tail -n 1 "$wayland/log")"
	wayland_client
	"wayland_${1//-/_}"
}

table_wayland() {
	local name some=''
	for name in $wayland_names; do
		wanted "wayland-$name" "${filters[@]}" && some=yes
	done
	[ -n "$some" ] || return 0
	[ -n "${LIVE_GUEST:-}" ] || ! command -v sway >/dev/null || wayland_start
	for name in $wayland_names; do
		row "wayland-$name" wayland_test "$name"
	done
	[ -z "$wayland" ] || wayland_stop
}
