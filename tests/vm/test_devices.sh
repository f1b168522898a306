# test_devices.sh - real client programs with emulated devices: category, source and grade of the evidence. Enumerating
# is a probe, recording is use, a refused access is an attempt.

as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)

# device PATH CATEGORY SOURCE GRADE CMD...: CMD uses the device at PATH, and succeeds.
device() {
	local path=$1 category=$2 source=$3 grade=$4 counts=False
	shift 4
	compgen -G "$path" >/dev/null || skip "no $path: the kernel has no such device"
	need "$1"
	audit account_login -- "$@"
	[[ $grade = direct || $grade = exposed ]] && counts=True
	expect "has(category='$category', source='$source', grade='$grade', finding=$counts); \
		summary['lost'] == 0; exit == (10 if has(finding=True) else 0)"
}

# only PATTERN: all findings have a category that matches.
only() { expect "none(finding=True, category='~^(?!($1)\$)')"; }

# Records one second of silence.
record=(arecord -q -d 1 -f S16_LE -r 48000 -c 2 /dev/null)

# refused_to PATH CATEGORY SOURCE CMD...: the kernel refuses the access; it is reported, and is no finding.
refused_to() {
	local path=$1 category=$2 source=$3
	shift 3
	device "$path" "$category" "$source" attempted "${as_nobody[@]}" "$@"
	expect "none(category='$category', source='$source', grade=['direct', 'exposed', 'probe'])"
}

# enumerated CATEGORY USE CMD...: CMD lists devices without using them.
enumerated() {
	local use=$3
	device "$1" "$2" "${@:4}"
	expect "none(category='$use', grade=['direct', 'exposed'])"
}

table_camera() {
	row camera-list enumerated /dev/video0 av_device_info av_stream camera_node probe v4l2-ctl --list-devices
	row camera-capabilities enumerated /dev/video0 av_device_info av_stream camera_capabilities probe \
		v4l2-ctl -d /dev/video0 --info
	row camera-stream device /dev/video0 av_stream camera_stream direct \
		v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=2 --stream-to=/dev/null
	row camera-refused refused_to /dev/video0 av_device_info camera_node v4l2-ctl -d /dev/video0 --info
}

table_microphone() {
	row microphone-list enumerated '/dev/snd/pcmC*c' av_device_info input_voice sound_control_node probe arecord -l
	row microphone-record device '/dev/snd/pcmC*c' input_voice microphone_node direct "${record[@]}" -D hw:0,0
	row microphone-frames device '/dev/snd/pcmC*c' input_voice microphone_read direct "${record[@]}" -D hw:0,0
	row microphone-loopback device /proc/asound/Loopback input_voice microphone_node direct \
		"${record[@]}" -D hw:Loopback,1
	row microphone-refused refused_to '/dev/snd/pcmC*c' input_voice microphone_node \
		cat "$(compgen -G '/dev/snd/pcmC*c' | head -n 1)"
	row speaker-silent speaker
}

# Playback is no recording. With PulseAudio's plugin, the library looks for its server, and reads the machine id for
# that.
speaker() {
	compgen -G '/dev/snd/pcmC*p' >/dev/null || skip 'no /dev/snd/pcmC*p: the kernel has no such device'
	need aplay
	audit account_login -- aplay -q -d 1 -f S16_LE -r 48000 -c 2 -D hw:0,0 /dev/zero
	only machine_id
	expect "exit in (0, 10); none(category='input_voice'); summary['lost'] == 0"
}

table_firmware() {
	local id=/sys/class/dmi/id
	row dmi-serial device $id/product_serial serial_number dmi_serial direct cat $id/product_serial
	row dmi-board device $id/board_serial serial_number dmi_serial direct cat $id/board_serial
	row dmi-uuid device $id/product_uuid bios_id dmi_uuid direct cat $id/product_uuid
	row dmi-refused refused_to $id/product_serial serial_number dmi_serial cat $id/product_serial
	row dmidecode-serial device /sys/firmware/dmi/tables/DMI serial_number dmi_table_serial exposed \
		dmidecode -q -t system
	row dmidecode-uuid device /sys/firmware/dmi/tables/DMI bios_id dmi_table_bios exposed dmidecode -q -t bios
}

table_disks() {
	row disk-virtio device /sys/block/vda/serial serial_number sysfs_disk_serial direct cat /sys/block/vda/serial
	row disk-nvme device /sys/class/nvme/nvme0/serial serial_number sysfs_disk_serial direct \
		cat /sys/class/nvme/nvme0/serial
	row disk-ide device /sys/block/sda/device/vpd_pg80 serial_number sysfs_disk_serial direct \
		cat /sys/block/sda/device/vpd_pg80
	row disk-lsblk device /sys/block/vda/serial serial_number sysfs_disk_serial direct lsblk -o NAME,SERIAL
	row disk-hdparm-identify device /dev/sda serial_number ioctl_ata_identify direct hdparm -i /dev/sda
	row disk-hdparm-command device /dev/sda serial_number ioctl_scsi exposed hdparm -I /dev/sda
	row disk-nvme-identify device /dev/nvme0 serial_number ioctl_nvme_identify direct nvme id-ctrl /dev/nvme0
	row disk-nvme-passthrough device /dev/nvme0 serial_number ioctl_nvme_identify direct \
		"$programs/uring" passthrough /dev/nvme0
	row disk-node enumerated /dev/nvme0n1 basic_system_info serial_number disk_nodes_extended probe \
		head -c 512 /dev/nvme0n1
	row disk-refused refused_to /dev/sda basic_system_info disk_nodes_scsi hdparm -i /dev/sda
}

table_input() {
	row input-keys device '/dev/input/event*' key_input input_event_node direct \
		evtest --query "$(compgen -G '/dev/input/event*' | head -n 1)" EV_KEY KEY_A
	row input-refused refused_to '/dev/input/event*' key_input input_event_node \
		evtest --query "$(compgen -G '/dev/input/event*' | head -n 1)" EV_KEY KEY_A
}

# The address of a network card other than the loopback.
table_card() {
	local name=/sys/class/net/eth0/address
	row card-address device $name mac_address sysfs_mac direct cat $name
}

# An access point on the second radio, with the first radio as its client; started once for all tests below.
wifi() {
	need iw hostapd wpa_supplicant
	[ -d /sys/class/net/wlan1 ] || skip 'no two radios: mac80211_hwsim'
	[ -e /run/piaudit-wifi ] && return
	printf '%s\n' interface=wlan1 driver=nl80211 ssid=PIA-HOME channel=1 hw_mode=g >"$work/ap.conf"
	hostapd -B "$work/ap.conf" >"$work/ap" 2>&1 || skip "no access point: $(tail -n 1 "$work/ap")"
	printf '%s\n' ctrl_interface=/run/wpa_supplicant 'network={' 'ssid="PIA-HOME"' key_mgmt=NONE '}' >"$work/sta.conf"
	wpa_supplicant -B -i wlan0 -c "$work/sta.conf" >"$work/sta" 2>&1 || skip "no client: $(tail -n 1 "$work/sta")"
	wait_for 'an access point' eval 'iw dev wlan0 link | grep -q "^Connected"'
	: >/run/piaudit-wifi
}

# radio CATEGORY SOURCE GRADE CMD...: like device, within range of a network.
radio() {
	wifi
	device /sys/class/net/wlan0 "$@"
}

# The list of access points is also a location. `iw scan` triggers a scan and waits; it listens only after the request,
# so it can wait forever. `iw scan dump` does not wait.
neighbours() {
	radio wifi_parameters nl80211_scan_results direct iw dev wlan0 scan dump
	expect "has(category='precise_location', source='nl80211_scan_location', grade='exposed', finding=True)"
}

# The reply about a Wi-Fi interface contains its address.
interface() {
	radio wifi_parameters nl80211_interface direct iw dev wlan0 info
	expect "has(category='mac_address', source='nl80211_interface_mac', grade='exposed')"
}

table_wifi() {
	row wifi-interface interface
	row wifi-link radio wifi_parameters nl80211_scan_results direct iw dev wlan0 link
	row wifi-station radio wifi_status nl80211_station direct iw dev wlan0 station dump
	row wifi-scan-trigger radio wifi_parameters nl80211_scan_trigger probe iw dev wlan0 scan trigger
	row wifi-scan neighbours
	row wifi-wpa-cli radio wifi_parameters wpa_supplicant_socket direct wpa_cli -i wlan0 status
	row wifi-proc radio wifi_status proc_wireless direct cat /proc/net/wireless
}
