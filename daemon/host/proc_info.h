/* SPDX-License-Identifier: Apache-2.0 */
/* proc_info.h - what is known of one process, running or about to: its executable, command line, cgroup, user. */
#ifndef PIAUDIT_PROC_INFO_H
#define PIAUDIT_PROC_INFO_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

#include <piaudit/event.h>

#include "policy/app.h"

struct host;

#define PROC_INFO_ARGV_MAX 4096 /* bytes that patterns are held against; what is longer is cut */

struct proc_info {
	char exe[PATH_MAX], argv[PROC_INFO_ARGV_MAX], cgroup[PATH_MAX]; /* "" = not known */
	uint32_t uid;
};

/* As /proc says now; @pid 0 is piaudit itself. What it does not say is left empty. */
void proc_info_read(struct proc_info *f, pid_t pid);
/* The command line of a program that is yet to run. */
void proc_info_argv(struct proc_info *f, char *const *words, size_t count);

/* Of the program that a process runs from now on, by a record that tells of it. */
void proc_info_exec(struct proc_info *f, struct host *host, const struct pia_event *ev);

static inline struct app_process facts_app(const struct proc_info *f)
{
	return (struct app_process){ f->exe, f->argv, f->cgroup, f->uid };
}

#endif
