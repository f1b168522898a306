/* SPDX-License-Identifier: Apache-2.0 */
/* probes_mark.c - the kernel half in the programs' files: a uprobe at each scenario mark. */
#include "probes_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <uthash.h>

#include <piaudit/auto.h>
#include <piaudit/scenario.h>

#include "log.h"
#include "sdt.h"

#define FILES_MAX 4096 /* without marks remembered: looking again costs some 50 us */
#define NOT_YET   "no program with marks was met"

/* Who a file is, on disk and in time. */
struct mark_id {
	uint64_t dev, ino;
};

struct mark_file {
	struct mark_id id;
	struct timespec changed;
	struct bpf_link **links;
	int count;
	UT_hash_handle hh;
};

bool probe_on_file(const struct bpf_program *prog)
{
	return bpf_program__type(prog) == BPF_PROG_TYPE_KPROBE;
}

void marks_idle(struct probes *p)
{
	while (p->mark_row < probe_row_count && strcmp(probe_rows[p->mark_row].name, PROBE_MARKS))
		p->mark_row++;
	if (p->taken[p->mark_row] < 0)
		return;
	p->states[p->mark_row].attached = NULL;
	p->states[p->mark_row].idle = true;
	snprintf(p->why[p->mark_row], WHY_MAX, NOT_YET);
}

static void forget(struct probes *p, struct mark_file *f)
{
	HASH_DEL(p->mark_files, f);
	for (int i = 0; i < f->count; i++)
		bpf_link__destroy(f->links[i]);
	free(f->links);
	free(f);
}

void marks_detach(struct probes *p)
{
	struct mark_file *f, *next;

	HASH_ITER (hh, p->mark_files, f, next)
		forget(p, f);
}

/* Those without marks only: the others are attached. */
static void make_room(struct probes *p)
{
	struct mark_file *f, *next;

	if (HASH_COUNT(p->mark_files) < FILES_MAX)
		return;
	HASH_ITER (hh, p->mark_files, f, next)
		if (!f->count)
			forget(p, f);
}

static int attach(struct probes *p, struct mark_file *f, int fd, const struct sdt_mark *mark)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .bpf_cookie = mark->what);
	struct bpf_link *link;
	char path[32];

	/* By the open file: no name can be exchanged meanwhile. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	link = bpf_program__attach_uprobe_opts(p->skel->progs.on_mark, -1, path, mark->offset,
					       &opts);
	if (!link)
		return -errno;
	f->links[f->count++] = link;
	return 0;
}

static const char *reason(int err)
{
	if (err == -EPERM || err == -EACCES)
		return "CAP_SYS_ADMIN is needed, or kernel.perf_event_paranoid below 0: run it as root";
	return strerror(-err);
}

static int attach_all(struct probes *p, struct mark_file *f, int fd)
{
	AUTO_FREE
	struct sdt_mark *marks = NULL;
	int count = sdt_marks(fd, &marks), err = 0;

	if (count <= 0)
		return count;
	f->links = calloc((size_t)count, sizeof(struct bpf_link *));
	if (!f->links)
		return -ENOMEM;
	for (int i = 0; i < count && !err; i++)
		err = attach(p, f, fd, &marks[i]);
	return err;
}

/* What was idle is missing from now on, or attached. */
static void tell(struct probes *p, int err)
{
	struct probe_state *s = &p->states[p->mark_row];
	size_t missing = 0;

	if (!err && !s->attached && s->idle) {
		s->attached = "on_mark";
		s->idle = false;
		p->why[p->mark_row][0] = '\0';
		blind_tell(p);
	}
	while (p->missing[missing] && strcmp(p->missing[missing], s->name))
		missing++;
	if (!err || p->missing[missing])
		return;
	s->attached = NULL;
	s->idle = false;
	snprintf(p->why[p->mark_row], WHY_MAX, "%s", reason(err));
	p->missing[missing] = s->name;
	log_warn("probe %s: not attached: %s", s->name, reason(err));
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static int look(struct probes *p, int fd)
{
	struct mark_file *f;
	struct mark_id id;
	struct stat st;
	int err;

	if (p->taken[p->mark_row] < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return 0;
	id = (struct mark_id){ st.st_dev, st.st_ino };
	HASH_FIND(hh, p->mark_files, &id, sizeof(id), f);
	if (f && same_time(&f->changed, &st.st_mtim))
		return f->count;
	if (f)
		forget(p, f);
	make_room(p);
	f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	f->id = id;
	f->changed = st.st_mtim;
	HASH_ADD(hh, p->mark_files, id, sizeof(f->id), f);
	err = attach_all(p, f, fd);
	if (err || f->count)
		tell(p, err);
	return err ?: f->count;
}

/* The auditor's own mark is for the try alone. */
int probes_marks(struct probes *p, int fd)
{
	struct stat self, st;

	if (stat("/proc/self/exe", &self) || fstat(fd, &st) ||
	    (self.st_dev == st.st_dev && self.st_ino == st.st_ino))
		return 0;
	return look(p, fd);
}

int probes_marks_try(struct probes *p)
{
	AUTO_FD int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	uint32_t before = p->control->fired[PIA_OP_SCENARIO];
	int marks = self < 0 ? -errno : look(p, self);

	if (marks <= 0)
		return marks ?: -ENOENT;
	/* The end of what was not begun: nothing to anybody who may be watching us. */
	PIAUDIT_SCENARIO_END("piaudit");
	if (p->control->fired[PIA_OP_SCENARIO] != before)
		return 0;
	tell(p, -ENXIO);
	return -ENXIO;
}
