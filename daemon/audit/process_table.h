/* SPDX-License-Identifier: Apache-2.0 */
/* process_table.h - the audited processes, as their fork, exec and exit records tell them. */
#ifndef PIAUDIT_PROCESS_TABLE_H
#define PIAUDIT_PROCESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/event.h>

struct host;
struct processes;

struct process {
	uint32_t tgid;
	uint64_t start;  /* CLOCK_BOOTTIME, ns */
	const char *exe; /* owned by the table; "" where not known */
};

int processes_open(struct processes **out,
		   struct host *host);              /* @host borrowed: for what was not seen */
void processes_close(struct processes **processes); /* NULL-safe, nulls */

/* A fork, exec or exit record; @exe: path of the new executable (exec only). */
void processes_feed(struct processes *processes, const struct pia_event *ev, const char *exe);

/* Whose record this is; entered if it is new. NULL only without memory. Valid until the next feed. */
const struct process *processes_find(struct processes *processes, const struct pia_event *ev);

bool processes_has(const struct processes *processes, uint32_t tgid); /* is audited now */
bool processes_any(const struct processes *processes);                /* some is */
uint64_t processes_seen(const struct processes *processes);           /* ever */

#endif
