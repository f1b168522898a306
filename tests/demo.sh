#!/bin/bash
# demo.sh - audits demo-session.sh under the shipped statement, in one scenario, and shows the table.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scenario=${1:-instant_messaging}
piaudit=${PIAUDIT:-$here/../build/piaudit}

if [ "$(id -u)" != 0 ]; then
	echo "demo: watching programs in the kernel needs root: sudo make demo" >&2
	exit 4
fi
echo "auditing everyday programs, judged as \"$scenario\" of the WeLink statement (without --quiet: live, too)"
"$piaudit" run --quiet --scenario "$scenario" -- "$here/demo-session.sh"
code=$?
case $code in
0) echo "demo: exit 0: everything that was read is declared for this scenario" ;;
10) echo "demo: exit 10, as expected: some of what was read is not declared for this scenario, see above" ;;
*) echo "demo: exit $code: the audit did not work" >&2; exit "$code" ;;
esac
