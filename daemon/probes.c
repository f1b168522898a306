/* SPDX-License-Identifier: Apache-2.0 */
/* probes.c - loads the kernel half and attaches it by the table. Owner: session.c. */
#include "probes_private.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/btf.h>

#include <piaudit/auto.h>

#include "log.h"
#include "probes_table.h"

#define BTF_PATH     "/sys/kernel/btf/vmlinux"
#define LIBBPF_LINES 12 /* shown of one message */

/* As in bpf/emit.bpf.h. */
struct wanted {
	uint32_t op, number;
};

/* What libbpf warns of is for -v; a verifier's log is long, and its reason stands at the end. */
static int libbpf_says(enum libbpf_print_level level, const char *format, va_list args)
{
	AUTO_FREE
	char *text = NULL;
	char *line, *rest;
	size_t lines = 0, skip;

	if (level == LIBBPF_DEBUG || vasprintf(&text, format, args) < 0)
		return 0;
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	skip = lines > LIBBPF_LINES ? lines - LIBBPF_LINES : 0;
	for (rest = text; (line = strsep(&rest, "\n")); skip -= skip > 0)
		if (!skip && *line)
			log_info("libbpf: %s", line);
	return 0;
}

static const char *btf_path(void)
{
	const char *path = getenv("PIAUDIT_BTF");

	return path ?: BTF_PATH;
}

/* Without a privilege the first map is refused, long before anything costs time. */
static int check_kernel(void)
{
	int fd;

	if (access(btf_path(), R_OK) != 0)
		return log_err(-ENOTSUP,
			       "kernel: no type information in %s: piaudit needs Linux 5.15 "
			       "or later, built with CONFIG_DEBUG_INFO_BTF",
			       btf_path());
	fd = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, NULL, sizeof(int), sizeof(int), 1, NULL);
	if (fd >= 0)
		close(fd);
	if (fd == -EPERM)
		return log_err(-EPERM,
			       "privilege: auditing needs root, or CAP_BPF and CAP_PERFMON");
	return 0;
}

/* Does this kernel have the hook, with this signature? */
static bool hook_exists(const struct btf *btf, const struct alternate *a)
{
	const struct btf_type *type;
	int id = btf__find_by_name(btf, a->hook);

	if (id < 0)
		return false;
	if (!a->args)
		return true;
	for (type = btf__type_by_id(btf, id); type && !btf_is_func_proto(type);)
		type = btf__type_by_id(btf, type->type);
	return type && btf_vlen(type) == a->args;
}

static bool row_needed(const struct probe_row *row, unsigned int kinds)
{
	return !row->kinds || row->kinds & kinds;
}

static unsigned int catalog_kinds(const struct catalog *catalog)
{
	unsigned int kinds = 0;

	for (size_t i = 0; i < catalog_source_count(catalog); i++)
		kinds |= 1u << catalog_source(catalog, i)->kind;
	return kinds;
}

/* Which alternate of each row this kernel can take; the others, and rows nobody needs, are not loaded. */
static void choose(struct probes *p, const struct btf *btf, unsigned int kinds)
{
	for (unsigned int i = 0; i < probe_row_count; i++) {
		const struct probe_row *row = &probe_rows[i];
		struct probe_state *s = &p->states[i];

		*s = (struct probe_state){ row->name, row->sees, NULL, p->why[i], row->required };
		for (int k = 0; k < ALTERNATES_MAX && row->alternates[k].program; k++) {
			const struct alternate *a = &row->alternates[k];
			struct bpf_program *prog =
				bpf_object__find_program_by_name(p->skel->obj, a->program);
			bool take = !s->attached && row_needed(row, kinds) && hook_exists(btf, a);

			bpf_program__set_autoload(prog, take);
			bpf_program__set_autoattach(prog, false);
			if (take)
				s->attached = a->program;
			else if (!s->attached && row_needed(row, kinds))
				snprintf(p->why[i], sizeof(p->why[i]), "this kernel has no %s",
					 a->hook);
		}
		if (!row_needed(row, kinds))
			snprintf(p->why[i], sizeof(p->why[i]), "no source of the catalog needs it");
	}
}

/* Calls whose handler is not there end at the gate. */
static void close_classes(struct probes *p)
{
	uint8_t open = 0;

	for (unsigned int i = 0; i < probe_row_count; i++)
		if (probe_rows[i].class && p->states[i].attached)
			open |= 1u << probe_rows[i].class;
	for (size_t nr = 0; nr < ARRAY_SIZE(p->skel->rodata->class_of); nr++) {
		volatile uint8_t *c = &((volatile uint8_t *)p->skel->rodata->class_of)[nr];

		if (!(open >> (*c & 0xf) & 1))
			*c &= 0xf0;
		if (!(open >> (*c >> 4) & 1))
			*c &= 0x0f;
	}
}

static const uint32_t kind_op[SOURCE_KIND_MAX] = {
	[SOURCE_IOCTL] = PIA_OP_IOCTL,
	[SOURCE_NETLINK] = PIA_OP_NETLINK,
	[SOURCE_CALL] = PIA_OP_CALL,
	[SOURCE_CONNECT] = PIA_OP_CONNECT,
};

/* The numbers that the kernel half lets through. */
static int fill_wanted(struct probes *p, const struct catalog *catalog)
{
	int fd = bpf_map__fd(p->skel->maps.wanted);

	for (size_t i = 0; i < catalog_source_count(catalog); i++) {
		const struct source *s = catalog_source(catalog, i);
		struct wanted key = { kind_op[s->kind], s->number };
		uint8_t one = 1;

		if (key.op && bpf_map_update_elem(fd, &key, &one, BPF_ANY))
			return log_err(-errno, "source %s: cannot tell the kernel", s->id);
	}
	return 0;
}

static int on_record(void *context, void *bytes, size_t len)
{
	struct probes *p = context;

	return p->fn(p->context, bytes, len);
}

/* What needs the loaded object: the shared page, the ring, the handlers of the gate. */
static int wire_up(struct probes *p)
{
	int handlers = bpf_map__fd(p->skel->maps.handlers);

	p->control = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED,
			  bpf_map__fd(p->skel->maps.controls), 0);
	if (p->control == MAP_FAILED) {
		p->control = NULL;
		return log_err(-errno, "probes: shared page");
	}
	p->control->epoch = 1;
	p->control->self = getpid();
	for (unsigned int i = 0; i < probe_row_count; i++) {
		uint32_t class = probe_rows[i].class;
		struct bpf_program *prog;
		int fd;

		if (!class || !p->states[i].attached)
			continue;
		prog = bpf_object__find_program_by_name(p->skel->obj, p->states[i].attached);
		fd = bpf_program__fd(prog);
		if (bpf_map_update_elem(handlers, &class, &fd, BPF_ANY))
			return log_err(-errno, "probe %s: handler", probe_rows[i].name);
	}
	p->ring = ring_buffer__new(bpf_map__fd(p->skel->maps.events), on_record, p, NULL);
	return p->ring ? 0 : log_err(-errno, "probes: ring");
}

static int load(struct probes *p, const struct probes_config *config)
{
	uint32_t bytes = config->ring_bytes ?: PROBES_RING_DEFAULT;
	struct btf *btf;
	int err;

	p->skel = piaudit_bpf__open();
	if (!p->skel)
		return log_err(-errno, "probes: open");
	btf = btf__load_vmlinux_btf();
	if (!btf)
		return log_err(-ENOTSUP, "kernel: its type information cannot be read");
	choose(p, btf, catalog_kinds(config->catalog));
	btf__free(btf);
	close_classes(p);
	err = bpf_map__set_max_entries(p->skel->maps.events, bytes);
	err = err ?: piaudit_bpf__load(p->skel);
	if (err == -EPERM || err == -EACCES)
		return log_err(-EPERM,
			       "privilege: the kernel refused a program: auditing needs root, or "
			       "CAP_BPF and CAP_PERFMON (-v tells which)");
	if (err)
		return log_err(-ENOTSUP, "kernel: a program was refused (error %d; -v tells which)",
			       -err);
	return 0;
}

int probes_open(struct probes **out, const struct probes_config *config)
{
	AUTO(probes_close) struct probes *p = NULL;
	int err;

	libbpf_set_print(libbpf_says);
	err = check_kernel();
	if (err)
		return err;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->cpus = libbpf_num_possible_cpus();
	err = load(p, config);
	err = err ?: fill_wanted(p, config->catalog);
	err = err ?: wire_up(p);
	if (err)
		return err;
	*out = TAKE(p);
	return 0;
}

static bool is_seeder(const struct probe_row *row)
{
	return strncmp(row->name, "seed-", 5) == 0;
}

int probes_attach(struct probes *p)
{
	size_t missing = 0;
	int err = 0;

	for (unsigned int i = 0; i < probe_row_count; i++) {
		const struct probe_row *row = &probe_rows[i];
		struct probe_state *s = &p->states[i];
		bool idle = !s->attached && strstr(s->why, "no source");

		if (s->attached && !row->class && !is_seeder(row)) {
			struct bpf_program *prog =
				bpf_object__find_program_by_name(p->skel->obj, s->attached);

			p->links[i] = bpf_program__attach(prog);
			if (!p->links[i]) {
				snprintf(p->why[i], sizeof(p->why[i]), "%s: %s", s->attached,
					 strerror(errno));
				s->attached = NULL;
			}
		}
		if (s->attached || idle)
			continue;
		p->missing[missing++] = row->name;
		log_warn("probe %s: not attached: %s", row->name, s->why);
		if (row->required)
			err = -ENOTSUP;
	}
	return err ? log_err(err, "probes: a required one is missing") : 0;
}

void probes_close(struct probes **probes)
{
	struct probes *p = *probes;

	if (!p)
		return;
	/* The gate first: nothing comes in any more while the rest goes. */
	for (unsigned int i = probe_row_count; i-- > 0;)
		bpf_link__destroy(p->links[i]);
	ring_buffer__free(p->ring);
	if (p->control)
		munmap(p->control, getpagesize());
	piaudit_bpf__destroy(p->skel);
	free(p);
	*probes = NULL;
}

size_t probes_count(const struct probes *p)
{
	(void)p;
	return probe_row_count;
}

const struct probe_state *probes_state(const struct probes *p, size_t i)
{
	return &p->states[i];
}

const char *const *probes_missing(const struct probes *p)
{
	return p->missing;
}
