/* SPDX-License-Identifier: Apache-2.0 */
/* spool_segment.h - the files of the spool, for the daemon and the exporter. */
#ifndef PIAUDIT_SPOOL_SEGMENT_H
#define PIAUDIT_SPOOL_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SPOOL_SEGMENT_NAME_MAX 32
#define SPOOL_SEGMENT_HEAD_MAX 160 /* bytes of a first line */

/*
 * The first line of a segment. It counts the lines in earlier segments, so a reader knows the exact
 * number of missing lines.
 */
struct spool_segment_head {
	uint64_t number; /* from 1, and the file's name */
	uint64_t lines;
	uint64_t time; /* ns since the epoch */
};

void spool_segment_name(uint64_t number, char name[SPOOL_SEGMENT_NAME_MAX]);

/* Calls @each for every segment in @dir, unordered. Other files are skipped. */
int spool_segment_each(int dir, void (*each)(void *context, uint64_t number), void *context);
/* Finds the least number above @number that has a file in @dir. -ENOENT. */
int spool_segment_after(int dir, uint64_t number, uint64_t *out);

int spool_segment_head_write(int fd, const struct spool_segment_head *head);
/* @line: with or without its line end. Returns false if it is no first line. */
bool spool_segment_head_read(struct spool_segment_head *head, const char *line);

#endif
