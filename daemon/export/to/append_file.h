/* SPDX-License-Identifier: Apache-2.0 */
/* append_file.h - appends whole lines to a file, or nothing: file destinations, dead letters. */
/* Room daemon/export/to: the transports: file, syslog, HTTP, Kafka. */
#ifndef PIAUDIT_APPEND_FILE_H
#define PIAUDIT_APPEND_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct append_file {
	int dir; /* folder of a relative path */
	const char *path;
	uint64_t bytes; /* maximum of one file; then it is renamed to PATH.1 and so on */
	uint32_t files; /* maximum of files, including the current one */
	mode_t mode;    /* of a new file */
};

/* Writes and syncs all of @text, or nothing of it. -errno. */
int append_file(const struct append_file *f, const char *text, size_t len);

#endif
