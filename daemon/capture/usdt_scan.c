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
#include "daemon/host/question.h"
#include "daemon/record/record_path.h"
#include "daemon/util/open_regular.h"

/*
 * Opens the file through the process, because the name is valid in its mount namespace. The inode
 * must still be the same.
 */
static void of_record(struct probes *p, const struct pia_event *ev)
{
	const struct process_id who = process_id_of(ev);
	char path[PATH_MAX];
	AUTO_FD int fd = -1;
	struct stat st;

	record_path(ev, path, sizeof(path));
	fd = question_fd(&who, QUESTION_FILE, path);
	if (fd >= 0 && !fstat(fd, &st) && st.st_ino == ev->file.ino)
		probes_marks(p, fd);
}

static void answered(struct probes *p, int file)
{
	AUTO_FD int fd = file;

	if (fd >= 0)
		probes_marks(p, fd);
}

void usdt_scan_file(struct probes *p, const char *path)
{
	answered(p, open_regular(path));
}

/* One line of maps: only executable mappings of files count. */
static void mapping(struct probes *p, const struct process_id *who, const char *line)
{
	unsigned long from, until;
	char perms[5], range[48];
	int name = 0;

	if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &from, &until, perms, &name) != 3 ||
	    perms[2] != 'x' || line[name] != '/')
		return;
	snprintf(range, sizeof(range), "%lx-%lx", from, until);
	answered(p, question_fd(who, QUESTION_MAPPED, range));
}

void usdt_scan_process(struct probes *p, const struct process_id *who)
{
	char line[PATH_MAX + 128];
	AUTO_FILE FILE *maps = NULL;

	answered(p, question_fd(who, QUESTION_PROGRAM, ""));
	maps = question_lines(who, QUESTION_MAPS);
	while (maps && fgets(line, sizeof(line), maps))
		mapping(p, who, line);
}

static void usdt_scan_forked(struct probes *p, const struct pia_event *ev)
{
	const struct process_id who = process_id_of(ev);

	if (ev->flags & PIA_F_SEEDED)
		usdt_scan_process(p, &who);
}

static void usdt_scan_executed(struct probes *p, const struct pia_event *ev)
{
	const struct process_id who = process_id_of(ev);

	answered(p, question_fd(&who, QUESTION_PROGRAM, ""));
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
