/* SPDX-License-Identifier: Apache-2.0 */
/* journal.h - the system's journal: what is written to its stream and flushed is an entry. Owner: service.c. */
#ifndef PIAUDIT_JOURNAL_H
#define PIAUDIT_JOURNAL_H

#include <stdio.h>

#define JOURNAL_PATH "/run/systemd/journal/socket"

struct journal;

/* @path: its socket, which need not be there yet. -ENOMEM and its kin, said. */
int journal_open(struct journal **out, const char *path);
/*
 * Takes entries as encode/journald.c makes them. It never fails and never waits: what the journal does not take at
 * once is lost, counted, and said.
 */
FILE *journal_stream(struct journal *journal);
void journal_close(struct journal **journal); /* NULL-safe, nulls */

#endif
