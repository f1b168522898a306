#!/bin/bash
# report.sh - recordings into a history, and what search and report make of it, in every format. A line per test;
# UPDATE=1 rewrites what is expected. PIAUDIT names another binary.
set -u
cd "$(dirname "$0")/.." || exit 2
PIAUDIT=${PIAUDIT:-build/piaudit}
golden=tests/golden/report
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-report.XXXXXX") || exit 2
mkdir "$work/states"
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1795540000 # when the page is written
export LC_ALL=C

ok() { echo "ok report/$1"; }
fail() { echo "FAIL report/$1 ($2)"; failed=1; }

# into HISTORY STATEMENT RECORDING: what is told of the recording is in $work/told.
into() {
	local code options
	read -ra options < <(sed -n 's/^# options: *//p' "$3")
	# From here, so that the file of a rule reads the same on every machine.
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

# same NAME CMD...: what CMD prints is what is expected.
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

# Every state of a cell, each by a recording of its own: the table of each, then the report of all.
for input in both form any tried marked; do
	into "$work/states.db" "$golden/states/statement.yaml" "$golden/states/$input.in"
	same "states/$input.text" cat "$work/told"
done
for format in text json csv html; do
	same "states/report.$format" "$PIAUDIT" report --history "$work/states.db" -f "$format"
done
# What obtained nothing is told where it is all that there is.
for input in tried nothing marked; do
	into "$work/$input.db" "$golden/states/statement.yaml" "$golden/states/$input.in"
	grep -q '^result: nothing was seen' "$work/told" || fail "nothing-seen-$input" "$(tail -n 1 "$work/told")"
	for format in text json; do
		same "states/report-$input.$format" "$PIAUDIT" report --history "$work/$input.db" -f "$format"
	done
done
same verdict.text "$PIAUDIT" search --history "$work/history.db" --verdict undeclared --scenario writing
same learn.yaml "$PIAUDIT" learn --catalog "$golden/catalog" --history "$work/history.db"

# learnt NAME CATALOG RECORDING [OPTION...]: its draft is a statement, and the recording has no finding under it.
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
	"$PIAUDIT" policy lint --catalog "$catalog" "$draft" 2>&1 | grep -q 'purpose of .* is still to be written' ||
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

# said NAME CODE TEXT CMD...: CMD finds nothing, ends with CODE, and says TEXT.
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
said not-seen 0 'search: nothing found' "$PIAUDIT" search "${asks[@]}" --category clipboard

for page in "$work/states/report.html" "$work/report.html"; do
	if python3 -I -S "$golden/check_html.py" "$page" >"$work/why" 2>&1; then
		ok "html-keeps-to-its-rules-${page#"$work/"}"
	else
		fail "html-keeps-to-its-rules-${page#"$work/"}" "$(head -n 1 "$work/why")"
	fi
done
if command -v tidy >/dev/null; then
	# tidy 5.6 is older than a <div> in a <dl> (HTML 5.2).
	late='<dl>|missing </div> before <dt>|missing </dl> before </div>|missing <dd>'
	tidy -q -e --drop-empty-elements no "$page" 2>&1 | grep -Ev "$late" >"$work/why"
	if [ -s "$work/why" ]; then
		fail html-tidy "$(head -n 1 "$work/why")"
	else
		ok html-tidy
	fi
else
	echo "skip report/html-tidy (tidy is not installed)"
fi
exit $failed
