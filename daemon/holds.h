/* SPDX-License-Identifier: Apache-2.0 */
/* holds.h - what a process has open now. */
#ifndef PIAUDIT_HOLDS_H
#define PIAUDIT_HOLDS_H

#include <stdbool.h>
#include <sys/types.h>

/* A descriptor of @pid is of the file that it knows as @path; false where that cannot be seen. */
bool process_holds(pid_t pid, const char *path);

#endif
