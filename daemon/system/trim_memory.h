/* SPDX-License-Identifier: Apache-2.0 */
/* trim_memory.h - releases memory that was used only during start-up. */
#ifndef PIAUDIT_TRIM_MEMORY_H
#define PIAUDIT_TRIM_MEMORY_H

/*
 * Releases freed memory, and pages of files that can be read again: those of the loader, the
 * parser, and the loaded programs. The kernel reads such pages again at the next use.
 */
void trim_memory(void);

#endif
