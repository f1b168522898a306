/* SPDX-License-Identifier: Apache-2.0 */
/* usdt_attach.c - attaches a uprobe to each scenario mark in the programs' files. */
#include "probes_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utlist.h>

#include <piaudit/auto.h>
#include <piaudit/scenario.h>

#include "daemon/util/clock.h"
#include "daemon/util/log.h"
#include "usdt_notes.h"

/* Number of files without marks in the cache; searching one again costs some 50 us. */
#define FILES_MAX 1024
#define NOT_YET   "no program with scenario marks was found so far"
#define MULTI     48 /* BPF_TRACE_UPROBE_MULTI; the headers of older kernels do not have it */

/*
 * Between two attempts to attach to a file. A failure can be short: no memory, no descriptor. One
 * that stays must not slow down each start of the program.
 */
#define AGAIN_NS 1000000000ull

/* The header of clients needs no other file, so it has a constant of its own. */
_Static_assert(PIA_SCENARIO_MAX == PIAUDIT_SCENARIO_MAX, "an id is cut");

/* The identity of a file, with its modification time. */
struct mark_file {
	dev_t dev;
	ino_t ino;
	struct timespec changed;
	struct bpf_link **links; /* one link per mark, NULL if `link` is used */
	int link;                /* one link for all marks; -1 = none */
	int count;               /* number of attached marks */
	/* Not all marks are attached, and no attempt before this: CLOCK_MONOTONIC, ns; 0 = all are. */
	uint64_t again;
	/* Newest first: a file that is met again was usually met recently. */
	struct mark_file *prev, *next;
};

bool probe_on_file(const struct bpf_program *prog)
{
	return bpf_program__type(prog) == BPF_PROG_TYPE_KPROBE;
}

/* BPF_LINK_CREATE as MULTI uses it; linux/bpf.h: union bpf_attr. */
struct multi {
	uint32_t program, unused, type, flags;
	uint64_t path, offsets, semaphores, cookies;
	uint32_t count, multi_flags, pid, pad;
};

static int link_create(const struct multi *multi)
{
	int fd = (int)syscall(SYS_bpf, BPF_LINK_CREATE, multi, sizeof(*multi));

	return fd < 0 ? -errno : fd;
}

bool usdt_attach_multi(void)
{
	static const struct bpf_insn empty[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = MULTI);
	AUTO_FD int program = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "pia_try", "GPL", empty,
					    ARRAY_SIZE(empty), &opts);
	uint64_t offset = 0;
	struct multi multi = { .program = (uint32_t)program,
			       .type = MULTI,
			       .path = (uintptr_t) "/",
			       .offsets = (uintptr_t)&offset,
			       .count = 1 };

	/*
	 * A kernel that supports MULTI returns EBADF for a directory. Older kernels return another
	 * error.
	 */
	return program >= 0 && link_create(&multi) == -EBADF;
}

void usdt_attach_prepare(struct probes *p)
{
	bpf_program__set_expected_attach_type(p->skel->progs.on_mark_multi, MULTI);
}

void usdt_attach_idle(struct probes *p)
{
	while (p->mark_row < probe_row_count && strcmp(probe_rows[p->mark_row].name, PROBE_MARKS))
		p->mark_row++;
	if (p->taken[p->mark_row] < 0)
		return;
	p->states[p->mark_row].attached = NULL;
	p->states[p->mark_row].idle = true;
	if (!p->why[p->mark_row][0])
		snprintf(p->why[p->mark_row], WHY_MAX, NOT_YET);
}

static void attach_forget(struct probes *p, struct mark_file *f)
{
	DL_DELETE(p->mark_files, f);
	for (int i = 0; f->links && i < f->count; i++)
		bpf_link__destroy(f->links[i]);
	if (f->link >= 0)
		close(f->link);
	free(f->links);
	free(f);
}

void usdt_attach_end(struct probes *p)
{
	struct mark_file *f, *next;

	DL_FOREACH_SAFE(p->mark_files, f, next)
	attach_forget(p, f);
}

/* Only files without marks are dropped: the others are attached. */
static void attach_make_room(struct probes *p)
{
	struct mark_file *f, *next;

	int count;

	DL_COUNT(p->mark_files, f, count);
	if (count < FILES_MAX)
		return;
	DL_FOREACH_SAFE(p->mark_files, f, next)
	if (!f->count)
		attach_forget(p, f);
}

/* @path names the open descriptor, so that the file cannot be exchanged meanwhile. */
static int attach_each(struct probes *p, struct mark_file *f, const char *path,
		       const struct usdt_note *marks, int count)
{
	f->links = calloc((size_t)count, sizeof(struct bpf_link *));
	if (!f->links)
		return -ENOMEM;
	for (; f->count < count; f->count++) {
		LIBBPF_OPTS(bpf_uprobe_opts, opts, .bpf_cookie = marks[f->count].what);

		f->links[f->count] = bpf_program__attach_uprobe_opts(
			p->skel->progs.on_mark, -1, path, marks[f->count].offset, &opts);
		if (!f->links[f->count])
			return -errno;
	}
	return 0;
}

static int attach_at_once(struct probes *p, struct mark_file *f, const char *path,
			  const struct usdt_note *marks, int count)
{
	AUTO_FREE uint64_t *offsets = calloc(2 * (size_t)count, sizeof(*offsets));
	struct multi multi = {
		.program = (uint32_t)bpf_program__fd(p->skel->progs.on_mark_multi),
		.type = MULTI,
		.path = (uintptr_t)path,
		.offsets = (uintptr_t)offsets,
		.cookies = (uintptr_t)(offsets + count),
		.count = (uint32_t)count,
	};

	if (!offsets)
		return -ENOMEM;
	for (int i = 0; i < count; i++) {
		offsets[i] = marks[i].offset;
		offsets[count + i] = marks[i].what;
	}
	f->link = link_create(&multi);
	if (f->link < 0)
		return f->link;
	f->count = count;
	return 0;
}

static const char *reason(int err)
{
	if (err == -EPERM || err == -EACCES)
		return "CAP_SYS_ADMIN is needed, or kernel.perf_event_paranoid below 0; run piaudit as root";
	return strerror(-err);
}

static int attach_all(struct probes *p, struct mark_file *f, int fd)
{
	AUTO_FREE struct usdt_note *marks = NULL;
	int count = usdt_notes_read(fd, &marks);
	char path[32];

	if (count <= 0)
		return count;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return p->taken[p->mark_row] == 0 ? attach_at_once(p, f, path, marks, count)
					  : attach_each(p, f, path, marks, count);
}

/* The row was idle until now. From now on it is attached or missing. */
static void attach_tell(struct probes *p, int err)
{
	struct probe_state *s = &p->states[p->mark_row];
	size_t missing = 0;

	if (!err && !s->attached && s->idle) {
		s->attached = probe_rows[p->mark_row].alternates[p->taken[p->mark_row]].programs[0];
		s->idle = false;
		if (!strcmp(p->why[p->mark_row], NOT_YET))
			p->why[p->mark_row][0] = '\0';
		blind_spots_collect(p);
	}
	while (p->missing[missing] && strcmp(p->missing[missing], s->name))
		missing++;
	if (!err || p->missing[missing])
		return;
	s->attached = NULL;
	s->idle = false;
	/*
	 * A program makes marks that cannot be seen, so piaudit can have wrong scenarios for it.
	 * The row stays missing if a later attempt succeeds: the marks until then were not seen.
	 */
	s->required = true;
	snprintf(p->why[p->mark_row], WHY_MAX, "%s", reason(err));
	p->missing[missing] = s->name;
	log_warn("probe %s: not attached: %s", s->name, reason(err));
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static int attach_look(struct probes *p, int fd)
{
	struct mark_file *f;
	struct stat st;
	uint64_t now;
	int err;

	if (p->taken[p->mark_row] < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return 0;
	for (f = p->mark_files; f && (f->dev != st.st_dev || f->ino != st.st_ino);)
		f = f->next;
	now = clock_ns(CLOCK_MONOTONIC);
	if (f && same_time(&f->changed, &st.st_mtim) && (!f->again || now < f->again))
		return f->count;
	if (f)
		attach_forget(p, f);
	attach_make_room(p);
	f = calloc(1, sizeof(*f));
	if (!f) {
		attach_tell(p, -ENOMEM); /* whether the file has marks is not known */
		return -ENOMEM;
	}
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->link = -1;
	f->changed = st.st_mtim;
	DL_PREPEND(p->mark_files, f);
	err = attach_all(p, f, fd);
	/* Not if some are attached: a second attempt would first detach these. */
	f->again = err && !f->count ? now + AGAIN_NS : 0;
	if (err || f->count)
		attach_tell(p, err);
	p->marks_met += f->count > 0;
	return err ?: f->count;
}

/* The auditor's own mark is only for the self-test. */
int probes_marks(struct probes *p, int fd)
{
	struct stat self, st;

	if (stat("/proc/self/exe", &self) || fstat(fd, &st) ||
	    (self.st_dev == st.st_dev && self.st_ino == st.st_ino))
		return 0;
	return attach_look(p, fd);
}

uint64_t probes_marks_met(const struct probes *p)
{
	return p->marks_met;
}

static int try_own(struct probes *p)
{
	AUTO_FD int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	uint32_t before = p->control->fired[PIA_OP_SCENARIO];
	int marks = self < 0 ? -errno : attach_look(p, self);

	if (marks <= 0)
		return marks ?: -ENOENT;
	/*
	 * Ends a scenario that was not begun, so it changes nothing for anybody who audits this
	 * process.
	 */
	PIAUDIT_SCENARIO_END("piaudit");
	if (p->control->fired[PIA_OP_SCENARIO] != before)
		return 0;
	attach_tell(p, -ENXIO);
	return -ENXIO;
}

int probes_marks_try(struct probes *p)
{
	int err = try_own(p);

	/* No audited program has missed a mark because of this failure. */
	if (err)
		p->states[p->mark_row].required = false;
	return err;
}

static bool paranoid(void)
{
	AUTO_FILE FILE *f = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	int level;

	/*
	 * Debian and its derivatives have levels 3 and above, at which CAP_PERFMON is not enough.
	 */
	return f && fscanf(f, "%d", &level) == 1 && level > 2;
}

enum privilege_need probes_need(struct probes *p)
{
	AUTO_FD int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct mark_file once = { .link = -1 };
	AUTO_FREE struct usdt_note *marks = NULL;

	/*
	 * With MULTI (Linux 6.6) the kernel checks privileges when a program is loaded, not when it
	 * is attached.
	 */
	if (p->taken[p->mark_row] == 0)
		return PRIVILEGE_NEED_NONE;
	/*
	 * At the first mark, libbpf loads a program to find out the kernel's features. Do this now,
	 * while it is still allowed.
	 */
	if (p->taken[p->mark_row] > 0 && self >= 0 && usdt_notes_read(self, &marks) > 0)
		attach_each(p, &once, "/proc/self/exe", marks, 1);
	for (int i = 0; i < once.count; i++)
		bpf_link__destroy(once.links[i]);
	free(once.links);
	return paranoid() ? PRIVILEGE_NEED_ADMIN : PRIVILEGE_NEED_PERFMON;
}
