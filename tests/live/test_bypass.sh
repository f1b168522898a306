# test_bypass.sh - reads the watched file by every way around its name: each read must be reported, and nothing else.

# bypass PROGRAM WAY: runs in a scenario that does not declare the read, so that a miss shows as a clean exit.
bypass() {
	local argument=
	mkdir "$tmp/dir"
	[ "$1" = procs ] || argument=$tmp/dir
	audit account_login -- "$programs/$1" "$2" $argument
	expect_read
	expect "exit == 10; has(category='machine_id', grade='direct', verdict='out_of_scenario'); \
		the(category='machine_id')['declared_in']; none(finding=True, category='~^(?!machine_id)')"
}

# A hard link must be on the file system of the file itself.
hardlink() {
	local dir
	dir=$(mktemp -d /etc/piaudit-live.XXXXXX) || skip "/etc is read-only"
	audit account_login -- "$programs/paths" hardlink "$dir"
	rm -f "$dir/other"
	rmdir "$dir"
	expect_read
	expect "exit == 10; has(category='machine_id', grade='direct', verdict='out_of_scenario')"
}

# nothing PROGRAM WAY: the file is opened but not read.
nothing() {
	audit account_login -- "$programs/$1" "$2"
	grep -q '^done' "$tmp/stdout" || fail "the program did not work: $(cat "$tmp/stdout")"
	expect "exit == 0; none(finding=True); none(category='machine_id', grade='direct')"
}

# asked WAY: the request is reported or counted as lost; the result is never clean.
asked() {
	audit account_login -- "$programs/netlink" "$1"
	grep -q '^links [1-9]' "$tmp/stdout" || skip "this kernel does not answer that way: $(cat "$tmp/stderr")"
	expect "exit in (10, 11); has(category='mac_address', verdict='out_of_scenario') or summary['lost'] > 0"
}

table_bypass() {
	local way
	for way in plain symlink procroot dotdot dirfd cwd reopen openat2 handle mmap int80 int80-openat; do
		row "bypass-$way" bypass paths "$way"
	done
	row bypass-hardlink hardlink
	for way in bind bind-directory chroot pivot copy copy-chroot; do
		row "bypass-$way" bypass sandbox "$way"
	done
	for way in thread leader-gone thread-exec vfork daemon chain inherit; do
		row "bypass-$way" bypass procs "$way"
	done
	for way in inline async sqpoll openat2 direct; do
		row "bypass-uring-$way" bypass uring "$way"
	done
	for way in plain split many pieces pwritev2 splice sendfile socketcall; do
		row "bypass-netlink-$way" asked "$way"
	done
	for way in opath writeonly stat; do
		row "silence-$way" nothing paths "$way"
	done
}

# received WAY: a process that is not audited sends the file over a socket.
received() {
	outside "$programs/handed" serve "$tmp/socket"
	audit account_login -- "$programs/handed" "$1" "$tmp/socket"
	expect_read
	expect "exit == 10; has(category='machine_id', verdict='out_of_scenario', comm='handed')"
}
test_bypass_received() { received receive; }
test_bypass_received_i386() { received receive-i386; }

# taken WAY: a process that is not audited has the file open.
taken() {
	outside "$programs/handed" hold
	audit account_login -- "$programs/handed" "$1" "$(sed -n 's/^ready //p' "$tmp/outside")"
	expect_read
	expect "exit == 10; has(category='machine_id', verdict='out_of_scenario', comm='handed')"
}
test_bypass_pidfd_getfd() { taken take; }
test_bypass_proc_fd() { taken proc; }

# For ten seconds, the path changes while it is opened. The reported reads must equal the opens of the watched inode.
test_bypass_path_flip() {
	local got seconds=${LIVE_SECONDS:-10}
	audit account_login --ring 16M -- "$programs/flip" "$seconds"
	no_exact_count
	got=$(sed -n 's/^secrets \([0-9]*\) .*/\1/p' "$tmp/stdout")
	[ "${got:-0}" -gt "$((100 * seconds / scale))" ] || fail "the race did not run: $(cat "$tmp/stdout")"
	expect "exit == 10; summary['lost'] == 0; \
		total(category='machine_id', grade='direct', object='/etc/machine-id') == $got"
}

# A file that a shell opens for a program counts as the program's.
test_bypass_inherited() {
	code=0
	"$PIAUDIT" run --scenario account_login -f json -o "$tmp/out.json" -- cat </etc/machine-id \
		>"$tmp/stdout" 2>"$tmp/stderr" || code=$?
	expect "exit == 11; has(category='machine_id', verdict='inconclusive')"
}

# A program mounted over a browser's path does not get the browser's exceptions.
test_bypass_borrowed_name() {
	need unshare
	[ -x /usr/bin/chromium ] || skip "no chromium to borrow the name of"
	audit account_login -- unshare -m sh -c 'mount --make-rprivate / && mount -t tmpfs none /root &&
		mkdir -p /root/.config/chromium/Default && echo c >/root/.config/chromium/Default/Cookies &&
		mount --bind /bin/cat /usr/bin/chromium && exec /usr/bin/chromium /root/.config/chromium/Default/Cookies'
	expect "exit == 10; has(finding=True, object='~Cookies')"
}

# procfs at a mount point of the program's own.
test_bypass_own_procfs() {
	need unshare
	audit account_login -- unshare -m sh -c 'mount --make-rprivate / && mount -t proc proc /mnt && cat /mnt/1/cmdline'
	expect "exit == 10; has(category='running_processes', finding=True, object='/mnt/1/cmdline')"
}
