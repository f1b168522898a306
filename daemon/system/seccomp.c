/* SPDX-License-Identifier: Apache-2.0 */
/* seccomp.c - the list of permitted system calls. All others fail with EPERM, and the kernel
 * logs them. The process is not killed, because an attacker wants exactly that. If a newer C
 * library makes another call, this should cost one feature and not the audit. */
#include "seccomp.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"

#define CALL(name) SCMP_SYS(name)
/* The kernel reads only 32 bits of such an argument. The upper bits can have any value. */
#define INT UINT32_MAX

/* Permitted with any arguments. Names that a processor lacks are skipped. */
static const int calls[] = {
	/* memory, time, own signals */
	CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise), CALL(futex), CALL(sched_yield),
	CALL(sched_getaffinity), CALL(getcpu), CALL(getrandom), CALL(clock_gettime),
	CALL(clock_getres), CALL(clock_nanosleep), CALL(nanosleep), CALL(gettimeofday), CALL(time),
	CALL(times), CALL(getrusage), CALL(sysinfo), CALL(uname), CALL(restart_syscall),
	CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(sigaltstack), CALL(exit),
	CALL(exit_group), CALL(wait4), CALL(waitid), CALL(getpid), CALL(getppid), CALL(gettid),
	CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid), CALL(getgroups),
	/* files: /proc, the catalog's paths, the log, the history and its locks */
	CALL(open), CALL(openat), CALL(openat2), CALL(close), CALL(read), CALL(readv),
	CALL(pread64), CALL(write), CALL(writev), CALL(pwrite64), CALL(lseek), CALL(fcntl),
	CALL(flock), CALL(dup), CALL(stat), CALL(lstat), CALL(fstat), CALL(newfstatat), CALL(statx),
	CALL(statfs), CALL(fstatfs), CALL(access), CALL(faccessat), CALL(faccessat2),
	CALL(readlink), CALL(readlinkat), CALL(getcwd), CALL(getdents64), CALL(fsync),
	CALL(fdatasync), CALL(ftruncate), CALL(fchown), CALL(fchmod), CALL(umask), CALL(rename),
	CALL(renameat), CALL(renameat2), CALL(unlink), CALL(unlinkat),
	/* waiting, and exchanging data with connected peers */
	CALL(poll), CALL(ppoll), CALL(select), CALL(pselect6), CALL(epoll_wait), CALL(epoll_pwait),
	CALL(epoll_pwait2), CALL(epoll_ctl), CALL(connect), CALL(accept), CALL(accept4),
	CALL(sendto), CALL(recvfrom), CALL(sendmsg), CALL(recvmsg), CALL(shutdown),
	CALL(getsockopt), CALL(setsockopt), CALL(getsockname), CALL(getpeername),
	/* messages that are too large for a datagram to the journal */
	CALL(memfd_create)
};

/*
 * Permitted only if argument @at has @value in the bits of @mask. If a call has several rows, one
 * of them must match.
 */
static const struct {
	int call;
	unsigned int at;
	uint64_t mask, value;
} some[] = {
	/* No code is made or changed. Libraries of the name service may still be loaded. */
	{ CALL(mmap), 2, PROT_EXEC, 0 },
	{ CALL(mmap), 2, PROT_WRITE, 0 },
	{ CALL(mprotect), 2, PROT_EXEC, 0 },
	/* Servers of the desktop, systemd, the name service: no sockets to other machines. */
	{ CALL(socket), 0, INT, AF_UNIX },
	/* The type and width of the terminal. Before Linux 6.6: a uprobe at a scenario mark. */
	{ CALL(ioctl), 1, INT, TCGETS },
	{ CALL(ioctl), 1, INT, TIOCGWINSZ },
	{ CALL(ioctl), 1, INT, PERF_EVENT_IOC_ENABLE },
	{ CALL(ioctl), 1, INT, PERF_EVENT_IOC_DISABLE },
	{ CALL(ioctl), 1, INT, PERF_EVENT_IOC_SET_BPF },
	/* Pid -1, all processes: the file selects them. */
	{ CALL(perf_event_open), 1, INT, UINT32_MAX },
	/*
	 * Loaded objects are still used: maps, walks over processes, links to marks. No new program
	 * or map can be created.
	 */
	{ CALL(bpf), 0, INT, BPF_MAP_LOOKUP_ELEM },
	{ CALL(bpf), 0, INT, BPF_MAP_UPDATE_ELEM },
	{ CALL(bpf), 0, INT, BPF_MAP_DELETE_ELEM },
	{ CALL(bpf), 0, INT, BPF_MAP_GET_NEXT_KEY },
	{ CALL(bpf), 0, INT, BPF_LINK_CREATE },
	{ CALL(bpf), 0, INT, BPF_ITER_CREATE },
	{ CALL(bpf), 0, INT, BPF_OBJ_GET_INFO_BY_FD }, /* probes_missed.c */
	/*
	 * The real user must not change. The kernel's checks use the effective user: connect_as.c.
	 */
	{ CALL(setresuid), 0, INT, UINT32_MAX },
	/* Own limits can be read or lowered. */
	{ CALL(prlimit64), 0, INT, 0 },
	{ CALL(tgkill), 2, INT, SIGABRT },
};

static int allow(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(calls) && !err; i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	for (size_t i = 0; i < ARRAY_SIZE(some) && !err; i++)
		err = seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, some[i].call, 1,
			SCMP_CMP(some[i].at, SCMP_CMP_MASKED_EQ, some[i].mask, some[i].value));
	return err;
}

/*
 * SSB: before Linux 5.16 a filter enables a mitigation that slows the process down. It protects
 * against code that does not run here.
 */
static const struct {
	enum scmp_filter_attr attribute;
	uint32_t value;
} attributes[] = {
	{ SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM) },
	{ SCMP_FLTATR_CTL_LOG, 1 },
	{ SCMP_FLTATR_CTL_SSB, 1 },
	{ SCMP_FLTATR_CTL_OPTIMIZE,
	  /* A tree instead of a list: before Linux 5.11 the filter runs at every call. */
	  2 },
};

int seccomp_restrict(enum privdrop_for what)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = 0;

	if (!filter)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(attributes) && !err; i++)
		err = seccomp_attr_set(filter, attributes[i].attribute, attributes[i].value);
	err = err ?: allow(filter);
	/* TERM is forwarded to the command. */
	if (!err && what == PRIVDROP_SESSION)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(kill), 1,
				       SCMP_CMP(1, SCMP_CMP_MASKED_EQ, INT, SIGTERM));
#ifdef __SANITIZE_ADDRESS__
	log_warn("privileges: this build has sanitizers, so no system call is blocked");
#else
	err = err ?: seccomp_load(filter);
#endif
	seccomp_release(filter);
	return err;
}
