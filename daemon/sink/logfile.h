/* SPDX-License-Identifier: Apache-2.0 */
/* logfile.h - the event log of the daemon: whole lines in rotated files; survives a full disk. */
#ifndef PIAUDIT_LOGFILE_H
#define PIAUDIT_LOGFILE_H

#include <stdint.h>
#include <stdio.h>

struct logfile;

/*
 * The source of the log's files. Each callback returns a descriptor to read and append, or -errno,
 * logged.
 */
struct logfile_files {
	const char *name;            /* borrowed; used in messages */
	int (*again)(void *context); /* reopens the current file */
	int (*next)(void *context);  /* opens a new file, since the current one is full */
	void *context;               /* borrowed */
};

/*
 * @path gets mode 0600. Refused if other users can read it or change its folder (open_private.h).
 * @bytes: limit of one file, 0 = no rotation here. @files: number of files PATH, PATH.1 ...
 * including the current one. -errno, logged.
 */
int logfile_open(struct logfile **out, const char *path, uint64_t bytes, uint32_t files);
int logfile_open_files(struct logfile **out, const struct logfile_files *files, uint64_t bytes);
void logfile_close(struct logfile **f); /* NULL-safe, sets *f to NULL; flushes */

/*
 * Never fails: lines that cannot be written are dropped and counted. The log has a notice where
 * they are missing. Owned by the log.
 */
FILE *logfile_stream(struct logfile *f);
void logfile_flush(struct logfile *f);
/* Call it after the file was renamed. It keeps the old file if none can be opened. */
void logfile_reopen(struct logfile *f);
void logfile_begin_next(struct logfile *f);        /* begins a new file, if one can be opened */
uint64_t logfile_dropped(const struct logfile *f); /* lines */

#endif
