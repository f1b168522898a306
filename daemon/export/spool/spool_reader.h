/* SPDX-License-Identifier: Apache-2.0 */
/* spool_reader.h - reads the spool line by line from a position, across segments and lost lines. */
/* Room daemon/export/spool: the spool, read from where a destination stopped. */
#ifndef PIAUDIT_SPOOL_READER_H
#define PIAUDIT_SPOOL_READER_H

#include <stddef.h>
#include <stdint.h>

/* Bytes. The longest line, a summary, has 100 KiB; with a path of 64 KiB, 300 KiB. */
#define SPOOL_LINE_MAX (1u << 20)

/* The position after a line. */
struct position {
	uint64_t segment; /* 0 = before the first */
	uint64_t offset;  /* in the segment's file */
	uint64_t lines;   /* lines of the whole spool up to here */
};

struct spool_line {
	const char *text; /* valid until the next call; ends with NUL, without its line end */
	size_t len;
	struct position after;
};

struct spool_reader;

int spool_reader_open(struct spool_reader **out, const char *path, const struct position *from);
void spool_reader_close(struct spool_reader **r); /* NULL-safe, nulls */

/*
 * 1: a line. 0: no more now. -errno, logged. If lines were dropped before they were read, a
 * generated line reports their number. It is the same each time it is read.
 */
int spool_reader_next(struct spool_reader *r, struct spool_line *out);
const struct position *spool_reader_position(const struct spool_reader *r);

/* Syncs the data that was read: after a power failure no cursor may point behind the data. */
int spool_reader_sync(struct spool_reader *r);

/* Waits until there may be more, @stop is readable, or @ns have passed. */
void spool_reader_wait(struct spool_reader *r, int stop, uint64_t ns);

#endif
