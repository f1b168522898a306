/* SPDX-License-Identifier: Apache-2.0 */
/* netlink.c - asks the kernel for all links in the given way: plain, split, many, pieces,
 * pwritev2, splice, sendfile, socketcall. Prints "links N", the number of answers with an
 * address. */
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct request {
	struct nlmsghdr header;
	struct ifinfomsg link;
	struct rtattr attr;
	unsigned int mask;
};

static const struct request ask = {
	.header = { .nlmsg_len = sizeof(ask),
		    .nlmsg_type = RTM_GETLINK,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	.attr = { .rta_len = 8, .rta_type = IFLA_EXT_MASK },
	.mask = 1,
};

static ssize_t send_pieces(int fd, struct iovec *pieces, size_t count)
{
	struct msghdr m = { .msg_iov = pieces, .msg_iovlen = count };

	return sendmsg(fd, &m, 0);
}

static ssize_t plain(int fd)
{
	return send(fd, &ask, sizeof(ask), 0);
}

/* The header is divided between two buffers. */
static ssize_t split(int fd)
{
	struct iovec pieces[2] = { { (void *)&ask, 8 }, { (char *)&ask + 8, sizeof(ask) - 8 } };

	return send_pieces(fd, pieces, 2);
}

/* After more requests than any program sends. */
static ssize_t many(int fd)
{
	struct {
		struct nlmsghdr noop[12];
		struct request last;
	} all = { .last = ask };

	for (int i = 0; i < 12; i++) {
		all.noop[i].nlmsg_len = sizeof(all.noop[i]);
		all.noop[i].nlmsg_type = NLMSG_NOOP;
		all.noop[i].nlmsg_flags = NLM_F_REQUEST;
	}
	return send(fd, &all, sizeof(all), 0);
}

/* After more buffers than any program uses. */
static ssize_t pieces(int fd)
{
	struct iovec all[24] = { { NULL, 0 } };

	all[23] = (struct iovec){ (void *)&ask, sizeof(ask) };
	return send_pieces(fd, all, 24);
}

static ssize_t by_pwritev2(int fd)
{
	struct iovec piece = { (void *)&ask, sizeof(ask) };

	return syscall(SYS_pwritev2, fd, &piece, 1, -1L, -1L, 0);
}

static ssize_t by_splice(int fd)
{
	int ends[2];

	if (pipe(ends) || write(ends[1], &ask, sizeof(ask)) != sizeof(ask))
		return -1;
	return splice(ends[0], NULL, fd, NULL, sizeof(ask), 0);
}

static ssize_t by_sendfile(int fd)
{
	int file = memfd_create("ask", 0);
	off_t from = 0;

	if (file < 0 || write(file, &ask, sizeof(ask)) != sizeof(ask))
		return -1;
	return sendfile(fd, file, &from, sizeof(ask));
}

/* The i386 call: its arguments must be in memory below 4 GiB. */
static ssize_t by_socketcall(int fd)
{
#ifdef __x86_64__
	unsigned int *args = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct request *copy = (struct request *)(args + 16);
	long ret;

	if (args == MAP_FAILED)
		return -1;
	*copy = ask;
	args[0] = (unsigned int)fd;
	args[1] = (unsigned int)(unsigned long)copy;
	args[2] = sizeof(ask);
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(102), "b"(9), "c"(args)
			 : "memory", "r8", "r9", "r10", "r11");
	return ret;
#else
	(void)fd;
	return -1;
#endif
}

static const struct {
	const char *name;
	ssize_t (*ask)(int fd);
} ways[] = {
	{ "plain", plain },
	{ "split", split },
	{ "many", many },
	{ "pieces", pieces },
	{ "pwritev2", by_pwritev2 },
	{ "splice", by_splice },
	{ "sendfile", by_sendfile },
	{ "socketcall", by_socketcall },
};

/* Links in the answer that carry an address. */
static int links(int fd)
{
	static char buf[65536];
	int found = 0;
	ssize_t len;

	while ((len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		unsigned int left = (unsigned int)len;

		for (struct nlmsghdr *h = (void *)buf; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left))
			found += h->nlmsg_type == RTM_NEWLINK;
	}
	return found;
}

int main(int argc, char **argv)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (argc != 2 || fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)))
		return 2;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(ways[i].name, argv[1]) != 0)
			continue;
		if (ways[i].ask(fd) < 0) {
			perror("skip");
			return 0;
		}
		printf("links %d\n", links(fd));
		return 0;
	}
	return 2;
}
