/* SPDX-License-Identifier: Apache-2.0 */
/* proc_info.h - facts about one process that runs or will run: its executable, command line,
 * cgroup, user. */
#ifndef PIAUDIT_PROC_INFO_H
#define PIAUDIT_PROC_INFO_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

#include <piaudit/event.h>

#include "policy/app.h"

struct host;
struct process_id; /* question.h */

#define PROC_INFO_ARGV_MAX 4096 /* bytes compared with patterns; the rest is cut */

struct proc_info {
	char exe[PATH_MAX], argv[PROC_INFO_ARGV_MAX], cgroup[PATH_MAX]; /* "" = not known */
	uint32_t uid;
};

/* Asks the process. Unknown facts are empty. */
void proc_info_read(struct proc_info *f, const struct process_id *who);
/* Sets the command line of a program that will run. */
void proc_info_argv(struct proc_info *f, char *const *words, size_t count);

/* Sets the facts from a record of the program that a process now runs. */
void proc_info_exec(struct proc_info *f, struct host *host, const struct pia_event *ev);

static inline struct app_process facts_app(const struct proc_info *f)
{
	return (struct app_process){ f->exe, f->argv, f->cgroup, f->uid };
}

#endif
