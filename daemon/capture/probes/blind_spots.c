/* SPDX-License-Identifier: Apache-2.0 */
/* blind_spots.c - the blind spots of each alternate. Every result lists them, so nobody takes
 * these reads for audited. */
#include <string.h>

#include <piaudit/auto.h>

#include "probes_private.h"

/* clang-format off */
const struct probe_blind probe_blinds[] = {
	{ "file-open", NULL, "calls that open no file: stat, access, readlink, extended attributes" },
	{ "file-open", NULL, "files in an overlayfs that the program mounts over a directory of the catalog" },
	{ "file-open", "on_sys_exit", "opened files, if another thread replaces the descriptor before the call returns" },
	{ "file-receive", "on_sys_exit", "file descriptors received through io_uring, or with fanotify events" },
	{ "file-receive", "on_sys_exit", "file descriptors in a message that a second thread rewrites while it is received" },
	{ "file-uring", "hook_open", "files that were added to an io_uring file table before the audit joined the program" },
	{ "seed-files", NULL, "files that were mapped and closed before the audit joined the program" },
	{ "request-uring", "uring_complete_cqe", "connections and requests through io_uring that ask for no completion event" },
	{ "request-uring", "uring_complete_res", "connections and requests through io_uring that ask for no completion event" },
	{ "ioctl", NULL, "nested requests (ethtool, NVMe) that a second thread rewrites during the call" },
	{ "netlink", NULL, "unrequested Wi-Fi (nl80211) multicast messages, and Wi-Fi requests while its module loads" },
	{ "netlink", "on_sys_exit", "netlink requests that a second thread rewrites during the call" },
	{ "connect", NULL, "TCP Fast Open, and datagrams to a named socket without a connection" },
	{ "connect", "on_sys_exit", "connections, if a second thread rewrites the address during the call" },
	{ "messages", NULL, "requests to servers that a second thread rewrites during the call" },
	{ "messages", NULL, "requests to PulseAudio through memory that was shared before the audit joined the program" },
	{ "messages", NULL, "X servers over TCP; other servers at sockets without a usual name, except D-Bus buses" },
	{ PROBE_MARKS, NULL, "scenario marks in the first milliseconds of a program or library found during the audit" },
	{ "calls", NULL, "reads of other processes' memory: ptrace, process_vm_readv" },
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
