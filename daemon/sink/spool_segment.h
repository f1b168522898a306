/* SPDX-License-Identifier: Apache-2.0 */
/* spool_segment.h - the files of the spool, as who writes them and who reads them know them. */
#ifndef PIAUDIT_SPOOL_SEGMENT_H
#define PIAUDIT_SPOOL_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SEGMENT_NAME_MAX 32
#define SEGMENT_HEAD_MAX 160 /* bytes of a first line */

/* The first line of a segment: how many lines were in those before it, so that a hole can be told exactly. */
struct segment_head {
	uint64_t number; /* from 1, and the file's name */
	uint64_t lines;
	uint64_t time; /* ns since the epoch */
};

void segment_name(uint64_t number, char name[SEGMENT_NAME_MAX]);

/* Every segment in @dir, in no order; others' files are passed over. */
int segment_each(int dir, void (*each)(void *context, uint64_t number), void *context);
/* The least number above @number that has a file in @dir; -ENOENT. */
int segment_after(int dir, uint64_t number, uint64_t *out);

int segment_head_write(int fd, const struct segment_head *head);
/* @line: with or without its end. False: it is none. */
bool segment_head_read(struct segment_head *head, const char *line);

#endif
