/* SPDX-License-Identifier: Apache-2.0 */
/* spool_reader.h - the spool line by line, from where somebody stopped, across its segments and its holes. */
/* Room daemon/export/spool: the spool, read from where a destination stopped. */
#ifndef PIAUDIT_SPOOL_READER_H
#define PIAUDIT_SPOOL_READER_H

#include <stddef.h>
#include <stdint.h>

#define SPOOL_LINE_MAX \
	(1u << 20) /* bytes; the longest, a summary, has 100 KiB, a path of 64 KiB 300 */

/* Behind a line. */
struct position {
	uint64_t segment; /* 0 = before the first */
	uint64_t offset;  /* in its file */
	uint64_t lines;   /* of the whole spool, until here */
};

struct spool_line {
	const char *text; /* until the next call; ended by NUL, without its line end */
	size_t len;
	struct position after;
};

struct spool_reader;

int spool_reader_open(struct spool_reader **out, const char *path, const struct position *from);
void spool_reader_close(struct spool_reader **r); /* NULL-safe, nulls */

/*
 * 1: a line. 0: there is no more now. -errno, said. Where lines went before they were read, a line of ours tells how
 * many, the same each time it is read.
 */
int spool_reader_next(struct spool_reader *r, struct spool_line *out);
const struct position *spool_reader_position(const struct spool_reader *r);

/* What was read is on the disk: a cursor never stands where, after a power cut, nothing is. */
int spool_reader_sync(struct spool_reader *r);

/* Until there may be more, @stop is readable, or @ns have passed. */
void spool_reader_wait(struct spool_reader *r, int stop, uint64_t ns);

#endif
