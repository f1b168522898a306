// SPDX-License-Identifier: Apache-2.0
/* floor.bpf.c - the empty program at the hook that piaudit uses: measures the cost of the hook
 * itself. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Apache-2.0";

SEC("tp_btf/sys_exit")
int floor_exit(void *ctx)
{
	(void)ctx;
	return 0;
}
