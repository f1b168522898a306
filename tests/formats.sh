#!/bin/bash
# formats.sh - replays recordings in every encoding, and compares some with the expected output. Strict readers and
# validators by others read all records, and must refuse wrong ones. Prints a line per test; UPDATE=1 rewrites the
# expected output. PIAUDIT names another binary. PIAUDIT_SHARED is a directory with ecs-9.4.0-flat.json, ecs_check.py,
# ocsf-1.8.0-subset.schema.json and samples of both; without it those checks are skipped.
set -u
cd "$(dirname "$0")/.." || exit 2
PIAUDIT=${PIAUDIT:-build/piaudit}
expected=tests/golden/formats
python=/usr/bin/python3 # the one for which Debian's packages are built
kept=(everyday loss hostile) # one with findings, one with a hole, one with names that are easy to misread
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-formats.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

ok() { echo "ok formats/$1"; }
skip() { echo "skip formats/$1 ($2)"; }
fail() { echo "FAIL formats/$1 ($2)"; failed=1; }

# passes NAME CMD...: CMD accepts our records. refuses NAME CMD...: CMD refuses wrong records.
passes() {
	local name=$1
	shift
	if "$@" >"$work/out" 2>&1 </dev/null; then
		ok "$name"
	else
		fail "$name" "$(tail -n 1 "$work/out" | cut -c 1-300)"
	fi
}
refuses() {
	local name=$1
	shift
	if "$@" >"$work/out" 2>&1 </dev/null; then
		fail "refuses-$name" "it was taken"
	elif grep -q Traceback "$work/out"; then
		fail "refuses-$name" "it broke: $(tail -n 1 "$work/out")"
	else
		ok "refuses-$name"
	fi
}

most() { "$PIAUDIT" list formats | awk -v name="$1" '$1 == name { print $3 }'; }
mapfile -t formats < <("$PIAUDIT" list formats | awk 'NR > 1 { print $1 }')
[ ${#formats[@]} -gt 8 ] || fail list "only ${#formats[@]} formats"

# replay STREAM FORMAT [OPTION...]: with relative paths, so that the file of a rule is the same on every machine.
replay() {
	local stream=$1 format=$2 options code
	shift 2
	read -ra options < <(sed -n 's/^# options: *//p' "tests/golden/$stream.in" | head -n 1)
	"$PIAUDIT" replay -f "$format" -P policy/statements/welink.yaml --catalog policy/catalog "${options[@]}" "$@" \
		"tests/golden/$stream.in" 2>>"$work/err" </dev/null
	code=$?
	[ $code = 0 ] || [ $code = 10 ] || [ $code = 11 ] || fail "replay-$stream.$format" "exit $code"
}

mkdir -p "$work/streams" "$expected"
for format in "${formats[@]}"; do
	for input in tests/golden/*.in; do
		stream=$(basename "$input" .in)
		replay "$stream" "$format" >"$work/streams/$stream.$format"
		cat "$work/streams/$stream.$format" >>"$work/all.$format"
	done
	[ "$format" = json ] && continue # checked by group golden
	for stream in "${kept[@]}"; do
		[ "${UPDATE:-}" = 1 ] && cp "$work/streams/$stream.$format" "$expected/$stream.$format"
		passes "golden-$stream.$format" diff "$expected/$stream.$format" "$work/streams/$stream.$format"
	done
done
# `journalctl -x` explains every entry, and its texts use existing fields only.
mkdir -p "$work/root/usr/lib/systemd/catalog" "$work/root/var/lib/systemd/catalog"
cp systemd/piaudit.catalog "$work/root/usr/lib/systemd/catalog/"
if command -v journalctl >/dev/null; then
	passes catalog journalctl --update-catalog --root="$work/root"
	journalctl --list-catalog --root="$work/root" 2>/dev/null | cut -d' ' -f1 | sort >"$work/explained"
	sed -n 's/.*= "\([0-9a-f]\{32\}\)".*/\1/p' daemon/encode/journald.c | sort >"$work/ids"
	passes catalog-explains-all test -s "$work/ids" -a "$(cat "$work/ids")" = "$(cat "$work/explained")"
else
	skip catalog 'no journalctl'
fi
"$PIAUDIT" list fields | awk 'NR > 1 { gsub(/\./, "_", $2); print "PIAUDIT_" toupper($2) }' >"$work/names"
for name in $(grep -o '@[A-Z_]*@' systemd/piaudit.catalog | sort -u | tr -d @); do
	grep -qx "$name" "$work/names" || fail catalog-names "there is no $name"
done

for profile in pseudonymous minimal; do
	replay hostile json --profile $profile >"$work/$profile.json"
	for name in alice '"uid":0' $([ $profile = minimal ] && echo '/opt "comm" "object" "pid"'); do
		if grep -qF "$name" "$work/$profile.json"; then
			fail "profile-$profile" "it tells $name"
		else
			ok "profile-$profile-without-$name"
		fi
	done
done

# Each reader accepts all records, and refuses a good record after sed has changed it. Lines: FORMAT, the sed script.
while read -r format wrong; do
	passes "reads-$format" "$python" tests/formats/records.py "$format" "$work/all.$format" "$(most "$format")"
	head -n 1 "$work/streams/hostile.$format" | sed "$wrong" >"$work/bad.$format"
	[ "$format" != journald ] || sed "$wrong" "$work/streams/hostile.$format" >"$work/bad.$format"
	refuses "$format" "$python" tests/formats/records.py "$format" "$work/bad.$format" "$(most "$format")"
done <<'END'
json s/"schema"/"scheme"/
cef s/ cnt=/ cnt=a=b/
leef s/cat=/cat/
syslog s/ app="/ app=""/
gelf s/"_event_id"/"_id"/
journald s/^PIAUDIT_APP=/piaudit_app=/
END
refuses too-long "$python" tests/formats/records.py json "$work/all.json" 400

if "$python" -c 'import google.protobuf' 2>/dev/null && command -v protoc >/dev/null; then
	otlp=("$python" tests/formats/schemas.py otlp "$PWD/tests/formats/otlp_logs.proto")
	passes otlp "${otlp[@]}" "$work/all.otlp"
	for wrong in 's/"severityNumber"/"severity_Number"/' 's/"timeUnixNano":"1/"timeUnixNano":"x/' 's/"intValue":"/"intValue":"z/'; do
		head -n 1 "$work/all.otlp" | sed "$wrong" >"$work/bad.otlp"
		refuses "otlp-${wrong:3:12}" "${otlp[@]}" "$work/bad.otlp"
	done
else
	skip otlp 'no protoc, or no protobuf of Python'
fi

if command -v lognormalizer >/dev/null; then
	passes cef-lognorm "$python" tests/formats/cef.py tests/formats/lognorm-cef.rulebase "$work/all.cef"
	sed 's/ cat=/ cat=a=b /' "$work/streams/hostile.cef" >"$work/bad.cef"
	refuses cef-lognorm "$python" tests/formats/cef.py tests/formats/lognorm-cef.rulebase "$work/bad.cef"
else
	skip cef-lognorm 'no lognormalizer'
fi

journal_remote=/lib/systemd/systemd-journal-remote
if [ -x $journal_remote ]; then
	passes journal-remote $journal_remote -o "$work/all.journal" "$work/all.journald"
	passes journal-count test "$(journalctl --file "$work/all.journal" -o json 2>/dev/null | wc -l)" = "$("$python" tests/formats/records.py journald "$work/all.journald" 9999999)"
else
	skip journal-remote 'no systemd-journal-remote'
fi

data=${PIAUDIT_SHARED:-}
if [ -n "$data" ] && [ -e "$data/ocsf-1.8.0-subset.schema.json" ] && "$python" -c 'import jsonschema' 2>/dev/null; then
	ocsf=("$python" tests/formats/schemas.py ocsf "$data/ocsf-1.8.0-subset.schema.json")
	passes ocsf "${ocsf[@]}" "$work/all.ocsf"
	refuses ocsf-sample "${ocsf[@]}" "$data/samples/bad_ocsf_1001.json"
	for wrong in 's/"type_uid":[0-9]*/"type_uid":7/' 's/"metadata":/"metadate":/' 's/"time":[0-9]*/"time":"now"/'; do
		head -n 1 "$work/streams/hostile.ocsf" | sed "$wrong" >"$work/bad.ocsf"
		refuses "ocsf-${wrong:3:9}" "${ocsf[@]}" "$work/bad.ocsf"
	done
else
	skip ocsf 'no schema (PIAUDIT_SHARED), or no python3-jsonschema'
fi
if [ -n "$data" ] && [ -e "$data/ecs_check.py" ]; then
	mkdir "$work/ecs"
	split -l 1 -d -a 5 "$work/all.ecs" "$work/ecs/"
	ecs=("$python" "$data/ecs_check.py" "$data/ecs-9.4.0-flat.json")
	passes ecs "${ecs[@]}" "$work"/ecs/*
	refuses ecs-sample "${ecs[@]}" "$data/samples/bad_ecs.json"
	sed 's/"type":\["access"\]/"type":["start"]/' "$work/ecs/00000" >"$work/bad.ecs"
	refuses ecs-type "${ecs[@]}" "$work/bad.ecs"
else
	skip ecs 'no list of fields (PIAUDIT_SHARED)'
fi
exit $failed
