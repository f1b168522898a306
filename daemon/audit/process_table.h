/* SPDX-License-Identifier: Apache-2.0 */
/* process_table.h - the audited processes, as their fork, exec and exit records tell them. */
#ifndef PIAUDIT_PROCESS_TABLE_H
#define PIAUDIT_PROCESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/event.h>

struct host;
struct process_table;

struct process_entry {
	uint32_t tgid;
	uint64_t start;  /* CLOCK_BOOTTIME, ns */
	const char *exe; /* owned by the table; "" where not known */
};

int process_table_open(struct process_table **out,
		       struct host *host); /* @host borrowed: for what was not seen */
void process_table_close(struct process_table **processes); /* NULL-safe, nulls */

/* A fork, exec or exit record; @exe: path of the new executable (exec only). */
void process_table_feed(struct process_table *processes, const struct pia_event *ev,
			const char *exe);

/* Whose record this is; entered if it is new. NULL only without memory. Valid until the next feed. */
const struct process_entry *process_table_find(struct process_table *processes,
					       const struct pia_event *ev);

bool process_table_has(const struct process_table *processes, uint32_t tgid); /* is audited now */
bool processes_any(const struct process_table *processes);                    /* some is */
uint64_t process_table_seen(const struct process_table *processes);           /* ever */

#endif
