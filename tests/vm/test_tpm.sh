# test_tpm.sh - a TPM: the raw device, and the kernel's resource manager.

# chip NODE: tpm2_getcap opens NODE and asks for properties. piaudit sees the open; the request is in the TPM's
# protocol.
chip() {
	need tpm2_getcap
	[ -c "$1" ] || skip "no $1: the kernel has no such device"
	audit account_login -- tpm2_getcap -T "device:$1" properties-fixed
	grep -q TPM2_PT_MANUFACTURER "$tmp/stdout" || fail "the chip did not answer: $(tail -n 1 "$tmp/stderr")"
	expect "has(category='tpm_identity', source='tpm_device', grade='probe', object='$1'); \
		none(finding=True, category='tpm_identity'); summary['lost'] == 0"
}

chip_refused() {
	[ -c /dev/tpm0 ] || skip 'no /dev/tpm0: the kernel has no such device'
	audit account_login -- setpriv --reuid 65534 --regid 65534 --clear-groups cat /dev/tpm0
	expect "has(category='tpm_identity', source='tpm_device', grade='attempted'); exit == 0"
}

table_tpm() {
	row tpm-raw chip /dev/tpm0
	row tpm-resource-manager chip /dev/tpmrm0
	row tpm-refused chip_refused
}
