// SPDX-License-Identifier: Apache-2.0
/* uring.c - opens the watched file and makes other requests through io_uring, without a system
 * call for each: `uring WAY [DEVICE]`. */
#include <linux/io_uring.h>
#include <linux/nvme_ioctl.h>
#include <linux/openat2.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "secret.h"

struct ring {
	int fd;
	unsigned int flags;
	uint32_t *sq_head, *sq_tail, *sq_mask, *sq_flags, *sq_array;
	uint32_t *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

static void *at(char *base, uint32_t offset)
{
	return base + offset;
}

static int ring_open(struct ring *r, unsigned int flags)
{
	struct io_uring_params p = { .flags = flags, .sq_thread_idle = 50 };
	size_t size;
	char *map;

	r->flags = flags;
	r->fd = syscall(SYS_io_uring_setup, 8, &p);
	if (r->fd < 0)
		return secret_skip("io_uring_setup");
	size = p.sq_off.array + p.sq_entries * sizeof(uint32_t);
	if (size < p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe))
		size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r->fd,
		   IORING_OFF_SQ_RING);
	r->sqes = mmap(NULL, p.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, r->fd, IORING_OFF_SQES);
	if (map == MAP_FAILED || r->sqes == MAP_FAILED || !(p.features & IORING_FEAT_SINGLE_MMAP))
		return secret_skip("io_uring mmap");
	r->sq_head = at(map, p.sq_off.head);
	r->sq_tail = at(map, p.sq_off.tail);
	r->sq_mask = at(map, p.sq_off.ring_mask);
	r->sq_flags = at(map, p.sq_off.flags);
	r->sq_array = at(map, p.sq_off.array);
	r->cq_head = at(map, p.cq_off.head);
	r->cq_tail = at(map, p.cq_off.tail);
	r->cq_mask = at(map, p.cq_off.ring_mask);
	r->cqes = at(map, p.cq_off.cqes);
	return 0;
}

/* Submits one request and returns its result, or a negative errno. */
static int ring_do(struct ring *r, const struct io_uring_sqe *sqe)
{
	uint32_t tail = *r->sq_tail, slot = tail & *r->sq_mask, head = *r->cq_head;
	unsigned int enter = IORING_ENTER_GETEVENTS;
	int result;

	r->sqes[slot] = *sqe;
	r->sq_array[slot] = slot;
	__atomic_store_n(r->sq_tail, tail + 1, __ATOMIC_SEQ_CST);
	if (r->flags & IORING_SETUP_SQPOLL)
		enter |= IORING_ENTER_SQ_WAKEUP;
	if (syscall(SYS_io_uring_enter, r->fd, 1, 1, enter, NULL, 0) < 0)
		return -errno;
	while (__atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE) == head)
		usleep(1000);
	result = r->cqes[head & *r->cq_mask].res;
	__atomic_store_n(r->cq_head, head + 1, __ATOMIC_RELEASE);
	return result;
}

static int open_by(unsigned int ring_flags, unsigned int sqe_flags)
{
	struct io_uring_sqe sqe = { .opcode = IORING_OP_OPENAT,
				    .flags = sqe_flags,
				    .fd = AT_FDCWD,
				    .addr = (uintptr_t)SECRET,
				    .open_flags = O_RDONLY };
	struct ring r;
	int fd;

	if (ring_open(&r, ring_flags))
		return SKIP;
	fd = ring_do(&r, &sqe);
	errno = fd < 0 ? -fd : 0;
	return secret_read(fd);
}

static int way_inline(const char *unused)
{
	(void)unused;
	return open_by(0, 0);
}

static int way_async(const char *unused)
{
	(void)unused;
	return open_by(0, IOSQE_ASYNC);
}

static int way_sqpoll(const char *unused)
{
	(void)unused;
	return open_by(IORING_SETUP_SQPOLL, 0);
}

static int way_openat2(const char *unused)
{
	struct open_how how = { .flags = O_RDONLY };
	struct io_uring_sqe sqe = { .opcode = IORING_OP_OPENAT2,
				    .fd = AT_FDCWD,
				    .addr = (uintptr_t)SECRET,
				    .len = sizeof(how),
				    .off = (uintptr_t)&how };
	struct ring r;
	int fd;

	(void)unused;
	if (ring_open(&r, 0))
		return SKIP;
	fd = ring_do(&r, &sqe);
	errno = fd < 0 ? -fd : 0;
	return secret_read(fd);
}

/* A direct descriptor: a slot of the ring without a descriptor number in the process. */
static int way_direct(const char *unused)
{
	int slots[1] = { -1 };
	char text[64];
	struct io_uring_sqe open_sqe = { .opcode = IORING_OP_OPENAT,
					 .fd = AT_FDCWD,
					 .file_index = 1,
					 .addr = (uintptr_t)SECRET,
					 .open_flags = O_RDONLY };
	struct io_uring_sqe read_sqe = { .opcode = IORING_OP_READ,
					 .flags = IOSQE_FIXED_FILE,
					 .fd = 0,
					 .addr = (uintptr_t)text,
					 .len = sizeof(text) };
	struct ring r;
	int err;

	(void)unused;
	if (ring_open(&r, 0))
		return SKIP;
	if (syscall(SYS_io_uring_register, r.fd, IORING_REGISTER_FILES, slots, 1))
		return secret_skip("IORING_REGISTER_FILES");
	err = ring_do(&r, &open_sqe);
	errno = -err;
	if (err)
		return secret_skip("direct descriptor");
	err = ring_do(&r, &read_sqe);
	printf(err > 0 ? "secret read\n" : "broken: read %d\n", err);
	return err <= 0;
}

#define GPSD_PORT 2947

/* The request counts, even if no server listens there. */
static int way_connect(const char *unused)
{
	struct sockaddr_in gpsd = { .sin_family = AF_INET,
				    .sin_port = htons(GPSD_PORT),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct io_uring_sqe sqe = { .opcode = IORING_OP_CONNECT,
				    .fd = socket(AF_INET, SOCK_STREAM, 0),
				    .addr = (uintptr_t)&gpsd,
				    .off = sizeof(gpsd) };
	struct ring r;

	(void)unused;
	if (ring_open(&r, 0))
		return SKIP;
	printf("connected: %d\n", ring_do(&r, &sqe));
	return 0;
}

/* Requests the addresses of all network cards, as `ip link` does. */
static int way_netlink(const char *unused)
{
	struct {
		struct nlmsghdr head;
		struct rtgenmsg body;
	} ask = { { .nlmsg_len = sizeof(ask),
		    .nlmsg_type = RTM_GETLINK,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		  { .rtgen_family = AF_UNSPEC } };
	struct io_uring_sqe sqe = { .opcode = IORING_OP_SEND,
				    .fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE),
				    .addr = (uintptr_t)&ask,
				    .len = sizeof(ask) };
	struct ring r;
	int sent;

	(void)unused;
	if (ring_open(&r, 0))
		return SKIP;
	sent = ring_do(&r, &sqe);
	errno = -sent;
	if (sent < 0)
		return secret_fail("send");
	printf("asked\n");
	return 0;
}

/* NVMe's identify command, passed to the device unchanged in the second half of a 128-byte
 * request. */
static int way_passthrough(const char *device)
{
	static char answer[4096];
	struct nvme_uring_cmd identify = {
		.opcode = 6, .addr = (uintptr_t)answer, .data_len = sizeof(answer), .cdw10 = 1
	};
	struct io_uring_sqe sqe = { .opcode = IORING_OP_URING_CMD,
				    .fd = open(device, O_RDONLY),
				    .cmd_op = NVME_URING_CMD_ADMIN };
	const size_t head = sizeof(sqe) - offsetof(struct io_uring_sqe, cmd);
	struct ring r;
	int err;

	if (sqe.fd < 0 || ring_open(&r, IORING_SETUP_SQE128 | IORING_SETUP_CQE32))
		return secret_skip(device);
	memcpy(sqe.cmd, &identify, head);
	memcpy(&r.sqes[1], (char *)&identify + head, sizeof(identify) - head);
	err = ring_do(&r, &sqe);
	errno = -err;
	if (err)
		return secret_skip("passthrough");
	printf("serial %.20s\n", answer + 4);
	return 0;
}

static const struct way ways[] = {
	{ "inline", way_inline },   { "async", way_async },
	{ "sqpoll", way_sqpoll },   { "openat2", way_openat2 },
	{ "direct", way_direct },   { "connect", way_connect },
	{ "netlink", way_netlink }, { "passthrough", way_passthrough },
};

int main(int argc, char **argv)
{
	return secret_main(ways, sizeof(ways) / sizeof(ways[0]), argc, argv);
}
