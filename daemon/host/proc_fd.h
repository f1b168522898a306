/* SPDX-License-Identifier: Apache-2.0 */
/* proc_fd.h - finds the open files of a process. */
#ifndef PIAUDIT_PROC_FD_H
#define PIAUDIT_PROC_FD_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether @pid has the file open that it sees as @path. False if /proc cannot be read. */
bool proc_has_open(pid_t pid, const char *path);

#endif
