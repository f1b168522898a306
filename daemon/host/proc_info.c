/* SPDX-License-Identifier: Apache-2.0 */
/* proc_info.c - facts about one running process: its executable, command line, cgroup, user. */
#include "proc_info.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/record/record_path.h"
#include "host.h"

static FILE *open_of(const char *dir, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return fopen(path, "re");
}

static void read_exe(struct proc_info *f, const char *dir)
{
	/* The kernel adds this if the file was deleted, for example by an update. */
	static const char gone[] = " (deleted)";
	char path[64];
	ssize_t len;

	snprintf(path, sizeof(path), "%s/exe", dir);
	len = readlink(path, f->exe, sizeof(f->exe) - 1);
	f->exe[len > 0 ? len : 0] = 0;
	len -= (ssize_t)sizeof(gone) - 1;
	if (len > 0 && !strcmp(f->exe + len, gone))
		f->exe[len] = 0;
}

/* Puts a blank between the arguments, each of which ends with NUL. */
static void argv_set(struct proc_info *f, size_t len)
{
	while (len && !f->argv[len - 1])
		len--;
	f->argv[len] = 0;
	for (size_t i = 0; i < len; i++)
		f->argv[i] = f->argv[i] ?: ' ';
}

static void read_argv(struct proc_info *f, const char *dir)
{
	AUTO_FILE FILE *file = open_of(dir, "cmdline");

	argv_set(f, file ? fread(f->argv, 1, sizeof(f->argv) - 1, file) : 0);
}

/* The path of cgroup version 2, which systemd also uses if version 1 is mounted. */
static void read_cgroup(struct proc_info *f, const char *dir)
{
	AUTO_FILE FILE *file = open_of(dir, "cgroup");
	char line[PATH_MAX + 8];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "0::", 3) != 0)
			continue;
		line[strcspn(line, "\n")] = 0;
		snprintf(f->cgroup, sizeof(f->cgroup), "%.*s", PATH_MAX - 1, line + 3);
	}
}

static void read_uid(struct proc_info *f, const char *dir)
{
	AUTO_FILE FILE *file = open_of(dir, "status");
	char line[256];

	f->uid = APP_UID_NONE;
	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "Uid:", 4))
			f->uid = (uint32_t)strtoul(line + 4, NULL, 10);
	}
}

void proc_info_read(struct proc_info *f, pid_t pid)
{
	char dir[32] = "/proc/self";

	if (pid)
		snprintf(dir, sizeof(dir), "/proc/%d", (int)pid);
	*f->cgroup = 0;
	read_exe(f, dir);
	read_argv(f, dir);
	read_cgroup(f, dir);
	read_uid(f, dir);
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
	char exe[PATH_MAX], dir[32];

	snprintf(f->exe, sizeof(f->exe), "%s", host_record_exe(host, ev, exe, sizeof(exe)));
	memcpy(f->argv, (const char *)ev + ev->data.off, len);
	argv_set(f, len);
	/*
	 * The kernel cannot read the arguments of a process that another process moves to a cgroup.
	 */
	snprintf(dir, sizeof(dir), "/proc/%u", ev->tgid);
	if (!len)
		read_argv(f, dir);
	record_cgroup_path(ev, f->cgroup, sizeof(f->cgroup));
	f->uid = ev->uid;
}
