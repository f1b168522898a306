// SPDX-License-Identifier: Apache-2.0
/* once.c - performs one operation of each kind that the audit reports, each once: `once` prints
 * "done". /usr/lib/os-release is opened, received over a socket and by pidfd_getfd: three times
 * in all. */
#include <dirent.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "secret.h"

#define RECEIVED  "/usr/lib/os-release"
#define NOT_THERE "/etc/hostid"
#define GPSD      2947
#define DISCARD   9

static void receive(int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .align = { .cmsg_level = SOL_SOCKET,
				 .cmsg_type = SCM_RIGHTS,
				 .cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };
	char byte;
	int ends[2];

	memcpy(CMSG_DATA(&control.align), &fd, sizeof(fd));
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) || sendmsg(ends[0], &msg, 0) != 1)
		exit(secret_fail("sendmsg"));
	iov.iov_base = &byte;
	if (recvmsg(ends[1], &msg, 0) != 1)
		exit(secret_fail("recvmsg"));
}

static void take_own(int fd)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (syscall(SYS_pidfd_getfd, self, fd, 0) < 0)
		exit(secret_fail("pidfd_getfd"));
}

static void ask_links(void)
{
	int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	struct {
		struct nlmsghdr h;
		struct ifinfomsg i;
	} request = { .h = { .nlmsg_len = sizeof(request),
			     .nlmsg_type = RTM_GETLINK,
			     .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP } };

	if (send(s, &request, sizeof(request), 0) != sizeof(request))
		exit(secret_fail("netlink"));
}

/* @type of socket, connected to a port of this machine; no server needs to listen there. */
static int connected(int type, in_port_t port)
{
	int s = socket(AF_INET, type, 0);
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	if (connect(s, (struct sockaddr *)&to, sizeof(to)) && errno != ECONNREFUSED)
		exit(secret_fail("connect"));
	return s;
}

static void own_address(void)
{
	int s = connected(SOCK_DGRAM, DISCARD);
	struct sockaddr_in name;
	socklen_t len = sizeof(name);

	if (getsockname(s, (struct sockaddr *)&name, &len))
		exit(secret_fail("getsockname"));
}

static void hardware_address(void)
{
	struct ifreq lo = { .ifr_name = "lo" };

	if (ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCGIFHWADDR, &lo))
		exit(secret_fail("ioctl"));
}

int main(void)
{
	int fd = open(SECRET, O_RDONLY), received = open(RECEIVED, O_RDONLY);
	DIR *proc = opendir("/proc");
	struct utsname name;

	if (fd < 0 || received < 0 || !proc || !readdir(proc))
		return secret_fail("open");
	close(open(NOT_THERE, O_RDONLY));
	receive(received);
	take_own(received);
	hardware_address();
	ask_links();
	connected(SOCK_STREAM, GPSD);
	own_address();
	if (uname(&name))
		return secret_fail("uname");
	printf("done\n");
	return 0;
}
