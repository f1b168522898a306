#!/bin/bash
# service.sh - prepares the guest before systemd starts: installs and enables piaudit, mounts a disk for its files,
# makes a user, and programs to audit.
tree=/run/guest/tree
mount -t proc proc /proc
mount -t sysfs sys /sys
cp -a $tree/root/. /
systemd-sysusers
useradd -m pia
systemctl -q enable piaudit.service
install -D -m 644 $tree/tests/vm/clients.yaml /etc/piaudit/policies.d/clients.yaml

modprobe -a virtio_blk ext4
mkdir /disk
mount /dev/vda /disk
for folder in lib log; do
	mkdir -p /disk/$folder /var/$folder/piaudit
	mount --bind /disk/$folder /var/$folder/piaudit
done

# For each app, a shell under its name.
mkdir /opt/client
sed -n 's|.*exe: /opt/client/\([a-z0-9-]*\).*|\1|p' $tree/tests/vm/clients.yaml | while read -r name; do
	cp /bin/dash "/opt/client/$name"
done
# An app that is recognized only by its unit.
cat >/etc/systemd/system/client.service <<'END'
[Service]
Type=oneshot
ExecStart=/bin/dash -c 'i=0; while [ $i -lt 200 ]; do read -r x </etc/machine-id; i=$((i + 1)); done'
END
