/* SPDX-License-Identifier: Apache-2.0 */
/* proc_info.c - facts about one running process: its executable, command line, cgroup, user. */
#include "proc_info.h"

#include <stdio.h>
#include <string.h>

#include "daemon/record/record_path.h"
#include "host.h"
#include "question.h"

/* Puts a blank between the arguments, each of which ends with NUL. */
static void argv_set(struct proc_info *f, size_t len)
{
	while (len && !f->argv[len - 1])
		len--;
	f->argv[len] = 0;
	for (size_t i = 0; i < len; i++)
		f->argv[i] = f->argv[i] ?: ' ';
}

static void read_argv(struct proc_info *f, const struct process_id *who)
{
	int len = question_text(who, QUESTION_CMDLINE, "", f->argv, sizeof(f->argv));

	argv_set(f, len > 0 ? (size_t)len : 0);
}

void proc_info_read(struct proc_info *f, const struct process_id *who)
{
	question_text(who, QUESTION_EXE, "", f->exe, sizeof(f->exe));
	read_argv(f, who);
	question_text(who, QUESTION_CGROUP, "", f->cgroup, sizeof(f->cgroup));
	if (question_number(who, QUESTION_UID, &f->uid))
		f->uid = APP_UID_NONE;
}

void proc_info_argv(struct proc_info *f, char *const *words, size_t count)
{
	size_t used = 0;

	*f->argv = 0;
	for (size_t i = 0; i < count && used < sizeof(f->argv); i++)
		used += (size_t)snprintf(f->argv + used, sizeof(f->argv) - used, "%s%s",
					 i ? " " : "", words[i]);
}

void proc_info_exec(struct proc_info *f, struct host *host, const struct pia_event *ev)
{
	size_t len = ev->data.len < sizeof(f->argv) ? ev->data.len : sizeof(f->argv) - 1;
	const struct process_id who = process_id_of(ev);
	char exe[PATH_MAX];

	snprintf(f->exe, sizeof(f->exe), "%s", host_record_exe(host, ev, exe, sizeof(exe)));
	memcpy(f->argv, (const char *)ev + ev->data.off, len);
	argv_set(f, len);
	/*
	 * The kernel cannot read the arguments of a process that another process moves to a cgroup.
	 */
	if (!len)
		read_argv(f, &who);
	record_cgroup_path(ev, f->cgroup, sizeof(f->cgroup));
	f->uid = ev->uid;
}
