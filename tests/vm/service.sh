#!/bin/bash
# service.sh - before systemd starts: piaudit as it is installed and enabled, a disk for what it writes, a user, and
# programs to be audited.
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

# A shell under the name of each app.
mkdir /opt/client
sed -n 's|.*exe: /opt/client/\([a-z0-9-]*\).*|\1|p' $tree/tests/vm/clients.yaml | while read -r name; do
	cp /bin/dash "/opt/client/$name"
done
# One that is known by its unit alone.
cat >/etc/systemd/system/client.service <<'END'
[Service]
Type=oneshot
ExecStart=/bin/dash -c 'i=0; while [ $i -lt 200 ]; do read -r x </etc/machine-id; i=$((i + 1)); done'
END
