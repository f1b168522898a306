// SPDX-License-Identifier: Apache-2.0
/* handed.c - passes an open file from a process that is not audited: `handed serve SOCKET` and
 * `handed hold SOCKET` run outside (they print "ready ..."), `handed receive SOCKET`, `handed
 * receive-i386 SOCKET` and `handed take PID:FD` are audited. */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "secret.h"

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static struct sockaddr_un address(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	return sun;
}

static void message(struct msghdr *msg, struct iovec *iov, union control *control)
{
	*msg = (struct msghdr){ .msg_iov = iov,
				.msg_iovlen = 1,
				.msg_control = control->bytes,
				.msg_controllen = sizeof(control->bytes) };
}

static int way_serve(const char *path)
{
	struct sockaddr_un sun = address(path);
	int s = socket(AF_UNIX, SOCK_STREAM, 0), fd = open(SECRET, O_RDONLY), peer;
	union control control = { .align = { .cmsg_level = SOL_SOCKET,
					     .cmsg_type = SCM_RIGHTS,
					     .cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct iovec iov = { "x", 1 };
	struct msghdr msg;

	if (fd < 0 || bind(s, (struct sockaddr *)&sun, sizeof(sun)) || listen(s, 1))
		return secret_fail("serve");
	printf("ready\n");
	fflush(stdout);
	peer = accept(s, NULL, NULL);
	message(&msg, &iov, &control);
	memcpy(CMSG_DATA(&control.align), &fd, sizeof(fd));
	return sendmsg(peer, &msg, 0) == 1 ? 0 : secret_fail("sendmsg");
}

static int way_receive(const char *path)
{
	struct sockaddr_un sun = address(path);
	int s = socket(AF_UNIX, SOCK_STREAM, 0), fd = -1;
	union control control;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg;

	message(&msg, &iov, &control);
	if (connect(s, (struct sockaddr *)&sun, sizeof(sun)) || recvmsg(s, &msg, 0) != 1)
		return secret_fail("receive");
	if (CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return secret_read(fd);
}

#ifdef __x86_64__
/* As a 32-bit program with 64-bit times receives: its structs, in memory below 4 GiB. */
struct compat_receive {
	struct {
		uint32_t name, name_len, iov, iov_count, control, control_len, flags, received;
	} message;
	struct {
		uint32_t base, len;
	} iov;
	struct {
		uint32_t len;
		int32_t level, type, fd;
	} control;
	char byte;
};

static long recvmmsg_time64(int s, struct compat_receive *at)
{
	long ret;

	at->iov.base = (uint32_t)(uintptr_t)&at->byte;
	at->iov.len = 1;
	at->message.iov = (uint32_t)(uintptr_t)&at->iov;
	at->message.iov_count = 1;
	at->message.control = (uint32_t)(uintptr_t)&at->control;
	at->message.control_len = sizeof(at->control);
	asm volatile("int $0x80"
		     : "=a"(ret)
		     : "a"(417l), "b"((long)s), "c"(&at->message), "d"(1l), "S"(0l), "D"(0l)
		     : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

static int way_receive_i386(const char *path)
{
	struct sockaddr_un sun = address(path);
	int s = socket(AF_UNIX, SOCK_STREAM, 0);
	struct compat_receive *at = mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long ret;

	if (at == MAP_FAILED)
		return secret_skip("MAP_32BIT");
	if (connect(s, (struct sockaddr *)&sun, sizeof(sun)))
		return secret_fail("receive");
	ret = recvmmsg_time64(s, at);
	errno = ret < 0 ? (int)-ret : 0;
	if (ret == -ENOSYS)
		return secret_skip("int 0x80");
	return ret == 1 ? secret_read(at->control.fd) : secret_fail("recvmmsg_time64");
}
#else
static int way_receive_i386(const char *path)
{
	(void)path;
	errno = ENOSYS;
	return secret_skip("int 0x80");
}
#endif

/* Waits for the end of stdin. */
static int way_hold(const char *unused)
{
	char byte;

	(void)unused;
	printf("ready %d:%d\n", getpid(), open(SECRET, O_RDONLY));
	fflush(stdout);
	return read(0, &byte, 1) < 0;
}

static int way_take(const char *where)
{
	int pid, number, process, fd;

	if (sscanf(where, "%d:%d", &pid, &number) != 2)
		return secret_fail(where);
	process = syscall(SYS_pidfd_open, pid, 0);
	fd = syscall(SYS_pidfd_getfd, process, number, 0);
	return fd < 0 ? secret_skip("pidfd_getfd") : secret_read(fd);
}

/* The same without a new system call: opens another process's descriptor by its name in /proc. */
static int way_proc(const char *where)
{
	char path[64];
	int pid, number;

	if (sscanf(where, "%d:%d", &pid, &number) != 2)
		return secret_fail(where);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, number);
	return secret_read(open(path, O_RDONLY));
}

static const struct way ways[] = {
	{ "serve", way_serve }, { "receive", way_receive },
	{ "hold", way_hold },   { "receive-i386", way_receive_i386 },
	{ "take", way_take },   { "proc", way_proc },
};

int main(int argc, char **argv)
{
	return secret_main(ways, sizeof(ways) / sizeof(ways[0]), argc, argv);
}
