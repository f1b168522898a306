/* SPDX-License-Identifier: Apache-2.0 */
/* output_file.h - where data goes: stdout or a file, which stays as it was until the audit really begins. */
#ifndef PIAUDIT_OUTPUT_FILE_H
#define PIAUDIT_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* Zero at start. */
struct output_file {
	FILE *file;
	const char *path; /* borrowed; NULL = stdout */
	bool created;     /* was not there before */
	bool begun;
};

int output_file_open(struct output_file *o,
		     const char *path);       /* NULL or "-" = stdout; -errno, said */
int output_file_begin(struct output_file *o); /* now drop what the file held before */
int output_file_start(struct output_file *o,
		      const char *path); /* both at once; nothing is left open where it fails */
/* Removes what never began. The error of a write, said unless @said: whoever wrote has done so. */
int output_file_close(struct output_file *o, bool said);
/* The same where a writer has kept its first error in @err, unsaid: that one is said. */
int output_file_end(struct output_file *o, int err);

#endif
