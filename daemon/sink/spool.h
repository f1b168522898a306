/* SPDX-License-Identifier: Apache-2.0 */
/* spool.h - findings on their way to other machines: files in a folder, which piaudit-export reads at its own pace. */
#ifndef PIAUDIT_SPOOL_H
#define PIAUDIT_SPOOL_H

#include <stdint.h>
#include <stdio.h>

#define SPOOL_PATH "/var/lib/piaudit/spool"

struct spool;

/*
 * A new segment in the folder @path, which is made where it is not there, and refused where others than its group can
 * read it, or its group can write. Beyond @bytes together, and after @keep ns, the oldest segment goes, read or not:
 * nobody is waited for. Segments are of mode 0640; a folder with the setgid bit gives them its group. -errno, said.
 */
int spool_open(struct spool **out, const char *path, uint64_t bytes, uint64_t keep);
void spool_close(struct spool **s); /* NULL-safe, nulls; flushes */

FILE *spool_stream(struct spool *s); /* as logfile_stream: it never fails. Owned */
void spool_tick(struct spool *s);    /* a turn of the loop: writes what waits */

#endif
