#!/bin/bash
# docs.sh - tests the command lines of the documents, by the rows of docs.commands: a line per command, `ok|FAIL|skip
# NAME (reason)`. `docs.sh --table` prints the documents with the numbers of their commands. Commands run in a temporary
# folder; if the caller is root, in an overlay over this machine's root, without a network.
set -u
cd "$(dirname "$0")/.." || exit 2
[ "${1:-}" != --table ] || exec python3 tests/docs_commands.py --table
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-docs.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
failed=0

ok() { echo "ok docs/$1"; }
fail() { echo "FAIL docs/$1 ($2)"; failed=1; }
skip() { echo "skip docs/$1 ($2)"; }

# The extractor finds planted faults; the runner does not accept another exit code, or a missing output.
self_test() {
	python3 tests/docs_commands.py --self-test >"$work/out" 2>&1 || return
	printf '%s\tdo this\tx.md:1\t%s\t%s\n' run 0 'echo out; false' run 0 true \
		run 0 'echo out; : >empty; : -o empty' >"$work/bad"
	printf '%s\tdo this\tx.md:1\t%s\t%s\n' run 1,3 'echo out; exit 3' run '0 quiet' true >"$work/good"
	(
		run=$PWD/tests/docs_run.sh
		cd "$work" && mkdir self && cd self && "$run" "$work/bad"
		"$run" "$work/good"
	) >"$work/out" 2>&1
	[ "$(grep -c '^FAIL' "$work/out")" = 3 ] && [ "$(grep -c '^ok' "$work/out")" = 2 ]
}
if self_test; then ok self-test; else fail self-test "$(tail -n 1 "$work/out")"; fi

# Final results first; the other rows are for docs_run.sh.
python3 tests/docs_commands.py >"$work/plan" 2>"$work/err" || fail commands "$(tail -n 1 "$work/err")"
: >"$work/rest"
while IFS=$'\t' read -r way command rest; do
	case $way in
	ok) ok "$command" ;;
	FAIL) fail "$command" "$rest" ;;
	skip) skip "$command" "$rest" ;;
	run) printf '%s\t%s\t%s\n' "$way" "$command" "$rest" >>"$work/rest" ;;
	*)
		if [ "$(id -u)" = 0 ]; then
			printf '%s\t%s\t%s\n' "$way" "$command" "$rest" >>"$work/rest"
		else
			skip "$command" 'not root'
		fi
		;;
	esac
done <"$work/plan"
if [ "$(id -u)" = 0 ]; then
	mkdir "$work/machine"
	unshare -m -n tests/docs_machine.sh "$work/rest" "$work/machine" || failed=1
else
	mkdir "$work/folder" && cp -r policy "$work/folder" && tree=$PWD && cd "$work/folder" &&
		env -i HOME="$work/folder" LANG=C.UTF-8 PATH="$tree/build:$PATH" "$tree/tests/docs_run.sh" "$work/rest" folder "$tree" ||
		failed=1
fi
exit $failed
