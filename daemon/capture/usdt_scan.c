/* SPDX-License-Identifier: Apache-2.0 */
/* usdt_scan.c - looks for scenario marks in the files that audited processes run. Owner:
 * session.c. */
#include "usdt_scan.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

#include "daemon/capture/probes/probes.h"
#include "daemon/record/record_path.h"
#include "daemon/util/open_regular.h"

void usdt_scan_file(struct probes *p, const char *path)
{
	AUTO_FD int fd = open_regular(path);

	if (fd >= 0)
		probes_marks(p, fd);
}

/*
 * Opens the file through the process, because the name is valid in its mount namespace. The inode
 * must still be the same.
 */
static void of_record(struct probes *p, const struct pia_event *ev)
{
	char path[PATH_MAX], full[PATH_MAX + 32];
	AUTO_FD int fd = -1;
	struct stat st;

	record_path(ev, path, sizeof(path));
	snprintf(full, sizeof(full), "/proc/%u/root%s", ev->tgid, path);
	fd = open_regular(full);
	if (fd >= 0 && !fstat(fd, &st) && st.st_ino == ev->file.ino)
		probes_marks(p, fd);
}

static void executable(struct probes *p, pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	usdt_scan_file(p, path);
}

/* One line of maps: only executable mappings of files count. */
static void mapping(struct probes *p, pid_t pid, const char *line)
{
	unsigned long from, until;
	char perms[5], path[96];
	int name = 0;

	if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &from, &until, perms, &name) != 3 ||
	    perms[2] != 'x' || line[name] != '/')
		return;
	snprintf(path, sizeof(path), "/proc/%d/map_files/%lx-%lx", (int)pid, from, until);
	usdt_scan_file(p, path);
}

void usdt_scan_process(struct probes *p, pid_t pid)
{
	char path[32], line[PATH_MAX + 128];
	AUTO_FILE FILE *maps = NULL;

	executable(p, pid);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps))
		mapping(p, pid, line);
}

static void usdt_scan_forked(struct probes *p, const struct pia_event *ev)
{
	if (ev->flags & PIA_F_SEEDED)
		usdt_scan_process(p, (pid_t)ev->tgid);
}

static void usdt_scan_executed(struct probes *p, const struct pia_event *ev)
{
	executable(p, (pid_t)ev->tgid);
}

/* Paths are stored leaf first: "libc.so.6\0...". */
static void opened(struct probes *p, const struct pia_event *ev)
{
	const char *leaf = (const char *)ev + ev->path.off;

	if (ev->ret >= 0 && S_ISREG(ev->mode) && ev->path.len && strstr(leaf, ".so"))
		of_record(p, ev);
}

static void (*const feeds[PIA_OP_MAX])(struct probes *, const struct pia_event *) = {
	[PIA_OP_FORK] = usdt_scan_forked,
	[PIA_OP_EXEC] = usdt_scan_executed,
	[PIA_OP_OPEN] = opened,
};

bool usdt_scan_feed(struct probes *p, const struct pia_event *ev)
{
	uint64_t before = probes_marks_met(p);

	if (feeds[ev->op])
		feeds[ev->op](p, ev);
	return probes_marks_met(p) != before;
}
