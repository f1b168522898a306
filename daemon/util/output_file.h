/* SPDX-License-Identifier: Apache-2.0 */
/* output_file.h - the destination of the output: stdout or a file. A file is not changed before
 * the audit really begins. */
#ifndef PIAUDIT_OUTPUT_FILE_H
#define PIAUDIT_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* Zero at start. */
struct output_file {
	FILE *file;
	const char *path; /* borrowed; NULL = stdout */
	bool created;     /* did not exist before */
	bool begun;
};

/* NULL or "-" = stdout; -errno, logged. */
int output_file_open(struct output_file *o, const char *path);
int output_file_begin(struct output_file *o); /* drops the previous content of the file */
/* Opens and begins. If it fails, nothing is left open. */
int output_file_start(struct output_file *o, const char *path);
/*
 * Removes a file that was created but not begun. Returns the error of a write; logs it unless @said
 * (the writer did so).
 */
int output_file_close(struct output_file *o, bool said);
/*
 * The same for a writer that kept its first error in @err and did not log it. That error is logged.
 */
int output_file_end(struct output_file *o, int err);

#endif
