/* SPDX-License-Identifier: Apache-2.0 */
/* test_privdrop.c - refused and allowed system calls after a process drops its privileges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "daemon/system/privdrop.c"
#include "daemon/system/seccomp.c"

#define PAGE 4096

/* Runs @act after the drop, in a process of its own. Returns 0, or the line of the failed check. */
static int after(enum privdrop_for what, int (*act)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (privdrop(what, PRIVILEGE_NEED_NONE))
			_exit(255);
		status = act();
		_exit(status > 255 ? 255 : status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* System calls by number, since a library can use another call. */
static const struct {
	const char *name;
	long number, args[4];
} refused[] = {
	{ "execve", SYS_execve, { (long)"/bin/true", 0, 0 } },
	{ "execveat", SYS_execveat, { AT_FDCWD, (long)"/bin/true", 0, 0 } },
	{ "fork", SYS_fork, { 0 } },
	{ "vfork", SYS_vfork, { 0 } },
	{ "clone", SYS_clone, { SIGCHLD } },
	{ "clone3", SYS_clone3, { 0 } },
	{ "ptrace", SYS_ptrace, { PTRACE_TRACEME } },
	{ "process_vm_readv", SYS_process_vm_readv, { 1 } },
	{ "process_vm_writev", SYS_process_vm_writev, { 1 } },
	{ "mount", SYS_mount, { 0 } },
	{ "umount2", SYS_umount2, { (long)"/nowhere" } },
	{ "pivot_root", SYS_pivot_root, { 0 } },
	{ "chroot", SYS_chroot, { (long)"/" } },
	{ "setns", SYS_setns, { -1 } },
	{ "unshare", SYS_unshare, { 0 } },
	{ "init_module", SYS_init_module, { 0 } },
	{ "finit_module", SYS_finit_module, { -1 } },
	{ "kexec_load", SYS_kexec_load, { 0 } },
	{ "kexec_file_load", SYS_kexec_file_load, { -1 } },
	{ "reboot", SYS_reboot, { 0 } },
	{ "swapon", SYS_swapon, { 0 } },
	{ "keyctl", SYS_keyctl, { 0 } },
	{ "open_by_handle_at", SYS_open_by_handle_at, { -1 } },
	{ "mknod", SYS_mknod, { 0 } },
	{ "symlink", SYS_symlink, { 0 } },
	{ "link", SYS_link, { 0 } },
	{ "chmod", SYS_chmod, { 0 } },
	{ "chown", SYS_chown, { 0 } },
	{ "truncate", SYS_truncate, { 0 } },
	{ "setuid", SYS_setuid, { 0 } },
	{ "setgroups", SYS_setgroups, { 0 } },
	{ "capset", SYS_capset, { 0 } },
	{ "prctl", SYS_prctl, { 0 } },
	{ "seccomp", SYS_seccomp, { 0 } },
	{ "kill", SYS_kill, { 1, 0 } },
	{ "tgkill", SYS_tgkill, { 1, 1, SIGTERM } },
	{ "pidfd_open", SYS_pidfd_open, { 1 } },
	{ "pidfd_getfd", SYS_pidfd_getfd, { -1 } },
	{ "pidfd_send_signal", SYS_pidfd_send_signal, { -1, 9 } },
	{ "io_uring_setup", SYS_io_uring_setup, { 0 } },
	{ "userfaultfd", SYS_userfaultfd, { 0 } },
	{ "bind", SYS_bind, { -1 } },
	{ "listen", SYS_listen, { -1 } },
	{ "socket inet", SYS_socket, { AF_INET, SOCK_STREAM } },
	{ "socket inet6", SYS_socket, { AF_INET6, SOCK_STREAM } },
	{ "socket netlink", SYS_socket, { AF_NETLINK, SOCK_RAW } },
	{ "socket packet", SYS_socket, { AF_PACKET, SOCK_RAW } },
	{ "bpf: a map", SYS_bpf, { BPF_MAP_CREATE, 0, 0 } },
	{ "bpf: a program", SYS_bpf, { BPF_PROG_LOAD, 0, 0 } },
	{ "bpf: a tracepoint", SYS_bpf, { BPF_RAW_TRACEPOINT_OPEN, 0, 0 } },
	{ "bpf: somebody's map", SYS_bpf, { BPF_MAP_GET_FD_BY_ID, 0, 0 } },
	{ "perf of one process", SYS_perf_event_open, { 0, 1 } },
	{ "ioctl of a terminal", SYS_ioctl, { 0, TIOCSTI } },
	{ "code: made", SYS_mmap, { 0, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE } },
	{ "code: changed", SYS_mprotect, { 0, 0, PROT_READ | PROT_EXEC } },
	{ "prlimit of another", SYS_prlimit64, { 1 } },
	{ "another real user", SYS_setresuid, { 0, -1, -1 } },
};

static size_t at;

static int one_refused(void)
{
	long n = syscall(refused[at].number, refused[at].args[0], refused[at].args[1],
			 refused[at].args[2], refused[at].args[3]);

	return n == -1 && errno == EPERM ? 0 : 1;
}

static void refuses_calls_that_an_audit_does_not_need(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip(); /* this build has no filter, and says so */
#endif
	for (at = 0; at < ARRAY_SIZE(refused); at++)
		if (after(PRIVDROP_DAEMON, one_refused))
			fail_msg("%s is not refused", refused[at].name);
}

#define HOLDS(condition)                 \
	do {                             \
		if (!(condition))        \
			return __LINE__; \
	} while (0)

static int works(void)
{
	char name[] = "/tmp/test_drop.XXXXXX", other[64], text[8];
	int fd = mkstemp(name), sock = socket(AF_UNIX, SOCK_STREAM, 0);
	void *code;

	HOLDS(fd >= 0 && sock >= 0);
	snprintf(other, sizeof(other), "%s.1", name);
	HOLDS(pwrite(fd, "text", 4, 0) == 4 && pread(fd, text, 4, 0) == 4);
	HOLDS(fsync(fd) == 0 && ftruncate(fd, 0) == 0);
	HOLDS(rename(name, other) == 0 && unlink(other) == 0);
	HOLDS(syscall(SYS_setresuid, -1, geteuid(), -1) == 0);
	/* The linker maps a library like this, and malloc() maps memory like this. */
	close(fd);
	fd = open("/proc/self/exe", O_RDONLY);
	code = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	HOLDS(code != MAP_FAILED && mprotect(code, PAGE, PROT_READ) == 0);
	HOLDS(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	      MAP_FAILED);
	/*
	 * The filter lets this call through. The kernel refuses it, since these are no descriptors.
	 */
	HOLDS(syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, NULL, 0) == -1 && errno != ENOSYS);
	HOLDS(fopen("/proc/self/status", "re"));
	return 0;
}

static void calls_that_an_audit_needs_still_work(void **state)
{
	(void)state;
	assert_int_equal(after(PRIVDROP_DAEMON, works), 0);
	assert_int_equal(after(PRIVDROP_SESSION, works), 0);
}

static int command_ends(void)
{
	/* No process has this pid: ESRCH comes from the kernel, EPERM from the filter. */
	return kill(0x3fffffff, SIGTERM) == -1 && errno == ESRCH &&
			       kill(0x3fffffff, SIGKILL) == -1 && errno == EPERM
		       ? 0
		       : 1;
}

static void a_session_can_send_only_sigterm(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip();
#endif
	assert_int_equal(after(PRIVDROP_SESSION, command_ends), 0);
	assert_int_equal(after(PRIVDROP_DAEMON, command_ends), 1);
}

static uint64_t status_of(const char *field)
{
	AUTO_FILE FILE *f = fopen("/proc/self/status", "re");
	unsigned long long value = UINT64_MAX;
	size_t len = strlen(field);
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, field, len) && line[len] == ':')
			sscanf(line + len + 1, "%llx", &value);
	return value;
}

static uint64_t before; /* the permitted capabilities before the drop */

#define BIT(cap) (1ull << (cap))

#define ALWAYS                                                              \
	(BIT(CAP_SYS_PTRACE) | BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_SETUID) | \
	 BIT(CAP_CHECKPOINT_RESTORE))

/* The capabilities that stay of all but @lacking. */
static const struct {
	int line;
	enum privdrop_for what;
	enum privilege_need need;
	uint64_t lacking, want;
} choices[] = {
	{ __LINE__, PRIVDROP_DAEMON, PRIVILEGE_NEED_NONE, 0, ALWAYS },
	{ __LINE__, PRIVDROP_SESSION, PRIVILEGE_NEED_NONE, 0, ALWAYS | BIT(CAP_KILL) },
	{ __LINE__, PRIVDROP_DAEMON, PRIVILEGE_NEED_PERFMON, 0,
	  ALWAYS | BIT(CAP_BPF) | BIT(CAP_PERFMON) },
	{ __LINE__, PRIVDROP_DAEMON, PRIVILEGE_NEED_ADMIN, 0,
	  ALWAYS | BIT(CAP_BPF) | BIT(CAP_PERFMON) | BIT(CAP_SYS_ADMIN) },
	/* CAP_SYS_ADMIN includes a missing capability, so it stays if that one is needed. */
	{ __LINE__, PRIVDROP_DAEMON, PRIVILEGE_NEED_NONE, BIT(CAP_BPF), ALWAYS },
	{ __LINE__, PRIVDROP_DAEMON, PRIVILEGE_NEED_PERFMON, BIT(CAP_BPF),
	  ALWAYS | BIT(CAP_PERFMON) | BIT(CAP_SYS_ADMIN) },
	{ __LINE__, PRIVDROP_DAEMON, PRIVILEGE_NEED_NONE, BIT(CAP_CHECKPOINT_RESTORE),
	  (ALWAYS & ~BIT(CAP_CHECKPOINT_RESTORE)) | BIT(CAP_SYS_ADMIN) },
	{ __LINE__, PRIVDROP_SESSION, PRIVILEGE_NEED_ADMIN, UINT64_MAX, 0 },
};

static void only_needed_capabilities_stay(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		capng_clear(CAPNG_SELECT_ALL);
		for (unsigned int cap = 0; cap <= CAP_CHECKPOINT_RESTORE; cap++)
			if (!(choices[i].lacking & BIT(cap)))
				capng_update(CAPNG_ADD, CAPNG_PERMITTED, cap);
		if (choose(choices[i].what, choices[i].need) != choices[i].want)
			fail_msg("the choice of line %d", choices[i].line);
	}
}

static int few_left(void)
{
	uint64_t want = before & ALWAYS;

	if (!(before & BIT(CAP_CHECKPOINT_RESTORE)))
		want |= before & BIT(CAP_SYS_ADMIN);
	HOLDS(status_of("CapPrm") == want && status_of("CapEff") == want);
	HOLDS(status_of("CapInh") == 0 && status_of("CapAmb") == 0);
	HOLDS(status_of("CapBnd") == 0 || !(before & BIT(CAP_SETPCAP)));
	HOLDS(status_of("NoNewPrivs") == 1);
#ifndef __SANITIZE_ADDRESS__
	HOLDS(status_of("Seccomp") == 2);
#endif
	return 0;
}

static void few_capabilities_stay(void **state)
{
	(void)state;
	before = status_of("CapPrm");
	assert_int_equal(after(PRIVDROP_DAEMON, few_left), 0);
}

static int other_user(void)
{
	uint64_t had = status_of("CapEff");

	HOLDS(syscall(SYS_setresuid, -1, 65534, -1) == 0);
	HOLDS(status_of("CapEff") == 0);
	HOLDS(syscall(SYS_setresuid, -1, 0, -1) == 0);
	HOLDS(status_of("CapEff") == had);
	return 0;
}

static void a_change_of_user_gains_no_capabilities(void **state)
{
	(void)state;
	if (geteuid())
		skip(); /* only root can change its user */
	assert_int_equal(after(PRIVDROP_DAEMON, other_user), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_calls_that_an_audit_does_not_need),
		cmocka_unit_test(calls_that_an_audit_needs_still_work),
		cmocka_unit_test(a_session_can_send_only_sigterm),
		cmocka_unit_test(only_needed_capabilities_stay),
		cmocka_unit_test(few_capabilities_stay),
		cmocka_unit_test(a_change_of_user_gains_no_capabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
