/* SPDX-License-Identifier: Apache-2.0 */
/* classify.c - finds the sources that a record reads. Pure, except for queries to the host. */
#include "classify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

#include "daemon/host/host.h"
#include "daemon/record/record_path.h"
#include "process_table.h"

#define MAJOR(dev) ((dev) >> 20) /* the kernel's encoding */
#define MINOR(dev) ((dev)&0xfffffu)

/* The names of one file. */
struct names {
	char fs[OBJECT_MAX];
	char host[OBJECT_MAX];
	char chroot[OBJECT_MAX];
};

/*
 * The grade of a call that failed. Ambient sources stay ambient, because every runtime reads them.
 */
static enum grade grade_of(const struct source *s, const struct pia_event *ev)
{
	bool held = ev->op == PIA_OP_OPEN && !(ev->flags & PIA_F_ASKED);

	if (ev->ret >= 0 || held || s->grade == GRADE_AMBIENT)
		return s->grade;
	return ev->ret == -EACCES || ev->ret == -EPERM || ev->ret == -EBUSY ? GRADE_ATTEMPTED
									    : GRADE_PROBE;
}

/* Adds the sources that @q matches, at most one per category. */
static void classify_add(const struct classifier *d, const struct pia_event *ev,
			 const struct source_query *q, struct classification *out)
{
	const struct source *found[SOURCE_MATCH_MAX];
	size_t n = catalog_match(d->catalog, q, found);

	for (size_t i = 0; i < n && out->count < SOURCE_MATCH_MAX; i++) {
		bool known = false;

		for (size_t k = 0; k < out->count; k++)
			known |= out->sources[k]->category == found[i]->category;
		if (known)
			continue;
		out->sources[out->count] = found[i];
		out->grades[out->count++] = grade_of(found[i], ev);
	}
}

static void add_name(struct source_query *q, const char *path)
{
	for (size_t i = 0; i < q->path_count; i++)
		if (strcmp(q->paths[i], path) == 0)
			return;
	if (path && q->path_count < ARRAY_SIZE(q->paths))
		q->paths[q->path_count++] = path;
}

/*
 * Any instance of procfs counts as /proc: containers and sandboxes mount their own, and all show
 * the same.
 */
static const char *host_name(const struct classifier *d, const struct pia_event *ev,
			     const char *inside, char *buf, size_t size)
{
	if (!(ev->flags & PIA_F_PROC))
		return host_path(d->host, ev->file.dev, inside, buf, size);
	snprintf(buf, size, "/proc%s", inside[1] ? inside : "");
	return buf;
}

/* Every name of the file: as the program sees it, as the host sees it, and by identity. */
static void add_names(const struct classifier *d, const struct pia_event *ev, struct names *names,
		      struct source_query *q, const char *visible)
{
	const char *inside = record_fs_path(ev, names->fs, sizeof(names->fs));
	const char *host = host_name(d, ev, inside, names->host, sizeof(names->host));
	const char *same = host_identity(d->host, ev->file.dev, ev->file.ino);

	add_name(q, visible);
	add_name(q, record_chroot_path(ev, names->chroot, sizeof(names->chroot)));
	if (host)
		add_name(q, host);
	if (same)
		add_name(q, same);
}

/* @q.number: 0 = character device, 1 = block device. */
static void classify_match_device(const struct classifier *d, const struct pia_event *ev,
				  struct source_query q, uint32_t rdev, struct classification *out)
{
	const char *name = host_device(d->host, q.number, rdev);

	q.kind = SOURCE_DEVICE;
	q.major = MAJOR(rdev);
	q.minor = MINOR(rdev);
	q.path_count = 0;
	if (name)
		add_name(&q, name);
	classify_add(d, ev, &q, out);
}

static void match_file(const struct classifier *d, const struct pia_event *ev,
		       struct source_query q, struct classification *out)
{
	if (S_ISCHR(ev->mode) || S_ISBLK(ev->mode)) {
		q.number = S_ISBLK(ev->mode);
		classify_match_device(d, ev, q, ev->rdev, out);
	}
	q.kind = ev->flags & PIA_F_FOREIGN ? SOURCE_PROCESS
		 : ev->op == PIA_OP_LIST   ? SOURCE_DIRECTORY
					   : SOURCE_FILE;
	classify_add(d, ev, &q, out);
}

/* The file was opened, listed, or was already open. */
static void describe_file(const struct classifier *d, const struct pia_event *ev,
			  struct source_query q, struct classification *out)
{
	struct names names;

	/* In /proc of another process of the same app. */
	if (ev->flags & PIA_F_FOREIGN && process_table_has(d->processes, ev->number))
		return;
	record_path(ev, out->object, sizeof(out->object));
	add_names(d, ev, &names, &q, out->object);
	match_file(d, ev, q, out);
	/*
	 * The cache serves every process, so a file that is this program's own data is not boring.
	 * Files of procfs are never cached.
	 */
	if (!out->count && strncmp(out->object, "/proc/", 6) != 0) {
		struct classification anyone = { .count = 0 };

		q.exe = "";
		match_file(d, ev, q, &anyone);
		out->boring = !anyone.count;
	}
}

/* Resolves "." and ".." as text only: the file could not be opened, so the kernel gives no path. */
static void normalize(char *path)
{
	char *out = path, *in = path;

	while (*in) {
		size_t n = strcspn(in + 1, "/") + 1; /* a slash and a component */

		if (n == 1 || (n == 2 && in[1] == '.')) {
			in += n;
		} else if (n == 3 && in[1] == '.' && in[2] == '.') {
			while (out > path && *--out != '/')
				;
			in += n;
		} else {
			memmove(out, in, n);
			out += n;
			in += n;
		}
	}
	if (out == path)
		*out++ = '/';
	*out = '\0';
}

/* A program may read /proc of its own processes. This holds for failed opens too. */
static bool own_proc(const struct classifier *d, const char *path)
{
	char *end;
	unsigned long pid;

	if (strncmp(path, "/proc/", 6) != 0)
		return false;
	pid = strtoul(path + 6, &end, 10);
	return strncmp(path + 6, "self", 4) == 0 || strncmp(path + 6, "thread-self", 11) == 0 ||
	       (end > path + 6 && process_table_has(d->processes, (uint32_t)pid));
}

/*
 * A failed open: the path as the program gave it, joined to the directory that it is relative to.
 */
static void describe_asked(const struct classifier *d, const struct pia_event *ev,
			   struct source_query q, struct classification *out)
{
	static const enum source_kind kinds[] = { SOURCE_FILE, SOURCE_DIRECTORY, SOURCE_PROCESS };
	const char *asked = (const char *)ev + ev->base.off;
	char from[OBJECT_MAX] = "";
	uint32_t rdev;
	bool block;

	if (!ev->base.len || !*asked)
		return;
	if (*asked != '/')
		record_path(ev, from, sizeof(from));
	if ((size_t)snprintf(out->object, sizeof(out->object), "%s%s%s", from, *from ? "/" : "",
			     asked) >= sizeof(out->object))
		return;
	normalize(out->object);
	if (own_proc(d, out->object))
		return;
	add_name(&q, out->object);
	if (strncmp(out->object, "/dev/", 5) == 0 &&
	    host_device_number(d->host, out->object + 5, &block, &rdev) == 0) {
		q.number = block;
		classify_match_device(d, ev, q, rdev, out);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		q.kind = kinds[i];
		classify_add(d, ev, &q, out);
	}
}

static void describe_open(const struct classifier *d, const struct pia_event *ev,
			  struct source_query q, struct classification *out)
{
	(ev->flags & PIA_F_ASKED ? describe_asked : describe_file)(d, ev, q, out);
}

/* The usual name of the request, and the device that received it. */
static void name_request(const struct pia_event *ev, struct classification *out)
{
	char path[OBJECT_MAX] = "";

	if (!out->count)
		return;
	if (ev->path.len)
		record_path(ev, path, sizeof(path));
	snprintf(out->object, sizeof(out->object), "%.64s%s%.3000s",
		 out->sources[0]->request ?: out->sources[0]->id, *path ? " " : "", path);
}

static const enum source_kind request_kind[PIA_OP_MAX] = {
	[PIA_OP_IOCTL] = SOURCE_IOCTL,
	[PIA_OP_NETLINK] = SOURCE_NETLINK,
	[PIA_OP_CALL] = SOURCE_CALL,
};

/* Requests that are identified by a number. */
static void describe_request(const struct classifier *d, const struct pia_event *ev,
			     struct source_query q, struct classification *out)
{
	q.kind = request_kind[ev->op];
	classify_add(d, ev, &q, out);
	name_request(ev, out);
}

static void describe_connect(const struct classifier *d, const struct pia_event *ev,
			     struct source_query q, struct classification *out)
{
	q.kind = SOURCE_CONNECT;
	if (ev->base.len) {
		snprintf(out->object, sizeof(out->object), "%s", (const char *)ev + ev->base.off);
		add_name(&q, out->object);
	} else {
		snprintf(out->object, sizeof(out->object), "port %u", ev->number);
	}
	classify_add(d, ev, &q, out);
}

typedef void (*describe_fn)(const struct classifier *d, const struct pia_event *ev,
			    struct source_query q, struct classification *out);

static const describe_fn describers[PIA_OP_MAX] = {
	[PIA_OP_OPEN] = describe_open,       [PIA_OP_LIST] = describe_file,
	[PIA_OP_IOCTL] = describe_request,   [PIA_OP_NETLINK] = describe_request,
	[PIA_OP_CONNECT] = describe_connect, [PIA_OP_CALL] = describe_request,
};

void classify(const struct classifier *d, const struct pia_event *ev, const char *exe,
	      struct classification *out)
{
	struct source_query q = {
		.number = ev->number,
		.sub = ev->sub,
		.length = ev->length,
		.dump = ev->flags & PIA_F_DUMP,
		.exe = exe,
	};

	out->object[0] = '\0';
	out->count = 0;
	out->boring = false;
	if (describers[ev->op])
		describers[ev->op](d, ev, q, out);
}

/* The strongest grade that each kind of question can have. */
static const enum grade bus_at_most[BUS_ASK_MAX] = {
	[BUS_CALL] = GRADE_DIRECT,     [BUS_GET] = GRADE_DIRECT,
	[BUS_GET_ALL] = GRADE_EXPOSED, [BUS_OBJECTS] = GRADE_EXPOSED,
	[BUS_PRESENCE] = GRADE_PROBE,  [BUS_SUBSCRIBE] = GRADE_EXPOSED,
};

/* A question can be weaker or stronger than the source's own question. */
static enum grade bus_grade(const struct source *s, const struct bus_question *q)
{
	enum bus_ask ask = q->absent ? BUS_PRESENCE : q->ask;

	/* If the source is a whole interface, GetAll is exactly the source's question. */
	if (ask == BUS_GET_ALL && s->interface.count && !s->property.count)
		return s->grade;
	return s->grade > bus_at_most[ask] ? s->grade : bus_at_most[ask];
}

void classify_request(const struct classifier *d, enum source_kind kind,
		      const struct server_request *asked, const char *exe,
		      struct classification *out)
{
	const struct bus_question *bus = asked->bus;
	struct source_query q = { .kind = kind, .number = asked->what, .exe = exe };

	if (bus) {
		q.ask = bus->ask;
		q.service = bus->service;
		q.object = bus->path;
		q.interface = bus->interface;
		q.member = bus->member;
		q.property = bus->property;
	}
	out->boring = false;
	out->count = catalog_match(d->catalog, &q, out->sources);
	for (size_t i = 0; i < out->count; i++)
		out->grades[i] = bus ? bus_grade(out->sources[i], bus) : out->sources[i]->grade;
	snprintf(out->object, sizeof(out->object), "%s", asked->detail);
}
