#!/bin/bash
# report.sh - writes recordings into a history, and tests search and report in every format. Prints a line per test;
# UPDATE=1 rewrites the expected output. PIAUDIT names another binary.
set -u
cd "$(dirname "$0")/.." || exit 2
PIAUDIT=${PIAUDIT:-build/piaudit}
golden=tests/golden/report
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-report.XXXXXX") || exit 2
mkdir "$work/states"
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1795540000 # the date in the HTML page
export LC_ALL=C

ok() { echo "ok report/$1"; }
fail() { echo "FAIL report/$1 ($2)"; failed=1; }

# into HISTORY STATEMENT RECORDING: replays into HISTORY; the output of the replay is in $work/told.
into() {
	local code options
	read -ra options < <(sed -n 's/^# options: *//p' "$3")
	# Relative paths, so that the file of a rule is the same on every machine.
	"$PIAUDIT" replay -q -P "$2" --catalog "$golden/catalog" "${options[@]}" --history "$1" "$3" \
		>"$work/told" 2>"$work/err"
	code=$?
	case $code in
	0 | 10 | 11) ;;
	*) fail "replay-$(basename "$3" .in)" "exit $code: $(tail -n 1 "$work/err")" ;;
	esac
}
for input in first second third; do
	into "$work/history.db" "$golden/statement.yaml" "$golden/$input.in"
done

# same NAME CMD...: CMD prints the expected output.
same() {
	local name=$1
	shift
	"$@" >"$work/$name" 2>"$work/err" || { fail "$name" "exit $?: $(tail -n 1 "$work/err")"; return; }
	if [ "${UPDATE:-}" = 1 ]; then
		cp "$work/$name" "$golden/$name"
	elif ! cmp -s "$work/$name" "$golden/$name"; then
		fail "$name" "another output: $(diff "$golden/$name" "$work/$name" | head -n 3 | tr '\n' ' ')"
		return
	fi
	ok "$name"
}
for format in text json csv html; do
	same "report.$format" "$PIAUDIT" report --history "$work/history.db" -f "$format"
done
same day.text "$PIAUDIT" report --history "$work/history.db" --since 2026-11-24 --app notes
same empty.text "$PIAUDIT" report --history "$work/history.db" --until 2020-01-01
for format in text json csv; do
	same "search.$format" "$PIAUDIT" search --history "$work/history.db" -f "$format"
done

# Each state of a cell has its own recording: first the table of each, then the report of all.
for input in both form any tried marked; do
	into "$work/states.db" "$golden/states/statement.yaml" "$golden/states/$input.in"
	same "states/$input.text" cat "$work/told"
done
for format in text json csv html; do
	same "states/report.$format" "$PIAUDIT" report --history "$work/states.db" -f "$format"
done
# If no access obtained data, the result says so.
for input in tried nothing marked; do
	into "$work/$input.db" "$golden/states/statement.yaml" "$golden/states/$input.in"
	grep -q '^result: nothing was seen' "$work/told" || fail "nothing-seen-$input" "$(tail -n 1 "$work/told")"
	for format in text json; do
		same "states/report-$input.$format" "$PIAUDIT" report --history "$work/$input.db" -f "$format"
	done
done
same verdict.text "$PIAUDIT" search --history "$work/history.db" --verdict undeclared --scenario writing
same learn.yaml "$PIAUDIT" learn --catalog "$golden/catalog" --history "$work/history.db"

# learnt NAME CATALOG RECORDING [OPTION...]: the draft is a valid statement, and the recording has no finding under it.
learnt() {
	local name=learnt-$1 catalog=$2 recording=$3 draft=$work/draft.yaml code
	shift 3
	"$PIAUDIT" learn --catalog "$catalog" "$@" -o "$draft" 2>"$work/err"
	code=$?
	case $code in
	0 | 11) ;;
	*) fail "$name" "exit $code: $(tail -n 1 "$work/err")"; return ;;
	esac
	"$PIAUDIT" policy check --catalog "$catalog" "$draft" >"$work/why" 2>&1 ||
		{ fail "$name" "$(head -n 1 "$work/why")"; return; }
	"$PIAUDIT" policy lint --catalog "$catalog" "$draft" 2>&1 | grep -q 'purpose of .* is still TODO' ||
		{ fail "$name" 'lint does not say what is to do'; return; }
	"$PIAUDIT" replay -q --catalog "$catalog" -P "$draft" "$recording" >"$work/why" 2>&1
	code=$?
	case $code in
	0 | 11) ok "$name" ;;
	*) fail "$name" "exit $code: $(tail -n 1 "$work/why")" ;;
	esac
}
learnt history "$golden/catalog" "$golden/second.in" --history "$work/history.db"
for input in marks-nested marks-fork marks-lost everyday refused dbus; do
	learnt "$input" policy/catalog "tests/golden/$input.in" --replay "tests/golden/$input.in"
done
same marks.yaml "$PIAUDIT" learn --catalog policy/catalog --replay tests/golden/marks-nested.in

# said NAME CODE TEXT CMD...: CMD finds nothing, exits with CODE, and prints TEXT.
said() {
	local name=$1 want=$2 text=$3 code
	shift 3
	"$@" >"$work/out" 2>"$work/err"
	code=$?
	if [ $code = "$want" ] && grep -qF -- "$text" "$work/err"; then
		ok "$name"
	else
		fail "$name" "exit $code: $(head -n 1 "$work/err")"
	fi
}
asks=(--catalog "$golden/catalog" --history "$work/history.db")
said no-such-category 2 'did you mean "machine_id"?' "$PIAUDIT" search "${asks[@]}" --category machin_id
said no-such-source 2 'did you mean "os_release"?' "$PIAUDIT" search "${asks[@]}" --source os_relase
said no-such-app 0 'did you mean "notes"?' "$PIAUDIT" search "${asks[@]}" --app note
said report-no-such-app 0 'did you mean "notes"?' "$PIAUDIT" report "${asks[@]}" --app note
said no-such-scenario 0 'did you mean "writing"?' "$PIAUDIT" search "${asks[@]}" --scenario writng
said two-unknown-ids 2 'unknown source "os_relase"' "$PIAUDIT" search "${asks[@]}" --category machin_id --source os_relase
said not-seen 0 'search: nothing found' "$PIAUDIT" search "${asks[@]}" --category clipboard

# told NAME [OPTION...]: search and report of $work/NAME/h.db agree with the audit, in every format.
told() {
	local dir=$work/$1 format options=("${@:2}")
	for format in text json csv html; do
		"$PIAUDIT" report --history "$dir/h.db" "${options[@]}" -f $format >"$dir/report.$format" 2>"$work/err" ||
			{ fail "agrees-$1" "report: $(tail -n 1 "$work/err")"; return; }
	done
	for format in text json csv; do
		"$PIAUDIT" search --history "$dir/h.db" "${options[@]}" -f $format >"$dir/search.$format" 2>"$work/err" ||
			{ fail "agrees-$1" "search: $(tail -n 1 "$work/err")"; return; }
	done
	if python3 -I -S "$golden/check_counts.py" "$dir" >"$work/why" 2>&1; then
		ok "agrees-$1"
	else
		fail "agrees-$1" "$(head -n 3 "$work/why" | tr '\n' ' ')"
	fi
}
# play NAME STATEMENT CATALOG RECORDING: replays into the history of NAME, and keeps the output of the audit itself.
play() {
	local dir=$work/$1 options format
	mkdir -p "$dir"
	read -ra options < <(sed -n 's/^# options: *//p' "$4" | head -n 1)
	rm -f "$dir/h.db"*
	for format in json text; do
		"$PIAUDIT" replay -q -f $format -P "$2" --catalog "$3" "${options[@]}" \
			"$4" >"$dir/run.$format" 2>"$work/err"
		case $? in
		0 | 10 | 11) ;;
		*) fail "agrees-$1" "replay: $(tail -n 1 "$work/err")" ;;
		esac
	done
	"$PIAUDIT" replay -q -P "$2" --catalog "$3" "${options[@]}" --history "$dir/h.db" "$4" \
		>/dev/null 2>&1
}

# run, search and report agree on one recording: repeats, several objects and programs, grades, exceptions, losses.
for input in first second third; do
	play "$input" "$golden/statement.yaml" "$golden/catalog" "$golden/$input.in" && told "$input"
done
play many "$golden/letters.yaml" "$golden/catalog" "$golden/many.in"
told many
for input in everyday hostile loss marks-fork marks-lost marks-nested refused repeats truncated; do
	play "$input" policy/statements/welink.yaml policy/catalog "tests/golden/$input.in"
	told "$input"
done

# The same recording on another day, with other processes and counts: the findings are the same.
sed 's/offset=1795527472193510985 started=1795545393587380350/offset=1795727472193510985 started=1795745393587380350/
	s/40111/50222/g; s/more=4/more=7/; s/^end .*/end/; s/posting,address_book/address_book,posting/' "$golden/many.in" >"$work/later.in"
play later "$golden/letters.yaml" "$golden/catalog" "$work/later.in"
told later
prints() { grep -o '"fingerprint":"[0-9a-f]*"' "$work/$1/report.json" | sort; }
if [ -n "$(prints many)" ] && [ "$(prints many)" = "$(prints later)" ]; then
	ok fingerprints-of-two-histories
else
	fail fingerprints-of-two-histories "$(prints many | wc -l) and $(prints later | wc -l) differ"
fi

# A part of the time. A finding has no access between its first and its last one.
span() {
	mkdir -p "$work/$1"
	cp "$work/many/h.db" "$work/$1/h.db"
	told "$@"
}
span span-first --until 2026-11-24T19:00
span span-between --since 2026-11-24T19:00 --until 2026-11-24T20:00
span span-last --since 2026-11-24T20:00

# Rows of accesses are deleted before findings, and evidence can be deleted before the last access. Both are reported.
# kept NAME TABLE PATTERN: without the rows of TABLE the report still has all findings, and contains PATTERN.
kept() {
	mkdir -p "$work/$1"
	cp "$work/many/h.db" "$work/$1/h.db"
	python3 -I -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("DELETE FROM " + sys.argv[2])
db.commit()' "$work/$1/h.db" "$2"
	"$PIAUDIT" report --history "$work/$1/h.db" >"$work/$1/report.text"
	if grep -qF 'result: 4 findings (11 accesses)' "$work/$1/report.text" &&
		[ "$(grep -cE "$3" "$work/$1/report.text")" = 4 ]; then
		ok "$1"
	else
		fail "$1" "$(head -n 1 "$work/$1/report.text")"
	fi
}
kept findings-without-accesses access '^    (read|tried): '
kept findings-without-evidence finding '^    the evidence is no longer in the history$'

# sentence NAME TEXT: a report over the history of NAME has the result TEXT.
sentence() {
	"$PIAUDIT" report --history "$work/$1.db" >"$work/out" 2>"$work/err"
	if head -n 1 "$work/out" | grep -qxF "result: $2"; then
		ok "sentence-$1"
	else
		fail "sentence-$1" "$(head -n 1 "$work/out")"
	fi
}
# Under one of two statements nothing was seen.
sed 's/^  id: states/  id: others/' "$golden/states/statement.yaml" >"$work/others.yaml"
into "$work/half.db" "$golden/states/statement.yaml" "$golden/states/nothing.in"
into "$work/half.db" "$work/others.yaml" "$golden/states/both.in"
sentence half 'Everything that was seen is declared in the statements. For 1 of 2 statements, nothing was seen.'
# An excused access is not called declared.
cat - "$golden/states/statement.yaml" >"$work/excused.yaml" <<-'END'
	exceptions:
	  - id: known
	    reason: "accepted"
	    owner: operations
	    expires: 2027-12-31
	    category: machine_id
END
into "$work/excused.db" "$work/excused.yaml" "$golden/states/form.in"
sentence excused 'Everything that was seen is declared in the statement, or excused.'

# Two statements in one history, one of them in two versions.
mkdir -p "$work/two"
cp "$work/history.db" "$work/two/h.db"
sed 's/^  version: "7"/  version: "8"/' "$golden/letters.yaml" >"$work/letters8.yaml"
for statement in "$golden/letters.yaml" "$work/letters8.yaml"; do
	"$PIAUDIT" replay -q -P "$statement" --catalog "$golden/catalog" --scenario posting,address_book \
		--history "$work/two/h.db" "$golden/many.in" >/dev/null 2>&1
done
told two
# the path of the second version depends on this machine
version() { sed "s|$work|WORK|g" "$work/two/$1"; }
for format in text json csv html; do
	same "two.$format" version "report.$format"
done

# An audit that still runs, or was killed, has a row without the columns that are written at its end.
unended() {
	mkdir -p "$work/$1"
	cp "$work/two/h.db" "$work/$1/h.db"
	python3 -I - "$work/$1/h.db" "$2" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1])
		db.execute("DELETE FROM blind WHERE run IN (SELECT id FROM run WHERE " + sys.argv[2] + ")")
		db.execute("UPDATE run SET ended=NULL, stopped=NULL, events=NULL, lost=NULL, malformed=NULL, undecoded=NULL,"
		           " doubts=NULL, processes=NULL, hole=NULL, sight_known=NULL, exit=NULL WHERE " + sys.argv[2])
		db.commit()
	END
	told "$1"
}
unended some-without-end 'id IN (2, 4)'
unended all-without-end 'id > 0'
unended_text() { sed "s|$work|WORK|g" "$work/some-without-end/report.text"; }
same unended.text unended_text

check_page() {
	local name=$1 page=$2
	if python3 -I -S "$golden/check_html.py" "$page" >"$work/why" 2>&1; then
		ok "html-keeps-to-its-rules$name"
	else
		fail "html-keeps-to-its-rules$name" "$(head -n 1 "$work/why")"
	fi
	if command -v tidy >/dev/null; then
		# tidy 5.6 does not know a <div> in a <dl>, which HTML 5.2 allows.
		late='<dl>|missing </div> before <dt>|missing </dl> before </div>|missing <dd>'
		tidy -q -e --drop-empty-elements no "$page" 2>&1 | grep -Ev "$late" >"$work/why"
		if [ -s "$work/why" ]; then
			fail "html-tidy$name" "$(head -n 1 "$work/why")"
		else
			ok "html-tidy$name"
		fi
	else
		echo "skip report/html-tidy$name (tidy is not installed)"
	fi
}
check_page '' "$work/report.html"
check_page -states "$work/states/report.html"
check_page -two "$work/two/report.html"
check_page -without-end "$work/some-without-end/report.html"
exit $failed
