#!/bin/bash
# cut.sh - cuts the power while the service writes; the guest starts again with the same disk. /disk/cut contains the
# number of accesses in the history a few seconds before.
. "$(dirname "$0")/service_lib.sh"

systemd-run -q /opt/client/cut -c 'while :; do read -r x </etc/machine-id; done'
for ((i = 0; i < 30; i++)); do
	[ "$(seen cut)" = 0 ] || break
	sleep 1
done
sleep 5
echo "$(seen brief) $(seen cut)" >/disk/cut
sync /disk/cut /disk
sleep 4
echo again >/dev/ttyS2
sleep 1 # until the line is printed
echo b >/proc/sysrq-trigger
sleep 60
