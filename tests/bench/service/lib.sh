# lib.sh - helpers for the scripts of this folder: the program and its worker, a work folder, rows, fields of a summary.
# A script is called as PART.sh PIAUDIT RATES [SECONDS], as root. Each row is printed as a line, and as JSON into
# $BENCH_ROWS.
#
# Paths are absolute, since a script may change its folder.
piaudit=$(readlink -f "$1") rates=$(readlink -f "$2") seconds=${3:-60}
data=${PIAUDIT_DATADIR:-$(cd "${BASH_SOURCE[0]%/*}/../../.." && pwd)/policy}
export PIAUDIT_DATADIR=$data
umask 022
work=$(mktemp -d) || exit 2
started=()
end_started() {
	for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done
	wait
	rm -rf "$work"
}
trap end_started EXIT

# row ROW TEXT FIGURE UNIT GOAL [NOTE]: GOAL is "<= N", ">= N" or empty.
row() {
	local verdict=
	[ -z "$5" ] || verdict=$(awk -v f="$3" -v g="$5" 'BEGIN { split(g, w, " ")
		print f !~ /^-?[0-9.]+$/ ? "void" : (w[1] == "<=" ? f + 0 <= w[2] + 0 : f + 0 >= w[2] + 0) ? "met" : "NOT met" }')
	printf '%-3s %-66s %12s %-4s %-12s %-8s%s\n' "$1" "$2" "$3" "$4" "$5" "$verdict" "${6:-}"
	[ -z "${BENCH_ROWS:-}" ] || printf '{"row":"%s","what":"%s","figure":"%s","unit":"%s","goal":"%s","verdict":"%s","note":"%s"}\n' \
		"$1" "$2" "$3" "$4" "$5" "$verdict" "${6:-}" >>"$BENCH_ROWS"
}
heading() { printf '%-3s %-66s %12s %-4s %s\n' row what figure unit goal; }

# of_output EXPRESSION: prints it. s is the summary of $work/out, lines are its accesses, losses its losses.
of_output() { python3 -I -S -c 'import json, sys
lines = [json.loads(l) for l in open(sys.argv[1])]
s = [l for l in lines if l["type"] == "summary"][-1]
told = lambda kind: [l for l in lines if l["type"] == kind]
print(eval(sys.argv[2], {"s": s, "lines": told("access"), "losses": told("loss")}))' "$work/out" "$1"; }

# catalog COUNT: $work/catalog gets COUNT sources, among them $work/one, a serial number, and the files of $work/many.
catalog() {
	mkdir -p "$work/catalog"
	cp "$data/catalog/categories.yaml" "$work/catalog/"
	seq "$1" | awk -v w="$work" 'BEGIN { print "# sources.yaml - generated.\n\nsources:"
		form = "  - { id: bench_%s, category: %s, kind: file, path: \"" w "/%s\" }\n" }
		NR == 1 { printf form, "one", "serial_number", "one"; next }
		NR == 2 { printf form, "many", "machine_id", "many/*"; next }
		{ printf form, $1, "serial_number", $1 % 2 ? "place" $1 ".conf" : "app" $1 "/*/data.db" }' >"$work/catalog/sources.yaml"
}

# files COUNT: makes COUNT files in $work/many, and $work/one.
files() {
	mkdir -p "$work/many"
	for i in $(seq "$1"); do : >"$work/many/$i"; done
	: >"$work/one"
}
