#!/bin/bash
# stage.sh - the guest's first program on the host's root: mounts file systems, then runs the command. The exit code is
# written to the third serial line, the output to the second.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs shm /dev/shm
ln -sf /proc/self/fd /dev/fd
ln -sf fd/0 /dev/stdin
ln -sf fd/1 /dev/stdout
ln -sf fd/2 /dev/stderr
mount -t tracefs tracefs /sys/kernel/tracing
mount -t securityfs securityfs /sys/kernel/security
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup2 /sys/fs/cgroup
busybox ip link set lo up
hostname guest
stty -F /dev/ttyS1 raw -echo
stty -F /dev/ttyS2 raw -echo
cd /run/guest || exit
setsid bash /run/guest/command </dev/null >/dev/ttyS1 2>&1
echo "exit $?" >/dev/ttyS2
sync
echo b >/proc/sysrq-trigger # also works without ACPI
sleep 60
