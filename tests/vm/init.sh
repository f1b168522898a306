#!/bin/busybox sh
# init.sh - the guest's first program, in its initial RAM disk: mounts the host's root read-only under a temporary
# layer, then starts stage.sh.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev

die() {
	echo "init: $*" >/dev/console
	$b sleep 1
	$b reboot -f
}

# share TAG FOLDER: read-only; cache=loose is safe, since the files do not change meanwhile.
share() {
	$b mkdir -p "$2"
	$b mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=524288,cache=loose "$1" "$2" || die "mount $1"
}

for module in /modules/*.ko; do
	$b insmod "$module" || die "insmod $module"
done
share root /lower
$b mount -t tmpfs -o mode=755 layer /layer
$b mkdir /layer/upper /layer/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/layer/upper,workdir=/layer/work over /new || die overlay
cd /new || die new
for folder in proc sys dev tmp run; do
	$b mkdir -p $folder
done
$b mount -t tmpfs -o mode=1777 tmp tmp
$b mount -t tmpfs -o mode=755 run run
share guest run/guest
share modules "lib/modules/$($b uname -r)"
$b umount /proc /sys
$b mount --move /dev dev
exec $b switch_root /new /run/guest/stage
