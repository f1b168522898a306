#!/bin/bash
# stage-systemd.sh - the guest's first program on the host's root for guests with systemd: few units, one of which runs
# the command. As in stage.sh, its output and its exit code are written to the serial lines.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
units=/etc/systemd/system

# /etc is a separate file system, as on most machines.
mkdir /run/etc
mount -t tmpfs -o mode=755 etc /run/etc
cp -a /etc/. /run/etc
mount --bind /run/etc /etc

# Remove the units that the host has enabled: the tests do not need them, and each takes a second or more.
rm -rf $units /etc/systemd/user /etc/rc?.d
: >/etc/fstab
echo guest >/etc/hostname
mkdir -p $units/multi-user.target.wants /etc/systemd/system-generators
cd /lib/systemd/system-generators && for generator in *; do
	ln -s /dev/null "/etc/systemd/system-generators/$generator"
done
cd $units || exit
for unit in {cryptsetup,getty,integritysetup,veritysetup}.target kmod-static-nodes.service dev-hugepages.mount \
	proc-sys-fs-binfmt_misc.automount sys-fs-fuse-connections.mount sys-kernel-{config,debug}.mount \
	systemd-{binfmt,firstboot,journal-flush,machine-id-commit,modules-load,pcrphase,pcrphase-sysinit}.service \
	systemd-{random-seed,repart,sysusers,udevd,udev-trigger,update-utmp,update-utmp-runlevel}.service \
	systemd-udevd-{control,kernel}.socket systemd-tmpfiles-clean.timer; do
	ln -s /dev/null "$unit"
done
ln -s /lib/systemd/system/multi-user.target default.target
ln -s ../guest.service multi-user.target.wants

cat >guest.service <<'END'
[Unit]
Description=The one command of this guest
After=systemd-user-sessions.service systemd-logind.service

[Service]
Environment=HOME=/root TERM=dumb LANG=C.UTF-8
WorkingDirectory=/run/guest
ExecStart=/bin/bash /run/one-command
END
cat >/run/one-command <<'END'
stty -F /dev/ttyS1 raw -echo
stty -F /dev/ttyS2 raw -echo
bash /run/guest/command </dev/null >/dev/ttyS1 2>&1
echo "exit $?" >/dev/ttyS2
sync
echo b >/proc/sysrq-trigger # like stage.sh
END
bash /run/guest/tree/tests/vm/service.sh
exec /lib/systemd/systemd
