# test_x11.sh - requests of common programs to an X server, and harmless requests that look similar. One server runs for
# all of these tests; it accepts clients that have its cookie, as on a desktop.

# Starts the server if it does not run yet, and fills the clipboard and the primary selection.
x11_begin() {
	need Xvfb xauth xclip "$@"
	if [ ! -e "$work/x11.display" ]; then
		local cookie=00112233445566778899aabbccddeeff
		xauth -q -f "$work/x11.auth" add :0 . $cookie 2>/dev/null
		# -noreset: without it, the server restarts when its last client leaves, and refuses clients meanwhile.
		Xvfb -displayfd 3 -screen 0 800x600x24 -noreset -nolisten tcp -auth "$work/x11.auth" \
			3>"$work/x11.number" >/dev/null 2>&1 &
		echo $! >>"$work/x11.pids"
		wait_for 'the X server' grep -q . "$work/x11.number"
		xauth -q -f "$work/x11.auth" add ":$(cat "$work/x11.number")" . $cookie
		mv "$work/x11.number" "$work/x11.display"
	fi
	export XAUTHORITY=$work/x11.auth
	DISPLAY=:$(cat "$work/x11.display")
	export DISPLAY
	x11_fill clipboard
	x11_fill primary
}
x11_holds() { [ "$(timeout 5 xclip -selection "$1" -o 2>/dev/null)" = "in $1" ]; }

# A program that takes a selection replaces its previous owner, so the selection may have to be filled again.
x11_fill() {
	x11_holds "$1" && return
	echo "in $1" | xclip -selection "$1" -i -quiet >/dev/null 2>&1 &
	echo $! >>"$work/x11.pids"
	wait_for "something in $1" x11_holds "$1"
}
x11_end() {
	local pid
	[ -e "$work/x11.pids" ] || return
	while read -r pid; do
		kill "$pid" 2>/dev/null
	done <"$work/x11.pids"
}

# reads COUNT OBJECT CMD...: CMD reads the clipboard COUNT times. That is a finding in a meeting, and none where
# messages are written. All other requests are those of toolkits at their start.
x11_reads() {
	local count=$1 object=$2
	shift 2
	audit av_meeting -- "$@"
	expect "exit == 10; summary['lost'] == 0; summary['undecoded'] == 0; \
		total(category='clipboard', grade='direct', object='~$object') == $count; \
		total(category='clipboard', grade='direct') == $count; \
		the(category='clipboard', grade='direct')['verdict'] == 'out_of_scenario'; \
		none(category='clipboard', finding=True, grade=['probe', 'ambient', 'exposed']); \
		none(category=['screen_content', 'key_input', 'running_processes'])"
	audit instant_messaging -- "$@"
	expect "exit == 0; total(category='clipboard', grade='direct', verdict='declared') == $count"
}

x11_tool() {
	local tool=$1 object=$2 said=$3
	shift 3
	x11_begin "$tool"
	x11_reads 1 "$object" "$tool" "$@"
	grep -q "$said" "$tmp/stdout" || fail "$tool read nothing"
}

# x11_finds CATEGORY GRADE OBJECT TOOL...: runs TOOL in a scenario that declares little.
x11_finds() {
	local category=$1 grade=$2 object=$3
	shift 3
	x11_begin "$1"
	audit account_login -- "$@"
	expect "summary['lost'] == 0; summary['undecoded'] == 0; \
		has(category='$category', grade='$grade', object='~$object'); \
		{a['category'] for a in accesses if a['source'].startswith('x11')} == {'$category'}"
	case $grade in
	direct) expect "exit == 10; has(category='$category', finding=True)" ;;
	*) expect "exit == 0" ;;
	esac
}

# x11_silent CMD...: no request of CMD is an access.
x11_silent() {
	x11_begin "$1"
	audit account_login -- "$@"
	expect "exit == 0; summary['lost'] == 0; summary['undecoded'] == 0; \
		[a for a in accesses if a['source'].startswith('x11')] == []"
}

# A client with Python's own library: plain requests, one by one.
x11_python() {
	/usr/bin/python3 -c 'import Xlib' 2>/dev/null || skip "python3-xlib is not installed"
	cat >"$tmp/client.py" <<-'END'
		import sys
		from Xlib import X, Xatom, display
		d = display.Display()
		root = d.screen().root
		window = root.create_window(0, 0, 50, 50, 0, d.screen().root_depth)
		window.map()
		pixmap = window.create_pixmap(20, 20, d.screen().root_depth)
		gc = pixmap.create_gc()

		def image(of):
		    of.get_image(0, 0, 10, 10, X.ZPixmap, 0xffffffff)

		def copied():
		    gc.change(subwindow_mode=X.IncludeInferiors)
		    pixmap.copy_area(gc, root, 0, 0, 20, 20, 0, 0)
		    image(pixmap)

		def selection():
		    clipboard = d.intern_atom("CLIPBOARD")
		    window.set_selection_owner(clipboard, X.CurrentTime)
		    d.sync()
		    window.convert_selection(clipboard, Xatom.STRING, Xatom.CUT_BUFFER0, X.CurrentTime)

		def drag():
		    window.convert_selection(d.intern_atom("XdndSelection"), Xatom.STRING, Xatom.CUT_BUFFER0, X.CurrentTime)

		{"window": lambda: image(window), "pixmap": lambda: image(pixmap), "root": lambda: image(root),
		 "copied": copied, "selection": selection, "drag": drag, "keymap": d.query_keymap,
		 "owner": lambda: d.get_selection_owner(d.intern_atom("CLIPBOARD")),
		 "shortcut": lambda: root.grab_key(38, X.ControlMask, True, X.GrabModeAsync, X.GrabModeAsync),
		 "watch": lambda: root.change_attributes(event_mask=X.KeyPressMask),
		}[sys.argv[1]]()
		d.sync()
	END
}
x11_client_finds() {
	x11_python
	x11_finds "$1" "$2" "$3" /usr/bin/python3 "$tmp/client.py" "$4"
}
x11_client_silent() {
	x11_python
	x11_silent /usr/bin/python3 "$tmp/client.py" "$1"
}

# The client requests a window with the id of another client's window. The server refuses, and no window is created.
x11_feigned() {
	/usr/bin/python3 -c 'import Xlib' 2>/dev/null || skip "python3-xlib is not installed"
	cat >"$tmp/feign.py" <<-'END'
		from Xlib import X, display
		from Xlib.protocol import request
		d = display.Display()
		other = d.get_selection_owner(d.intern_atom("CLIPBOARD"))
		request.CreateWindow(display=d.display, depth=0, wid=other.id, parent=d.screen().root.id, x=0, y=0, width=1,
		    height=1, border_width=0, window_class=0, visual=0, attrs={}, onerror=lambda *error: None)
		try:
		    other.get_image(0, 0, 1, 1, X.ZPixmap, 1)
		except Exception as error:
		    print(error)
	END
	x11_finds screen_content direct "GetImage of another program" /usr/bin/python3 "$tmp/feign.py"
}

# The client renders the screen, or its own window, into its own pixmap, and reads that.
x11_rendered() {
	x11_begin
	/usr/bin/python3 -c 'import ctypes; ctypes.CDLL("libXrender.so.1")' 2>/dev/null || skip 'no libXrender'
	cat >"$tmp/render.py" <<-'END'
		import ctypes, sys
		from ctypes import c_ulong as number, c_void_p as pointer
		x, render = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrender.so.1")
		for function in (x.XOpenDisplay, x.XDefaultVisual, x.XGetImage, render.XRenderFindVisualFormat):
		    function.restype = pointer
		for function in (x.XDefaultRootWindow, x.XCreateSimpleWindow, x.XCreatePixmap, render.XRenderCreatePicture):
		    function.restype = number
		d = pointer(x.XOpenDisplay(None))
		root = number(x.XDefaultRootWindow(d))
		window = number(x.XCreateSimpleWindow(d, root, 0, 0, 20, 20, 0, number(0), number(0)))
		pixmap = number(x.XCreatePixmap(d, root, 20, 20, 24))
		kind = pointer(render.XRenderFindVisualFormat(d, pointer(x.XDefaultVisual(d, 0))))
		inferiors = (ctypes.c_char * 128)()
		ctypes.c_int.from_buffer(inferiors, 56).value = 1
		of = number(render.XRenderCreatePicture(d, window if sys.argv[1] == "own" else root, kind, number(1 << 8), inferiors))
		to = number(render.XRenderCreatePicture(d, pixmap, kind, number(0), inferiors))
		render.XRenderComposite(d, 1, of, number(0), to, 0, 0, 0, 0, 0, 0, 20, 20)
		print("read" if x.XGetImage(d, pixmap, 0, 0, 20, 20, number(0xffffff), 2) else "nothing")
	END
	if [ "$1" = own ]; then
		x11_silent /usr/bin/python3 "$tmp/render.py" own
	else
		x11_finds screen_content direct 'GetImage of pixels copied' /usr/bin/python3 "$tmp/render.py" screen
	fi
	grep -q read "$tmp/stdout" || fail "nothing was read: $(cat "$tmp/stderr")"
}

# Screenshot programs list the windows first.
x11_screenshot() {
	local object=$1
	shift
	x11_begin "$1"
	audit av_meeting -- "$@"
	expect "exit == 10; summary['lost'] == 0; summary['undecoded'] == 0; \
		total(category='screen_content') == 1; \
		has(category='screen_content', grade='direct', verdict='undeclared', object='~^$object'); \
		none(category=['clipboard', 'key_input'])"
}

# A program of a toolkit that pastes once.
x11_toolkit() {
	local kind=$1 module=$2
	x11_begin
	desktop_heavy
	/usr/bin/python3 -c "import $module" 2>/dev/null || skip "no $module for Python"
	cat >"$tmp/gtk.py" <<-'END'
		import gi
		gi.require_version("Gtk", "3.0")
		from gi.repository import GLib, Gtk
		window, entry = Gtk.Window(), Gtk.Entry()
		window.add(entry)
		window.show_all()
		entry.grab_focus()
		entry.connect("changed", lambda e: (print(e.get_text(), flush=True), GLib.timeout_add(100, Gtk.main_quit)))
		GLib.timeout_add(200, lambda: entry.emit("paste-clipboard"))
		Gtk.main()
	END
	cat >"$tmp/qt.py" <<-'END'
		from PyQt5 import QtCore, QtWidgets
		app = QtWidgets.QApplication([])
		edit = QtWidgets.QLineEdit()
		edit.textChanged.connect(lambda text: (print(text, flush=True), QtCore.QTimer.singleShot(100, app.quit)))
		edit.show()
		QtCore.QTimer.singleShot(200, edit.paste)
		app.exec_()
	END
	x11_reads 1 'CLIPBOARD as' env XDG_RUNTIME_DIR="$tmp" NO_AT_BRIDGE=1 /usr/bin/python3 "$tmp/$kind.py"
	grep -q 'in clipboard' "$tmp/stdout" || fail "$kind pasted nothing: $(cat "$tmp/stderr")"
}

# A browser with a window, in which a user pastes: $1 seconds under load, $2 times.
x11_chromium() {
	local seconds=$1 pastes=$2
	x11_begin chromium xdotool
	desktop_heavy
	cat >"$tmp/page.html" <<-'END'
		<title>loading</title><textarea id=t style="display:block"></textarea><canvas id=c width=700 height=400></canvas><script>
		const g = c.getContext('2d')
		function draw() {
			for (let i = 0; i < 200; i++) {
				g.fillStyle = `rgb(${Math.random()*255},${i},99)`
				g.fillRect(Math.random()*700, Math.random()*400, 60, 40)
			}
			requestAnimationFrame(draw)
		}
		if (location.hash) draw()
		t.oninput = () => { document.title = 'pasted ' + t.value.split('clipboard').length }
		onclick = () => {
			t.focus()
			document.title = 'ready'
		}
		</script>
	END
	cat >"$tmp/drive.sh" <<-'END'
		tmp=$1 seconds=$2 pastes=$3 hash=$4
		chromium --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync \
			--disable-component-update --disable-dev-shm-usage --ozone-platform=x11 \
			--user-data-dir="$tmp/profile" "file://$tmp/page.html$hash" >/dev/null 2>"$tmp/chromium.err" &
		browser=$!
		shown() { xdotool search --onlyvisible --name "$1" >/dev/null 2>&1; }
		# until_shown TITLE CMD...: repeats CMD, since a click or a key that is sent too early is lost.
		until_shown() {
			local title=$1 i
			shift
			for i in $(seq 100); do
				"$@"
				shown "$title" && return
				sleep 0.2
			done
			echo "the browser did not show $title"
		}
		until_shown '^ready' xdotool mousemove 400 400 click 1
		for i in $(seq "$pastes"); do
			xdotool key ctrl+v
			until_shown "^pasted $((i + 1))" true
		done
		until [ $SECONDS -ge "$seconds" ]; do xdotool mousemove $((RANDOM % 700)) $((RANDOM % 500)); done
		kill $browser
		wait $browser
		echo done
	END
	limit=180 audit "${3:-av_meeting}" -- bash "$tmp/drive.sh" "$tmp" "$seconds" "$pastes" "${4:-}"
	grep -q '^done' "$tmp/stdout" || fail "the browser was not driven: $(tail -n 1 "$tmp/chromium.err")"
	grep -q '^the browser' "$tmp/stdout" && fail "$(head -n 1 "$tmp/stdout")"
	expect "summary['lost'] == 0; summary['undecoded'] == 0; \
		$pastes <= total(category='clipboard', grade='direct', exe='~chromium') <= 2 * $pastes; \
		none(exe='~chromium', category=['screen_content', 'key_input'])"
}
x11_chromium_paste() {
	x11_chromium 0 1 av_meeting
	expect "exit == 10; has(category='clipboard', exe='~chromium', verdict='out_of_scenario', finding=True); \
		total(category='clipboard', grade='probe', exe='~chromium') <= 2"
	x11_chromium 0 1 instant_messaging
	expect "has(category='clipboard', exe='~chromium', verdict='declared'); \
		none(category='clipboard', finding=True)"
}
x11_chromium_load() { x11_chromium 30 3 av_meeting '#load'; }

# A client that is joined while it runs: its earlier requests are not known, its later ones are.
x11_late() {
	local joiner
	x11_python
	x11_begin
	cat >"$tmp/late.py" <<-'END'
		import sys
		sys.argv[1:] = ["owner"]
		exec(open(sys.path[0] + "/client.py").read())
		print("ready", flush=True)
		sys.stdin.readline()
		clipboard = d.intern_atom("CLIPBOARD")
		window.convert_selection(clipboard, Xatom.STRING, Xatom.CUT_BUFFER0, X.CurrentTime)
		image(window)
		image(root)
		d.sync()
		print("asked", flush=True)
		sys.stdin.readline()
	END
	outside /usr/bin/python3 "$tmp/late.py"
	background "$PIAUDIT" --pid "$outside" --scenario av_meeting -f json -o "$tmp/out.json"
	joiner=$background
	wait_for joined grep -q '"state": *"joined"' "$tmp/out.json"
	echo >&9
	wait_for 'the client' grep -q '^asked' "$tmp/outside"
	kill -INT "$joiner"
	ended "$joiner"
	expect "summary['undecoded'] == 0; \
		total(category='clipboard', grade='direct', object='CLIPBOARD as STRING') == 1; \
		has(category='screen_content', object='GetImage of the whole screen')"
}

# The audit does not wait for a server that does not answer: the request is reported with the known facts.
x11_mute_server() {
	x11_begin
	[ -e /usr/bin/python3 ] || skip "no python3"
	cat >"$tmp/mute.py" <<-'END'
		import socket, struct, sys, threading, time
		name = "\0/tmp/.X11-unix/X%d" % (5000 + int(sys.argv[1]) % 1000)
		server = socket.socket(socket.AF_UNIX)
		server.bind(name)
		server.listen(8)
		client = socket.socket(socket.AF_UNIX)
		client.connect(name)
		client.sendall(struct.pack("<BBHHHHH", ord("l"), 0, 11, 0, 0, 0, 0))
		start = time.monotonic()
		for target in range(2):
		    client.sendall(struct.pack("<BBHIIIII", 24, 0, 6, 0x400001, 237, 300 + target, 9, 0))
		print("sent in", time.monotonic() - start)
	END
	audit av_meeting -- /usr/bin/python3 "$tmp/mute.py" $$
	expect "summary['lost'] == 0; total(category='clipboard', grade='exposed') == 2"
}

# A server that stops again and again, as on a busy machine: known facts stay valid, so every new client is decoded.
x11_slow_server() {
	local server stops
	x11_begin xdotool
	server=$(head -n 1 "$work/x11.pids")
	cat >"$tmp/clients.sh" <<-'END'
		xclip -o >/dev/null
		: >"$1/known"
		until [ -e "$1/slow" ]; do sleep 0.05; done
		for i in 1 2 3 4 5 6; do xdotool mousemove $i $i; done
		xclip -o -selection clipboard
	END
	{
		until [ -e "$tmp/known" ]; do sleep 0.05; done
		while kill -STOP "$server"; do
			: >"$tmp/slow"
			sleep 0.4
			kill -CONT "$server"
			sleep 0.1
		done
	} &
	stops=$!
	started+=("$stops")
	audit av_meeting -- bash "$tmp/clients.sh" "$tmp"
	kill "$stops"
	wait "$stops" 2>/dev/null
	kill -CONT "$server"
	expect "exit == 10; summary['lost'] == 0; summary['undecoded'] == 0; \
		total(category='clipboard', grade='direct', object='CLIPBOARD as UTF8_STRING') == 1"
}

# Data that was never in the program's memory cannot be read. It counts as lost, and the decoder resynchronizes.
x11_spliced() {
	[ -e /usr/bin/python3 ] || skip "no python3"
	cat >"$tmp/splice.py" <<-'END'
		import ctypes, os, socket, struct, sys
		way = sys.argv[2]
		name = "\0/tmp/.X11-unix/X%d" % (6000 + int(sys.argv[1]) % 1000)
		server, client = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
		server.bind(name)
		server.listen(8)
		client.connect(name)
		read, write = os.pipe()
		file = os.memfd_create("requests")
		keymap = struct.pack("<BBH", 44, 0, 1) * 8
		os.write(file, keymap)
		os.write(write, keymap)
		client.sendall(struct.pack("<BBHHHHH", ord("l"), 0, 11, 0, 0, 0, 0))
		if way == "sendfile":
		    print("sent", os.sendfile(client.fileno(), file, 0, len(keymap)))
		elif way == "sendmmsg":
		    iovec = (ctypes.c_void_p * 2)(ctypes.cast(keymap, ctypes.c_void_p), len(keymap))
		    message = (ctypes.c_void_p * 8)(None, None, ctypes.addressof(iovec), 1)
		    print("sent", 32 * ctypes.CDLL(None).sendmmsg(client.fileno(), message, 1, 0))
		else:
		    print("sent", os.splice(read, client.fileno(), len(keymap)))
		client.sendall(struct.pack("<BBHIIIII", 24, 0, 6, 0x400001, 1, 31, 9, 0))
	END
	audit av_meeting -- /usr/bin/python3 "$tmp/splice.py" $$ "$1"
	expect "exit in (10, 11); summary['lost'] > 0; summary['undecoded'] > 0; \
		total(category='clipboard', object='PRIMARY as STRING') == 1"
	grep -q '^sent 32' "$tmp/stdout" || fail "not sent: $(cat "$tmp/stderr")"
}

table_x11() {
	together
	row x11-xclip x11_tool xclip 'CLIPBOARD as UTF8_STRING' 'in clipboard' -o -selection clipboard
	row x11-xclip-primary x11_tool xclip 'PRIMARY as UTF8_STRING' 'in primary' -o
	row x11-xsel x11_tool xsel 'CLIPBOARD as UTF8_STRING' 'in clipboard' -b -o
	row x11-targets x11_finds clipboard probe 'TARGETS of CLIPBOARD' xclip -o -selection clipboard -t TARGETS
	row x11-gtk x11_toolkit gtk gi
	row x11-qt x11_toolkit qt PyQt5
	row x11-xwd x11_screenshot 'GetImage of the whole screen' xwd -root -silent
	row x11-scrot x11_screenshot 'ShmGetImage of the whole screen' scrot -o "$work/x11.png"
	row x11-xinput x11_finds key_input direct 'XInput key events of all windows' timeout 1 xinput test-xi2 --root
	row x11-root x11_client_finds screen_content direct 'GetImage of the whole screen' root
	row x11-copied x11_client_finds screen_content direct 'pixels copied' copied
	row x11-feigned x11_feigned
	row x11-rendered x11_rendered screen
	row x11-own-rendered x11_rendered own
	row x11-keymap x11_client_finds key_input direct QueryKeymap keymap
	row x11-watch-keys x11_client_finds key_input direct 'key events of all windows' watch
	row x11-shortcut x11_client_finds key_input probe GrabKey shortcut
	row x11-own-window x11_client_silent window
	row x11-own-pixmap x11_client_silent pixmap
	row x11-own-selection x11_client_silent selection
	row x11-owner x11_client_silent owner
	row x11-drag x11_client_silent drag
	row x11-xdpyinfo x11_silent xdpyinfo
	row x11-late x11_late
	row x11-mute-server x11_mute_server
	row x11-slow-server x11_slow_server
	row x11-splice x11_spliced splice
	row x11-sendfile x11_spliced sendfile
	row x11-sendmmsg x11_spliced sendmmsg
	row x11-chromium-paste x11_chromium_paste
	row x11-chromium-load x11_chromium_load
	apart
	x11_end
}
