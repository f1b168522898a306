# machines.sh - the devices of the emulated machines: a function machine_PROFILE FOLDER adds options of guest.sh to the
# array `extra`. It may start helpers and adds their pids to `helpers`. If the machine is not possible here, it prints
# the reason and returns 77.

machine_devices() {
	local folder=$1 disk
	for disk in virtio nvme ide; do
		truncate -s 16M "$folder/$disk.img"
	done
	# The tests expect these serial numbers.
	extra=(-q "-smbios type=1,manufacturer=Piaudit,product=Guest,serial=SN-SYSTEM-1,uuid=6f1d7f6e-0000-4000-8000-0123456789ab \
-smbios type=2,serial=SN-BOARD-2 -smbios type=3,serial=SN-CHASSIS-3 \
-drive file=$folder/virtio.img,if=none,id=virtio,format=raw -device virtio-blk-pci,drive=virtio,serial=SN-VIRTIO \
-drive file=$folder/nvme.img,if=none,id=nvme,format=raw -device nvme,drive=nvme,serial=SN-NVME \
-drive file=$folder/ide.img,if=none,id=ide,format=raw -device ide-hd,drive=ide,serial=SN-IDE \
-audiodev none,id=sound -device intel-hda -device hda-duplex,audiodev=sound \
-device virtio-keyboard-pci -device virtio-mouse-pci \
-netdev user,id=net,restrict=on -device virtio-net-pci,netdev=net,mac=52:54:00:aa:bb:cc")
}

# While the guest runs, its clock counts the instructions of its one processor. While it is idle, its clock follows the
# host's: its disk and helpers run on host time.
machine_floor() {
	extra=(-q '-smp 1 -icount shift=0')
}

# Starts through the BIOS: see guest.sh.
machine_tpm() {
	local folder=$1 i
	command -v swtpm >/dev/null || { echo 'swtpm is not installed'; return 77; }
	mkdir "$folder/chip"
	swtpm socket --tpm2 --tpmstate "dir=$folder/chip" --ctrl "type=unixio,path=$folder/tpm" --flags startup-clear \
		>"$folder/swtpm" 2>&1 &
	helpers+=($!)
	for ((i = 0; i < 100; i++)); do
		[ -S "$folder/tpm" ] && break
		sleep 0.1
	done
	extra=(-b -q "-chardev socket,id=chip,path=$folder/tpm -tpmdev emulator,id=tpm,chardev=chip \
-device tpm-tis,tpmdev=tpm")
}

# The files of `make install`, and a disk for the files of the service, which outlives the guest.
machine_systemd() {
	local folder=$1
	[ -x /lib/systemd/systemd ] && [ -e "/lib/$(uname -m)-linux-gnu/security/pam_systemd.so" ] ||
		{ echo 'systemd and its sessions are not installed'; return 77; }
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$root" -o all -o "$folder/tree/build/piaudit" \
		-o "$folder/tree/build/piaudit-export" install "B=$folder/tree/build" "DESTDIR=$folder/tree/root" || return
	truncate -s 64M "$folder/disk.img"
	mke2fs -q -t ext4 -m 0 "$folder/disk.img" || return
	extra=(-i stage-systemd.sh -q "-drive file=$folder/disk.img,if=none,id=disk,format=raw -device virtio-blk-pci,drive=disk")
}

machine_systemd-long() {
	machine_systemd "$1" || return
	extra+=(-t "$((${SOAK_SECONDS:-3600} + GUEST_MAX))")
}
