/* SPDX-License-Identifier: Apache-2.0 */
/* logfile.h - the event log of the daemon: whole lines in files that rotate, and no full disk stops it. */
#ifndef PIAUDIT_LOGFILE_H
#define PIAUDIT_LOGFILE_H

#include <stdint.h>
#include <stdio.h>

struct logfile;

/* Where its files come from. Each returns a descriptor to read and append, or -errno, said. */
struct logfile_files {
	const char *name;            /* borrowed; in what is said of it */
	int (*again)(void *context); /* the one to go on with */
	int (*next)(void *context);  /* a new one, as that is full */
	void *context;               /* borrowed */
};

/*
 * @path gets mode 0600; refused where others can read it or change its folder (open_private.h). @bytes of one file, 0 = it
 * is not rotated here; @files are kept, the one in writing among them: PATH, PATH.1 ... -errno, said.
 */
int logfile_open(struct logfile **out, const char *path, uint64_t bytes, uint32_t files);
int logfile_open_files(struct logfile **out, const struct logfile_files *files, uint64_t bytes);
void logfile_close(struct logfile **f); /* NULL-safe, nulls; flushes */

/* Never fails: lines that cannot be written are dropped and counted, which the log tells where they are missing. Owned. */
FILE *logfile_stream(struct logfile *f);
void logfile_flush(struct logfile *f);
void logfile_reopen(
	struct logfile
		*f); /* somebody moved it away; the old one stays where no new one can be had */
void logfile_begin_next(struct logfile *f);        /* a new file now, where one can be had */
uint64_t logfile_dropped(const struct logfile *f); /* lines */

#endif
