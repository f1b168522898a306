/* SPDX-License-Identifier: Apache-2.0 */
/* process_table.c - the audited processes. Owner: audit.c. */
#include "process_table.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/hash.h>

#include "daemon/host/host.h"
#include "daemon/host/question.h"

struct entry {
	struct process_entry process;
	char *exe;
	UT_hash_handle hh;
};

struct process_table {
	struct entry *by_tgid;
	struct host *host;
	uint64_t seen;
};

int process_table_open(struct process_table **out, struct host *host)
{
	struct process_table *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->host = host;
	*out = t;
	return 0;
}

static void entry_free(struct process_table *t, struct entry *e)
{
	HASH_DEL(t->by_tgid, e);
	free(e->exe);
	free(e);
}

void process_table_close(struct process_table **processes)
{
	struct process_table *t = *processes;
	struct entry *e, *next;

	if (!t)
		return;
	HASH_ITER (hh, t->by_tgid, e, next)
		entry_free(t, e);
	free(t);
	*processes = NULL;
}

static struct entry *process_find(const struct process_table *t, uint32_t tgid)
{
	struct entry *e;

	HASH_FIND(hh, t->by_tgid, &tgid, sizeof(tgid), e);
	return e;
}

/* The copy may fail: a process without a name is still a process. */
static void set_exe(struct entry *e, const char *exe)
{
	free(e->exe);
	e->exe = strdup(exe);
	e->process.exe = e->exe ?: "";
}

static struct entry *process_enter(struct process_table *t, const struct pia_event *ev,
				   const char *exe)
{
	struct entry *e = process_find(t, ev->tgid);

	if (e && e->process.start == ev->start)
		return e;
	if (e) /* the pid was reused */
		entry_free(t, e);
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->process.tgid = ev->tgid;
	e->process.start = ev->start;
	if (!HASH_ENTER(t->by_tgid, process.tgid, e)) {
		free(e);
		return NULL;
	}
	set_exe(e, exe);
	t->seen++;
	return e;
}

static void process_forked(struct process_table *t, const struct pia_event *ev, const char *exe)
{
	const struct entry *parent = process_find(t, ev->number);
	const struct process_id who = process_id_of(ev);
	char buf[PATH_MAX];

	if (*exe) {
		process_enter(t, ev, exe);
		return;
	}
	/*
	 * A copy, because entering the child can free an older process with its pid, even its
	 * parent.
	 */
	if (parent && !(ev->flags & PIA_F_SEEDED))
		snprintf(buf, sizeof(buf), "%s", parent->process.exe);
	else
		host_exe(t->host, &who, buf, sizeof(buf));
	process_enter(t, ev, buf);
}

static void process_executed(struct process_table *t, const struct pia_event *ev, const char *exe)
{
	struct entry *e = process_enter(t, ev, exe);

	if (e)
		set_exe(e, exe);
}

static void process_exited(struct process_table *t, const struct pia_event *ev, const char *exe)
{
	struct entry *e = process_find(t, ev->tgid);

	(void)exe;
	if (e && e->process.start == ev->start)
		entry_free(t, e);
}

static void (*const feeds[PIA_OP_MAX])(struct process_table *, const struct pia_event *,
				       const char *) = {
	[PIA_OP_FORK] = process_forked,
	[PIA_OP_EXEC] = process_executed,
	[PIA_OP_EXIT] = process_exited,
};

void process_table_feed(struct process_table *t, const struct pia_event *ev, const char *exe)
{
	if (feeds[ev->op])
		feeds[ev->op](t, ev, exe);
}

const struct process_entry *process_table_find(struct process_table *t, const struct pia_event *ev)
{
	const struct entry *e = process_find(t, ev->tgid);
	const struct process_id who = process_id_of(ev);
	char buf[PATH_MAX];

	if (!e || e->process.start != ev->start)
		e = process_enter(t, ev, host_exe(t->host, &who, buf, sizeof(buf)));
	return e ? &e->process : NULL;
}

bool process_table_has(const struct process_table *t, uint32_t tgid)
{
	return process_find(t, tgid) != NULL;
}

bool processes_any(const struct process_table *t)
{
	return t->by_tgid != NULL;
}

uint64_t process_table_seen(const struct process_table *t)
{
	return t->seen;
}
