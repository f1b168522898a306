/* SPDX-License-Identifier: Apache-2.0 */
/* process_table.h - the audited processes, from their fork, exec and exit records. */
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
	const char *exe; /* owned by the table; "" if not known */
};

/* @host (borrowed) gives the executables of processes without a fork or exec record. */
int process_table_open(struct process_table **out, struct host *host);
void process_table_close(struct process_table **processes); /* NULL-safe, nulls */

/* A fork, exec or exit record. @exe: path of the new executable (exec only). */
void process_table_feed(struct process_table *processes, const struct pia_event *ev,
			const char *exe);

/*
 * The process of the record; a new one is entered. NULL only without memory. Valid until the next
 * feed.
 */
const struct process_entry *process_table_find(struct process_table *processes,
					       const struct pia_event *ev);

bool process_table_has(const struct process_table *processes, uint32_t tgid); /* is audited now */
bool processes_any(const struct process_table *processes); /* at least one is audited */
/* Number of all processes, ended ones too. */
uint64_t process_table_seen(const struct process_table *processes);

#endif
