/* SPDX-License-Identifier: Apache-2.0 */
/* append_file.h - appends whole lines to a file, or nothing: a destination of its own, and where dead letters lie. */
/* Room daemon/export/to: the transports: file, syslog, HTTP, Kafka. */
#ifndef PIAUDIT_APPEND_FILE_H
#define PIAUDIT_APPEND_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct append_file {
	int dir; /* where a relative path begins */
	const char *path;
	uint64_t bytes; /* of one file; then it is renamed to PATH.1 and so on */
	uint32_t files; /* kept, the one in writing among them */
	mode_t mode;    /* of a new one */
};

/* All of @text, and on the disk, or nothing of it. -errno. */
int append_file(const struct append_file *f, const char *text, size_t len);

#endif
