/* SPDX-License-Identifier: Apache-2.0 */
/* read_file.h - a file that people write, read whole, if it is safe to and may be believed. */
#ifndef PIAUDIT_READ_FILE_H
#define PIAUDIT_READ_FILE_H

#include "diagnostics.h"

/* UTF-8 without its byte order mark. Owned: freed by the caller. */
struct text {
	char *bytes; /* ended by a NUL that is not counted */
	size_t len;
};

/*
 * Read @path, at most @max bytes. Refused with a problem: what is no regular file, what is binary, and what
 * others than root and who runs piaudit own or may write, since they would decide on the verdict. Under sudo, who
 * called it counts too. -EINVAL, or what open(2) and read(2) said.
 */
int read_file_read(struct text *out, const char *path, size_t max, struct problems *problems);

struct stat;
/* That others than root and who runs piaudit neither own nor may write what stands @at; -EINVAL with a problem. */
int read_file_trusted(const struct stat *st, struct place at, struct problems *problems);

/* Where byte @offset stands. */
struct place text_place(const char *file, const struct text *text, size_t offset);

#endif
