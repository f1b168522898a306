/* SPDX-License-Identifier: Apache-2.0 */
/* trim_memory.h - what only the start needed, given back. */
#ifndef PIAUDIT_TRIM_MEMORY_H
#define PIAUDIT_TRIM_MEMORY_H

/* What was freed, and pages of files that can be read again: the loader's, the parser's, the programs that are loaded.
 * Those that are needed come back at their next use. */
void trim_memory(void);

#endif
