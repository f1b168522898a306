/* SPDX-License-Identifier: Apache-2.0 */
/* blind_spots.c - the blind spots of each alternate. Every result lists them, so nobody takes
 * these reads for audited. */
#include <string.h>

#include <piaudit/auto.h>

#include "probes_private.h"

/* clang-format off */
const struct probe_blind probe_blinds[] = {
	{ "file-open", NULL, "looks that open nothing: stat, access, readlink, extended attributes" },
	{ "file-open", NULL, "files below an overlayfs that the program mounts over a known directory" },
	{ "file-open", "on_sys_exit", "a descriptor that another thread replaces before the opening call returns" },
	{ "file-receive", "on_sys_exit", "descriptors received through io_uring, or with events of fanotify" },
	{ "file-receive", "on_sys_exit", "descriptors of a message that a second thread rewrites as it comes" },
	{ "file-uring", "hook_open", "files in a table of io_uring since before the audit joined" },
	{ "seed-files", NULL, "files that were mapped and closed before the audit joined" },
	{ "request-uring", "uring_complete_cqe", "what io_uring sends or connects and is told not to tell of" },
	{ "request-uring", "uring_complete_res", "what io_uring sends or connects and is told not to tell of" },
	{ "ioctl", NULL, "a request inside a request (ethtool, NVMe) that a second thread rewrites meanwhile" },
	{ "netlink", NULL, "what Wi-Fi tells its groups unasked, and what it is asked as its module loads" },
	{ "netlink", "on_sys_exit", "netlink requests that a second thread rewrites as they are sent" },
	{ "connect", NULL, "TCP Fast Open, and datagrams to a named socket without a connection" },
	{ "connect", "on_sys_exit", "addresses that a second thread rewrites as it connects" },
	{ "messages", NULL, "requests to servers that a second thread rewrites as they are sent" },
	{ "messages", NULL, "requests to PulseAudio through memory shared with it since before the audit joined" },
	{ "messages", NULL, "X servers over TCP, and sockets to servers of no name, or of an unusual one, but for buses" },
	{ PROBE_MARKS, NULL, "marks in the first instants of a program or library that is met as it runs" },
	{ "calls", NULL, "memory of other processes: ptrace, process_vm_readv" },
};
/* clang-format on */

const unsigned int probe_blind_count = ARRAY_SIZE(probe_blinds);

/* Collects the blind spots of the alternates that were taken. */
void blind_spots_collect(struct probes *p)
{
	size_t all = 0;

	for (unsigned int i = 0; i < probe_row_count; i++) {
		struct probe_state *s = &p->states[i];
		size_t n = 0;

		for (unsigned int k = 0; k < probe_blind_count && !s->idle; k++) {
			const struct probe_blind *b = &probe_blinds[k];

			if (strcmp(b->row, s->name) ||
			    (b->program && (!s->attached || strcmp(b->program, s->attached))))
				continue;
			if (n < PROBE_BLIND_MAX && all < BLIND_MAX)
				p->blind[all++] = s->blind[n++] = b->text;
		}
	}
}
