/* SPDX-License-Identifier: Apache-2.0 */
/* read_file.h - reads a whole file that people write, if it is safe to read and can be trusted. */
#ifndef PIAUDIT_READ_FILE_H
#define PIAUDIT_READ_FILE_H

#include "diagnostics.h"

/* UTF-8 without its byte order mark. Owned: the caller frees it. */
struct text {
	char *bytes; /* ended by a NUL, which len does not count */
	size_t len;
};

/*
 * Read @path, at most @max bytes. Refused with a problem: a file that is not regular, a binary
 * file, and an untrusted file. A file is trusted if only root and the user that runs piaudit own it
 * or may write it. Other users could decide on the verdict. Under sudo, the user that called sudo
 * is trusted too. -EINVAL, or the error of open(2) or read(2).
 */
int read_file_read(struct text *out, const char *path, size_t max, struct problems *problems);

struct stat;
/* Check that only root and the user that runs piaudit own the file or may write it; -EINVAL with a
 * problem at @at. */
int read_file_trusted(const struct stat *st, struct place at, struct problems *problems);

/* Line and column of byte @offset. */
struct place text_place(const char *file, const struct text *text, size_t offset);

#endif
