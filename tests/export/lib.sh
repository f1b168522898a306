# lib.sh - for tests of piaudit-export: makes spools and configurations, starts and stops receivers.
# shellcheck shell=bash
B=${PIAUDIT_BUILD:-build}
EXPORT=$B/piaudit-export
COUNT=${EXPORT_COUNT:-5000} # findings in a larger test
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-export.XXXXXX") || exit 2
declare -A receivers=() # pid by name
trap 'for pid in "${receivers[@]}"; do kill -9 "$pid" 2>/dev/null; done; wait 2>/dev/null; rm -rf "$work"' EXIT
export LC_ALL=C

ok() { echo "ok export/$1"; }
skip() { echo "skip export/$1 ($2)"; }
fail() { echo "FAIL export/$1 ($2)"; failed=1; }
has() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null; }

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# begun NAME CMD...: starts CMD in the background. ended NAME [SIGNAL]: ends it; begun can start it again.
begun() {
	local name=$1
	shift
	"$@" >>"$work/$name.out" 2>&1 </dev/null &
	receivers[$name]=$!
}
ended() {
	kill "-${2:-TERM}" "${receivers[$1]}" 2>/dev/null
	wait "${receivers[$1]}" 2>/dev/null
	unset "receivers[$1]"
}

# until_true SECONDS CMD...: waits until CMD returns 0; fails after SECONDS.
until_true() {
	local turns=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ $((turns -= 1)) -gt 0 ] || return 1
		sleep 0.05
	done
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# fresh NAME COUNT: for a test, makes a spool with findings 1 to COUNT, and removes the state.
fresh() {
	rm -rf "$work/$1"
	mkdir -p "$work/$1"
	"$B/export/fill" "$work/$1/spool" 1 "$2"
}

# settings NAME LINE: writes the configuration of a test; waits are short, since the receiver is on this machine.
settings() {
	local waits=''
	[[ $2 == *timeout:* ]] || waits+='timeout: 5s, '
	[[ $2 == *retry_least:* ]] || waits+='retry_least: 50ms, retry_most: 500ms, '
	mkdir -p "$work/$1"
	printf '%s\n' "spool: $work/$1/spool" "state: $work/$1/state" 'destinations:' \
		"  - {name: to, $waits$2}" >"$work/$1/export.yaml"
	chmod 600 "$work/$1/export.yaml"
}

# bring NAME [SECONDS]: runs the exporter until all findings are delivered.
bring() {
	timeout "${2:-60}" "$EXPORT" -c "$work/$1/export.yaml" --once >"$work/$1/err" 2>&1
}

unique() { grep -oh '01a208d6-53b4-791e-a077-[0-9a-f]*' "$@" 2>/dev/null | sort -u | wc -l; }
all_in() { [ "$(unique "$1")" -ge "$2" ]; }

# whole NAME FILE COUNT: FILE contains exactly COUNT different findings; duplicates are allowed.
whole() {
	local got dead
	until_true 10 all_in "$2" "$3"
	got=$(unique "$2")
	dead=$(cat "$work/$1/state/to.dead" 2>/dev/null | wc -l)
	if [ "$got" = "$3" ] && [ "$dead" = 0 ]; then
		ok "$1"
	else
		fail "$1" "$got of $3 arrived, $dead refused: $(tail -n 1 "$work/$1/err" | cut -c 1-200)"
	fi
}

# test_bring NAME FILE LINE [COUNT]: a complete test of the destination LINE.
test_bring() {
	local count=${4:-$COUNT}
	fresh "$1" "$count"
	settings "$1" "$3"
	if bring "$1" $((60 + COUNT / 100)); then
		whole "$1" "$2" "$count"
	else
		fail "$1" "exit $?: $(tail -n 1 "$work/$1/err" | cut -c 1-200)"
	fi
}

# refuses NAME TEXT LINE: the exporter sends nothing to this receiver, and reports TEXT.
refuses() {
	fresh "$1" 10
	settings "$1" "$3"
	bring "$1" 2
	if ! grep -q "$2" "$work/$1/err"; then
		fail "$1" "said: $(head -n 1 "$work/$1/err" | cut -c 1-200)"
	elif [ -e "$work/$1/state/to.cursor" ]; then
		fail "$1" 'it takes them for brought'
	else
		ok "$1"
	fi
}

# stub NAME MOOD...: starts an HTTP receiver; $stub is its address, $stub_port its port, $stub_ids the file of received
# ids.
stub() {
	local name=stub-$1
	shift
	mkdir -p "$work/$name"
	rm -f "$work/$name"/*
	begun "$name" python3 tests/export/stub.py "$work/$name" "$@"
	until_true 10 test -e "$work/$name/port"
	stub_port=$(cat "$work/$name/port")
	stub=http://127.0.0.1:$stub_port
	stub_ids=$work/$name/ids
}

# certificate NAME CN DAYS: signed by the test's own authority.
certificate() {
	printf 'subjectAltName=DNS:%s\n' "$2" >"$work/san"
	openssl req -newkey rsa:2048 -nodes -keyout "$work/$1.key" -out "$work/csr" -subj "/CN=$2" 2>/dev/null
	openssl x509 -req -in "$work/csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial \
		-days "$3" -extfile "$work/san" -out "$work/$1.pem" 2>/dev/null
}
certificates() {
	local name
	for name in ca stranger; do
		openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/$name.key" -out "$work/$name.pem" \
			-subj "/CN=$name" -days 2 2>/dev/null
	done
	certificate server localhost 2
	certificate client piaudit 2
	certificate other other.example 2
	certificate expired localhost -1
}
