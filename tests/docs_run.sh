#!/bin/bash
# docs_run.sh - `docs_run.sh PLAN [folder|machine SOURCE]`: runs the commands of PLAN, a part of the output of
# docs_commands.py, in this folder, and prints a line for each. First it makes the files that the commands name: those
# of this folder, or also those of a temporary machine. SOURCE is the source tree with its build.
set -u
umask 022 # piaudit refuses files that a group can write to
plan=$1 place=${2:-} source=${3:-}
LIMIT=60     # seconds for a command
STOP_AFTER=2 # seconds until Ctrl-C
work=$(mktemp -d) || exit 2
started=()
failed=0
trap 'for pid in "${started[@]}"; do kill "$pid"; done 2>/dev/null; rm -rf "$work"' EXIT
piaudit() { command "$source/build/piaudit" "$@"; }

block() { python3 "$source/tests/docs_commands.py" --block "man/$1.scd" "$2"; }
# Files of the commands: statements, a program, a recording and the histories of two replays.
files() {
	local name
	cp "$source/policy/template.yaml" my.yaml
	printf 'statement: my.yaml\ncases:\n  - {scenario: note_taking, category: clipboard, expect: declared}\n' >my.test.yaml
	block piaudit-statement.5 '^statement: {' >notes.yaml
	block piaudit-statement.5 '^cases:' >notes.test.yaml
	block piaudit-scenario.h.3 '^#include <piaudit/scenario.h>' >client.c
	printf '#!/bin/sh\ncat /etc/machine-id /usr/lib/os-release /var/log/wtmp >/dev/null\n' >client
	chmod 755 client
	cp "$source/tests/golden/everyday.in" run.rec
	piaudit replay -q --history h.db run.rec >/dev/null
	piaudit replay -q --policy notes.yaml --scenario note_taking --history notes.db run.rec >/dev/null
	for name in notes.yaml notes.test.yaml client.c h.db notes.db; do
		[ -s $name ] || { echo "$name is empty"; return 1; }
	done
}

# Files of the machine: programs, and the configuration of the service.
machine_files() {
	cp client /usr/bin/example-notes
	cp client /usr/local/bin/my-program
	mkdir -p /opt/notes /etc/piaudit/policies.d /run/piaudit
	cp /bin/dash /opt/notes/notes
	install -d -m 700 /var/lib/piaudit /var/log/piaudit /var/lib/piaudit-export
	install -d -m 2750 /var/lib/piaudit/spool
	block piaudit-daemon.8 '^statement: {' >/etc/piaudit/policies.d/notes.yaml
	echo 'spool: /var/lib/piaudit/spool' >/etc/piaudit/piaudit.yaml
	cat >/etc/piaudit/export.yaml <<-'END'
		destinations:
		  - {name: file, type: file, to: /var/lib/piaudit-export/findings.jsonl}
		  - {name: kafka, type: kafka, to: '127.0.0.1:1', into: piaudit}
	END
	receiver
}

# receiver: takes an index template, as OpenSearch does.
receiver() {
	cp "$source/systemd/siem/opensearch-template.json" .
	python3 -I - <<-'END' &
		import http.server, json
		class Receiver(http.server.BaseHTTPRequestHandler):
		    def do_PUT(self):
		        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
		        good = self.path == "/_index_template/piaudit" and "index_patterns" in body
		        self.send_response(200 if good else 400)
		        self.end_headers()
		        self.wfile.write(b'{"acknowledged":true}')
		http.server.HTTPServer(("127.0.0.1", 9200), Receiver).serve_forever()
	END
	started+=($!)
}

# daemon_up PID: waits for the daemon, and makes a finding of its app.
daemon_up() {
	local until=$((SECONDS + 20))
	until piaudit status >/dev/null 2>&1; do
		[ $SECONDS -lt $until ] && kill -0 "$1" || return
		sleep 0.1
	done
	/opt/notes/notes -c 'read -r x </etc/machine-id; read -r x </var/log/wtmp'
	sleep 1.5 # the history is written once a second
}

# result COMMAND PLACE EXPECTED SHELL CODE: EXPECTED is "CODE[,CODE...] [quiet]". The output is in $work/out; a file
# that -o names is output too.
result() {
	local output
	output=$(sed -nE 's/.* -o ([^ ]+).*/\1/p' <<<"$4")
	if [[ ",${3%% *}," != *",$5,"* ]]; then
		echo "FAIL docs/$1 ($2: exit $5, not ${3%% *}: $(tail -n 1 "$work/out"))"
	elif [ -n "$output" ] && [ ! -s "$output" ]; then
		echo "FAIL docs/$1 ($2: $output is not written)"
	elif [[ $3 != *quiet ]] && [ -z "$output" ] && [ ! -s "$work/out" ]; then
		echo "FAIL docs/$1 ($2: it prints nothing)"
	else
		echo "ok docs/$1"
		return
	fi
	failed=1
}


# run WAY COMMAND PLACE EXPECTED SHELL
run() {
	local code=0 pid program=${5%% *}
	# Where an exporter's library is missing, make leaves it out.
	if [[ $program == piaudit-export* ]] && ! command -v "$program" >/dev/null; then
		echo "skip docs/$2 ($program is not built here)"
		return
	fi
	case $1 in
	stop)
		timeout --preserve-status -k 10 -s INT $STOP_AFTER bash -c "$5" >"$work/out" 2>&1 </dev/null || code=$?
		;;
	daemon)
		bash -c "exec $5" >"$work/daemon" 2>&1 </dev/null &
		pid=$!
		started+=("$pid")
		if daemon_up "$pid"; then
			at_end=("$2" "$3" "$4" "$5" "$pid")
		else
			echo "FAIL docs/$2 ($3: it does not answer: $(tail -n 1 "$work/daemon"))"
			failed=1
		fi
		return
		;;
	dry)
		if bash -c "${5/make/make -n}" >"$work/out" 2>&1 </dev/null && [ -s "$work/out" ]; then
			echo "skip docs/$2 ($4)"
		else
			result "$2" "$3" 0 "$5" 1
		fi
		return
		;;
	*) timeout -k 10 $LIMIT bash -c "$5" >"$work/out" 2>&1 </dev/null || code=$? ;;
	esac
	result "$2" "$3" "$4" "$5" "$code"
}

# The daemon ends after the last command.
end_daemon() {
	local code=0
	kill -TERM "${at_end[4]}"
	wait "${at_end[4]}" || code=$?
	mv "$work/daemon" "$work/out"
	result "${at_end[@]:0:4}" "$code"
}

if [ -n "$place" ] && ! { files && { [ "$place" = folder ] || machine_files; }; } >"$work/out" 2>&1; then
	echo "FAIL docs/files ($(tail -n 1 "$work/out"))"
	exit 1
fi
sleep 600 &
export PID=$!
started+=("$PID")
at_end=()
while IFS=$'\t' read -r -u 3 way command where expected shell; do
	run "$way" "$command" "$where" "$expected" "$shell"
done 3<"$plan"
[ ${#at_end[@]} = 0 ] || end_daemon
exit $failed
