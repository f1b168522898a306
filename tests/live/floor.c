// SPDX-License-Identifier: Apache-2.0
/* floor.c - the cost of a system call that no probe watches: `floor CALLS ROUNDS` prints the
 * nanoseconds of the fastest round. `floor left` prints the numbers of BPF programs, maps and
 * links in the kernel. */
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t fastest(unsigned long calls, unsigned long rounds)
{
	uint64_t best = UINT64_MAX;

	while (rounds--) {
		uint64_t start = now(), took;

		for (unsigned long i = 0; i < calls; i++)
			syscall(SYS_getppid);
		took = now() - start;
		best = took < best ? took : best;
	}
	return best;
}

/* -1: the kernel refuses the query. */
static int count(enum bpf_cmd next)
{
	union bpf_attr attr;
	int n = 0;

	memset(&attr, 0, sizeof(attr));
	for (;;) {
		if (syscall(SYS_bpf, next, &attr, sizeof(attr)))
			return errno == ENOENT ? n : -1;
		attr.start_id = attr.next_id;
		n++;
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "left")) {
		printf("programs %d maps %d links %d\n", count(BPF_PROG_GET_NEXT_ID),
		       count(BPF_MAP_GET_NEXT_ID), count(BPF_LINK_GET_NEXT_ID));
		return 0;
	}
	if (argc != 3) {
		fprintf(stderr, "usage: %s CALLS ROUNDS | left\n", argv[0]);
		return 2;
	}
	printf("%" PRIu64 "\n", fastest(strtoul(argv[1], NULL, 10), strtoul(argv[2], NULL, 10)));
	return 0;
}
