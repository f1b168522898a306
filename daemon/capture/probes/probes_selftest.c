/* SPDX-License-Identifier: Apache-2.0 */
/* probes_selftest.c - checks that a probe runs: the auditor does once the operation that the
 * probe should see. Only this distinguishes a working program from one that attaches and never
 * runs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "probes_table.h"

#define TRY_IOCTL FIONREAD
#define TRY_PORT  9 /* discard: a datagram socket only stores the address, nothing is sent */

const struct pia_wanted probes_selftest_numbers[] = {
	{ PIA_OP_IOCTL, TRY_IOCTL },
	{ PIA_OP_NETLINK, NETLINK_ROUTE << 16 | NLMSG_NOOP },
	{ PIA_OP_CONNECT, TRY_PORT },
	{ PIA_OP_CALL, PIA_CALL_UNAME },
	{ 0, 0 },
};

static void try_open(void)
{
	AUTO_FD int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)fd;
}

static void try_list(void)
{
	DIR *dir = opendir("/");

	if (!dir)
		return;
	readdir(dir);
	closedir(dir);
}

/* Sends a descriptor to itself. */
static void try_receive(void)
{
	AUTO_FD int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.bytes,
			    .msg_controllen = sizeof(control.bytes) };
	int ends[2], received;

	if (fd < 0 || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends))
		return;
	CMSG_FIRSTHDR(&m)->cmsg_len = CMSG_LEN(sizeof(int));
	CMSG_FIRSTHDR(&m)->cmsg_level = SOL_SOCKET;
	CMSG_FIRSTHDR(&m)->cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(CMSG_FIRSTHDR(&m)), &fd, sizeof(fd));
	if (sendmsg(ends[0], &m, 0) == 1 && recvmsg(ends[1], &m, MSG_CMSG_CLOEXEC) == 1 &&
	    CMSG_FIRSTHDR(&m)) {
		memcpy(&received, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(received));
		close(received);
	}
	close(ends[0]);
	close(ends[1]);
}

static void try_ioctl(void)
{
	AUTO_FD int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int n;

	ioctl(fd, TRY_IOCTL, &n);
}

static void try_netlink(void)
{
	AUTO_FD int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct nlmsghdr noop = { .nlmsg_len = sizeof(noop), .nlmsg_type = NLMSG_NOOP };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	sendto(fd, &noop, sizeof(noop), 0, (struct sockaddr *)&kernel, sizeof(kernel));
}

static void try_connect(void)
{
	AUTO_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons(TRY_PORT),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	if (connect(fd, (struct sockaddr *)&here, sizeof(here)))
		return;
}

static void try_call(void)
{
	struct utsname name;

	uname(&name);
}

/*
 * Sends a byte to a server of its own. The kernel chooses the server's name, so no other process
 * can have it.
 */
static void try_message(void)
{
	AUTO_FD int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	AUTO_FD int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(name);

	if (bind(server, (struct sockaddr *)&name, sizeof(sa_family_t)) || listen(server, 1) ||
	    getsockname(server, (struct sockaddr *)&name, &len) ||
	    connect(client, (struct sockaddr *)&name, len))
		return;
	send(client, "", 1, MSG_NOSIGNAL);
}

static const struct {
	const char *name;
	void (*act)(void);
	enum pia_op op;
	unsigned int times; /* minimum number of records of the class: receiving also opens */
} tries[] = {
	{ "open", try_open, PIA_OP_OPEN, 1 },
	{ "list", try_list, PIA_OP_LIST, 1 },
	{ "receive", try_receive, PIA_OP_OPEN, 2 },
	{ "ioctl", try_ioctl, PIA_OP_IOCTL, 1 },
	{ "netlink", try_netlink, PIA_OP_NETLINK, 1 },
	{ "connect", try_connect, PIA_OP_CONNECT, 1 },
	{ "message", try_message, PIA_OP_MESSAGE, 1 },
	{ "call", try_call, PIA_OP_CALL, 1 },
};

bool probes_selftest_fires(const char *name, const uint32_t *fired)
{
	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		uint32_t before = __atomic_load_n(&fired[tries[i].op], __ATOMIC_RELAXED);

		if (strcmp(tries[i].name, name) != 0)
			continue;
		tries[i].act();
		return __atomic_load_n(&fired[tries[i].op], __ATOMIC_RELAXED) - before >=
		       tries[i].times;
	}
	return false;
}
