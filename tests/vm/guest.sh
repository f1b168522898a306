#!/bin/bash
# guest.sh - runs one command in a temporary virtual machine: `guest.sh [OPTION...] KERNEL FOLDER -- CMD...`
#
# KERNEL is a folder of kernel.sh. The guest sees the host's root read-only under a temporary layer, a private /tmp, and
# FOLDER as /run/guest, where CMD starts. The output of CMD is printed on stdout; the kernel's log is in FOLDER/klog.
# The exit code is that of CMD; 124 over the time limit, 125 if the guest died.
#
#   -a WORDS   more arguments for the kernel's command line
#   -q WORDS   more arguments for the emulator
#   -t SECONDS the time limit (default 300)
#   -m MIB     memory (default 1536)
#   -i STAGE   the first program on the host's root, a file of this folder (default stage.sh)
#   -b         start the compressed kernel through the BIOS: slower, but with a direct start, the kernel and the
#              TPM's log overwrite each other's memory
set -u
here=$(dirname "$(readlink -f "$0")")
PATH=$PATH:/usr/sbin:/sbin
append='' arguments=() limit=300 memory=1536 image=vmlinux stage=stage.sh

while getopts a:q:t:m:i:b option; do
	case $option in
	a) append=$OPTARG ;;
	q) read -ra arguments <<<"$OPTARG" ;;
	t) limit=$OPTARG ;;
	m) memory=$OPTARG ;;
	i) stage=$OPTARG ;;
	b) image=packed ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 4 ] && [ "$3" = -- ] || { sed -n '2,/^set/p' "$0" >&2; exit 2; }
kernel=$1 folder=$2
shift 3
version=$(basename "$kernel")
[ $image = vmlinux ] || image=boot/vmlinuz-$version
modules=$kernel/lib/modules/$version

# modules_for NAME...: prints their files in the order in which they must be loaded.
modules_for() {
	local name
	for name; do
		modprobe -d "$kernel" -S "$version" --show-depends "$name" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
	done | awk '!seen[$0]++'
}

# The initial RAM disk: busybox, and the modules that are needed to mount the host's root.
memory_disk() {
	local disk=$folder/disk file number=100
	mkdir -p "$disk"/{bin,proc,sys,dev,lower,layer,new,modules}
	cp "$(command -v busybox)" "$disk/bin/busybox"
	cp "$here/init.sh" "$disk/init"
	chmod 755 "$disk/init"
	while read -r file; do
		number=$((number + 1))
		case $file in
		*.xz) xz -dc "$file" ;;
		*.zst) zstd -dcq "$file" ;;
		*) cat "$file" ;;
		esac >"$disk/modules/$number.ko"
	done < <(modules_for virtio_pci 9pnet_virtio 9p overlay)
	(cd "$disk" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) >"$folder/disk.cpio"
	rm -rf "$disk"
}

export_as() { echo "local,path=${2//,/,,},mount_tag=$1,security_model=none,readonly=on,multidevs=remap"; }

memory_disk || exit 125
install -m 755 "$here/$stage" "$folder/stage"
printf '%q ' "$@" >"$folder/command"

# clocksource: on a busy host the guest measures its TSC wrong, and its clock once ran three times too fast. Emulation
# is requested by name: on some machines with /dev/kvm, stock kernels do not start. One thread: with several, the
# emulator of Debian 12 fails when the kernel patches its own text, as it does to attach a probe.
start() {
	: >"$folder/output"
	: >"$folder/exit"
	timeout -k 5 "$limit" qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-machine pc,usb=off,vmport=off,hpet=off -accel tcg,thread=single -cpu max,la57=off -smp 2 -m "$memory" \
		-kernel "$kernel/$image" -initrd "$folder/disk.cpio" -device virtio-rng-pci \
		-serial "file:$folder/klog" -serial "file:$folder/output" -serial "file:$folder/exit" \
		-virtfs "$(export_as root /)" -virtfs "$(export_as guest "$folder")" -virtfs "$(export_as modules "$modules")" \
		"${arguments[@]}" -append "console=ttyS0 quiet panic=-1 rdinit=/init nokaslr mitigations=off \
random.trust_cpu=on no_timer_check tsc=reliable clocksource=acpi_pm $append" </dev/null >"$folder/emulator" 2>&1 &
	emulator=$!
}

trap 'kill $emulator 2>/dev/null' EXIT
trap 'exit 130' INT TERM
while :; do
	start
	wait $!
	ended=$?
	cat "$folder/output"
	grep -q '^again' "$folder/exit" || break
done
trap - EXIT
code=$(sed -n 's/^exit \([0-9]*\).*/\1/p' "$folder/exit")
[ -z "$code" ] || exit "$code"
case $ended in
124 | 137)
	echo "guest: over the limit of $limit s" >&2
	exit 124
	;;
esac
{ cat "$folder/emulator"; tail -n 20 "$folder/klog"; } >&2
echo "guest: it died before the command ended (emulator: exit $ended)" >&2
exit 125
