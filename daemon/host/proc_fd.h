/* SPDX-License-Identifier: Apache-2.0 */
/* proc_fd.h - what a process has open now. */
#ifndef PIAUDIT_PROC_FD_H
#define PIAUDIT_PROC_FD_H

#include <stdbool.h>
#include <sys/types.h>

/* A descriptor of @pid is of the file that it knows as @path; false where that cannot be seen. */
bool proc_has_open(pid_t pid, const char *path);

#endif
