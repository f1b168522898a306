# test_sound.sh - requests of real programs to PulseAudio and PipeWire servers of the tests. Recordings of the
# microphone, of played sound and of a camera are distinguished from playback, in a right and in a wrong scenario.

# sound_env DIR: sets $sound to an environment in which only the servers of DIR can be found.
sound_env() {
	sound=(env -u DBUS_SESSION_BUS_ADDRESS -u DISPLAY -u WAYLAND_DISPLAY -u PULSE_SERVER
		HOME="$1" XDG_RUNTIME_DIR="$1" XDG_CONFIG_HOME="$1/config" XDG_STATE_HOME="$1/state"
		GST_REGISTRY="$work/gst.registry")
}

# For programs that do not end by themselves: long enough to make their requests.
a_while=(timeout -s INT "$(python3 -I -S -c "print(0.7 * $scale)")")
a_long_while=(timeout -s INT "$((3 * scale))") # GStreamer, on a busy machine

pulse_server=(pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --log-target=stderr
	-L 'module-null-sink sink_name=speaker' -L 'module-null-source source_name=microphone')
pulse_socket='module-native-protocol-unix auth-anonymous=1'

# server_start DIR CMD...: starts a server in a process group, $server; $server_why is the reason if that fails.
server_start() {
	local dir=$1 until=$((SECONDS + 10 * scale))
	shift
	server='' server_why="$1 is not installed"
	command -v "$1" >/dev/null && command -v pactl >/dev/null || return
	mkdir -p -m 700 "$dir"
	sound_env "$dir"
	"${sound[@]}" setsid "$@" >"$dir.log" 2>&1 &
	server=$! server_why="$1 does not run: see $dir.log"
	while [ "$SECONDS" -lt "$until" ]; do
		"${sound[@]}" timeout 5 pactl list short sources 2>/dev/null | grep -q . && { server_why=''; return; }
		sleep 0.1
	done
}

server_end() {
	[ -z "$server" ] || kill -- "-$server" 2>/dev/null
	[ -z "$server" ] || wait "$server" 2>/dev/null
}

# asks SCENARIO VERDICT SOURCE CATEGORY CMD...: CMD makes one request to these servers, for SOURCE, with this verdict.
# If SOURCE is "-", CMD makes no request.
asks() {
	local scenario=$1 verdict=$2 source=$3 category=$4 grade=direct word
	shift 4
	[ -z "$server_why" ] || skip "$server_why"
	for word; do
		[[ $word == timeout || $word == -* || $word == INT || $word == [0-9]* ]] || break
	done
	need "$word"
	[[ $source == *_devices ]] && grade=probe
	[[ $source == *_clients ]] && grade=exposed
	audit "$scenario" -- "${sound[@]}" "$@"
	expect "summary['lost'] == 0; summary['undecoded'] == 0"
	if [ "$source" = - ]; then
		expect "none(source='~^(pulse|pipewire)_(?!devices)'); not has(verdict='undeclared', finding=True)"
	else
		expect "total(source='$source') == 1; \
			has(source='$source', category='$category', grade='$grade', verdict='$verdict'); \
			none(source='~^(pulse|pipewire)_(?!devices|${source#*_})')"
	fi
}

# listened NAME SOURCE CMD...: CMD records sound. That is declared in a meeting, and a finding elsewhere.
listened() {
	local name=$1 source=$2 category=av_stream
	shift 2
	[[ $source == *_microphone ]] && category=input_voice
	$sound_row "$name-av-meeting" asks av_meeting declared "$source" av_stream "$@"
	$sound_row "$name-account-login" asks account_login out_of_scenario "$source" $category "$@"
}

pulse_rows() {
	local record=("${a_while[@]}" parecord --raw /dev/null)
	listened pulse-parecord pulse_microphone "${record[@]}"
	listened pulse-monitor pulse_speakers "${record[@]}" -d speaker.monitor
	$sound_row pulse-named asks av_meeting declared pulse_microphone av_stream "${record[@]}" -d microphone
	$sound_row pulse-default-monitor asks av_meeting declared pulse_speakers av_stream \
		"${record[@]}" -d @DEFAULT_MONITOR@
	$sound_row pulse-number asks account_login out_of_scenario pulse_sound av_stream "${record[@]}" -d 0
	$sound_row pulse-gstreamer asks account_login out_of_scenario pulse_microphone input_voice \
		gst-launch-1.0 -q pulsesrc num-buffers=3 ! fakesink
	$sound_row pulse-athena asks athena wrong_method pulse_microphone input_voice "${record[@]}"
	$sound_row pulse-silence-paplay asks account_login - - - paplay "$work/play.wav"
	$sound_row pulse-silence-gstreamer asks account_login - - - \
		gst-launch-1.0 -q audiotestsrc num-buffers=9 ! pulsesink
	$sound_row pulse-silence-subscribe asks account_login - - - "${a_while[@]}" pactl subscribe
}

# Without a ring in shared memory, as for clients of another user. Also requests that end before their ring is found:
# piaudit only knows that it missed them.
socket_rows() {
	local record=("${a_while[@]}" parecord --raw /dev/null)
	$sound_row pulse-socket-parecord asks account_login out_of_scenario pulse_microphone input_voice "${record[@]}"
	$sound_row pulse-sources asks av_meeting declared pulse_devices av_device_info pactl list sources
	$sound_row pulse-clients asks account_login out_of_scenario pulse_clients running_processes pactl list clients
	$sound_row pulse-silence-sample asks account_login - - - pactl upload-sample "$work/play.wav" bell
	$sound_row pulse-socket-silence asks account_login - - - paplay "$work/play.wav"
}

pipewire_rows() {
	listened pipewire-pw-record pipewire_microphone "${a_while[@]}" pw-record "$work/take.wav"
	listened pipewire-sink pipewire_speakers "${a_while[@]}" pw-record -P stream.capture.sink=true "$work/take.wav"
	local record=("${a_while[@]}" parecord --raw /dev/null)
	$sound_row pipewire-parecord asks account_login out_of_scenario pulse_microphone input_voice "${record[@]}"
	$sound_row pipewire-parecord-monitor asks av_meeting declared pulse_speakers av_stream \
		"${record[@]}" -d @DEFAULT_MONITOR@
	local camera=("${a_long_while[@]}" gst-launch-1.0 -q pipewiresrc stream-properties=p,media.role=Camera ! fakesink)
	local screen=("${a_long_while[@]}" gst-launch-1.0 -q pipewiresrc stream-properties=p,media.role=Screen ! fakesink)
	$sound_row pipewire-camera-av-meeting asks av_meeting declared pipewire_camera av_stream "${camera[@]}"
	$sound_row pipewire-camera-clock-in asks clock_in_out declared pipewire_camera face_image "${camera[@]}"
	$sound_row pipewire-camera-account-login asks account_login out_of_scenario pipewire_camera av_stream \
		"${camera[@]}"
	$sound_row pipewire-screen asks av_meeting undeclared pipewire_screen screen_content "${screen[@]}"
	$sound_row pipewire-dump asks account_login out_of_scenario pipewire_clients running_processes pw-dump
	$sound_row pipewire-silence-pw-play asks account_login - - - pw-play "$work/play.wav"
	$sound_row pipewire-silence-paplay asks account_login - - - paplay "$work/play.wav"
	$sound_row pipewire-silence-gstreamer asks account_login - - - \
		gst-launch-1.0 -q audiotestsrc num-buffers=9 ! pipewiresink
}

# A silent wave file of half a second; and the registry that GStreamer writes at its first run.
sound_prepare() {
	python3 -I -S -c 'import sys, wave
with wave.open(sys.argv[1], "wb") as w:
    w.setparams((2, 2, 48000, 0, "NONE", None)); w.writeframes(bytes(4 * 24000))' "$work/play.wav"
	! command -v gst-inspect-1.0 >/dev/null || GST_REGISTRY="$work/gst.registry" gst-inspect-1.0 >/dev/null 2>&1
}

# sound_table ROWS DIR CMD...: runs ROWS with that server. A server takes seconds, so it starts only if a row is wanted.
sound_table() {
	local rows=$1
	shift
	sound_row=sound_wanted any=
	$rows
	[ -n "$any" ] || return
	[ -e "$work/play.wav" ] || sound_prepare
	server_start "$@"
	sound_row=row
	$rows
	server_end
}

table_sound() {
	sound_table pulse_rows "$work/pulse-server" "${pulse_server[@]}" -L "$pulse_socket"
	sound_table socket_rows "$work/socket-server" "${pulse_server[@]}" -L "$pulse_socket srbchannel=no"
	sound_table pipewire_rows "$work/pipewire-server" dbus-run-session -- sh -c '
		pipewire & sleep 0.3; wireplumber & pipewire-pulse & wait'
}

sound_wanted() {
	wanted "$1" "${filters[@]}" && any=1
}

# The client records, not the server: if only the server is audited, no request is reported.
test_pulse_server_is_no_client() {
	need pulseaudio parecord pactl
	mkdir -m 700 "$tmp/home"
	sound_env "$tmp/home"
	background "$PIAUDIT" run --scenario account_login -f json -o "$tmp/out.json" -- \
		"${sound[@]}" "${pulse_server[@]}" -L "$pulse_socket"
	wait_for 'the server' "${sound[@]}" pactl info >/dev/null
	"${sound[@]}" "${a_while[@]}" parecord --raw --latency-msec=20 "$tmp/take"
	[ -s "$tmp/take" ] || fail 'nothing was recorded'
	"${sound[@]}" pactl exit
	ended "$background"
	expect "none(source='~^(pulse|pipewire)_'); none(category='input_voice'); none(category='av_stream')"
}

# A recording contains the requests from a ring, and a replay judges them again.
test_pulse_ring_replays() {
	need pulseaudio parecord pactl
	mkdir -m 700 "$tmp/home"
	server_start "$tmp/home" "${pulse_server[@]}" -L "$pulse_socket"
	started+=("$server")
	[ -z "$server_why" ] || fail "$server_why"
	"$PIAUDIT" record --messages -o "$tmp/stream" -- "${sound[@]}" "${a_while[@]}" \
		parecord --raw -d speaker.monitor /dev/null >/dev/null 2>&1
	code=0
	"$PIAUDIT" replay --scenario account_login -f json -o "$tmp/out.json" "$tmp/stream" 2>"$tmp/stderr" || code=$?
	expect "total(source='pulse_speakers', object='source speaker.monitor') == 1; summary['undecoded'] == 0; exit == 10"
}
