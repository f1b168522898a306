/* SPDX-License-Identifier: Apache-2.0 */
/* journal.h - the system's journal: each flush of its stream sends one entry. Owner: service.c. */
#ifndef PIAUDIT_JOURNAL_H
#define PIAUDIT_JOURNAL_H

#include <stdio.h>

#define JOURNAL_PATH "/run/systemd/journal/socket"

struct journal;

/*
 * @path: the journal's socket, which may appear later. Logs its errors; returns -ENOMEM,
 * -ENAMETOOLONG or -errno of socket(2).
 */
int journal_open(struct journal **out, const char *path);
/*
 * Takes entries of encode/journald.c. It never fails and never waits: entries that the journal does
 * not accept at once are dropped, counted and logged.
 */
FILE *journal_stream(struct journal *journal);
void journal_close(struct journal **journal); /* NULL-safe, sets *journal to NULL */

#endif
