/* SPDX-License-Identifier: Apache-2.0 */
/* spool.h - findings for other machines: a folder of files that piaudit-export reads. */
#ifndef PIAUDIT_SPOOL_H
#define PIAUDIT_SPOOL_H

#include <stdint.h>
#include <stdio.h>

#define SPOOL_PATH "/var/lib/piaudit/spool"

struct spool;

/*
 * Begins a new segment in the folder @path, which is created if it is missing. The folder is
 * refused if users outside its group can read it, or its group can write. Beyond @bytes in total,
 * and after @keep ns, the oldest segment is dropped, read or not: the daemon waits for no reader.
 * Segments have mode 0640; a folder with the setgid bit gives them its group. -errno, logged.
 */
int spool_open(struct spool **out, const char *path, uint64_t bytes, uint64_t keep);
void spool_close(struct spool **s); /* NULL-safe, sets *s to NULL; flushes */

FILE *spool_stream(struct spool *s); /* as logfile_stream: it never fails. Owned by the spool */
void spool_tick(struct spool *s);    /* one turn of the loop: writes pending text */

#endif
