#!/bin/sh
# demo-session.sh - everyday programs, as someone might run them while a chat client is open.
# Audited by demo.sh.
exec >/dev/null # what is read is to be seen, not what is printed
ip link
ifconfig lo
cat /etc/os-release
cat /etc/machine-id
hostname
ps
dpkg -l | head -n 3
lsblk
ls /tmp
