#!/bin/sh
# demo-session.sh - runs everyday programs, as a user might while a chat client is open. Audited by demo.sh.
exec >/dev/null # the demo shows the reads, not the output
ip link
ifconfig lo
cat /etc/os-release
cat /etc/machine-id
hostname
ps
dpkg -l | head -n 3
lsblk
ls /tmp
