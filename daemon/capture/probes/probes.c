/* SPDX-License-Identifier: Apache-2.0 */
/* probes.c - loads the kernel half and attaches it by the attach table. Owner: session.c. */
#include "probes_private.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "probes_diagnose.h"
#include "probes_verifier.h"

/* libbpf's warnings are shown with -v only. */
static int libbpf_says(enum libbpf_print_level level, const char *format, va_list args)
{
	AUTO_FREE char *text = NULL;
	char *line, *rest;

	if (level == LIBBPF_DEBUG || vasprintf(&text, format, args) < 0)
		return 0;
	for (rest = text; (line = strsep(&rest, "\n"));)
		if (*line)
			log_info("libbpf: %s", line);
	return 0;
}

static const char *btf_path(void)
{
	const char *path = getenv("PIAUDIT_BTF");

	return path ?: PROBES_BTF;
}

/* Without privileges the kernel refuses the first map, so this fails before the slow steps. */
static int check_kernel(void)
{
	int fd;

	if (access(btf_path(), R_OK) != 0)
		return log_err(-ENOTSUP,
			       "kernel: type information is missing in %s; piaudit needs Linux "
			       "6.1 or later, built with CONFIG_DEBUG_INFO_BTF",
			       btf_path());
	fd = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, NULL, sizeof(int), sizeof(int), 1, NULL);
	if (fd >= 0)
		close(fd);
	if (fd == -EPERM)
		return log_err(-EPERM,
			       "privilege: auditing needs root, or CAP_BPF and CAP_PERFMON");
	return 0;
}

static unsigned int catalog_kinds(const struct catalog *catalog)
{
	unsigned int kinds = 0;

	for (size_t i = 0; i < catalog_source_count(catalog); i++)
		kinds |= 1u << catalog_source(catalog, i)->kind;
	return kinds;
}

static const uint32_t kind_op[SOURCE_KIND_MAX] = {
	[SOURCE_IOCTL] = PIA_OP_IOCTL,
	[SOURCE_NETLINK] = PIA_OP_NETLINK,
	[SOURCE_CALL] = PIA_OP_CALL,
	[SOURCE_CONNECT] = PIA_OP_CONNECT,
};

/* The numbers that the kernel half lets through: all others are dropped in the kernel. */
static int fill_wanted(struct probes *p, const struct catalog *catalog)
{
	int fd = bpf_map__fd(p->skel->maps.wanted);
	uint8_t one = 1;

	for (size_t i = 0; i < catalog_source_count(catalog); i++) {
		const struct source *s = catalog_source(catalog, i);
		struct pia_wanted key = { kind_op[s->kind], s->number };

		if (key.op && bpf_map_update_elem(fd, &key, &one, BPF_ANY))
			return log_err(-errno, "source %s: cannot be added to the kernel filter",
				       s->id);
	}
	return 0;
}

/*
 * The self-tests of the rows use these numbers. They are removed afterwards, unless the catalog has
 * them too.
 */
static void want_tries(struct probes *p)
{
	uint8_t one = 1;

	for (const struct pia_wanted *n = probes_selftest_numbers; n->op; n++)
		bpf_map_update_elem(bpf_map__fd(p->skel->maps.wanted), n, &one, BPF_ANY);
}

static int want_no_tries(struct probes *p, const struct catalog *catalog)
{
	for (const struct pia_wanted *n = probes_selftest_numbers; n->op; n++)
		bpf_map_delete_elem(bpf_map__fd(p->skel->maps.wanted), n);
	return fill_wanted(p, catalog);
}

/* The types are needed only for loading. */
static void forget_types(struct probes *p)
{
	if (p->types >= 0)
		close(p->types);
	p->types = -1;
}

/* Bytes of a line of the verifier's log: it fits into a reason, with the program's name. */
#define VERIFIER_LINE_MAX (WHY_MAX - PROGRAM_MAX)

static bool uses(const struct probes *p, unsigned int row, const char *program)
{
	const struct alternate *a = &probe_rows[row].alternates[p->taken[row]];

	for (int i = 0; i < PROGRAMS_MAX && a->programs[i]; i++)
		if (strcmp(a->programs[i], program) == 0)
			return true;
	return false;
}

/* @program does not work, for the reason @why. Every row that uses it tries its next alternate. */
static void give_up(struct probes *p, const char *program, const char *why)
{
	log_info("probes: program is not used: %s", why);
	for (unsigned int i = 0; i < probe_row_count; i++) {
		if (p->taken[i] < 0 || !uses(p, i, program))
			continue;
		if (p->why[i] != why)
			snprintf(p->why[i], WHY_MAX, "%s", why);
		p->from[i] = p->taken[i] + 1;
		p->taken[i] = -1;
		p->states[i].attached = NULL;
	}
}

static bool has_alternate(unsigned int row, int which)
{
	return which < ALTERNATES_MAX && probe_rows[row].alternates[which].programs[0];
}

/*
 * The verifier refused @program. -EAGAIN: load again without it. -ENOTSUP, logged: a required row
 * has no other alternate.
 */
static int refused(struct probes *p, const char *program, const char *line)
{
	size_t n = 0;
	char *text;

	while (n < REFUSED_MAX && p->refused[n])
		n++;
	for (unsigned int i = 0; i < probe_row_count; i++)
		if (n == REFUSED_MAX || (p->taken[i] >= 0 && p->states[i].required &&
					 uses(p, i, program) && !has_alternate(i, p->taken[i] + 1)))
			return why_program(program, line);
	text = p->refused_texts[n];
	snprintf(text, WHY_MAX, "%.*s: %s", PROGRAM_MAX - 2, program, line);
	p->refused[n] = text;
	give_up(p, program, text);
	return -EAGAIN;
}

static int load_object(struct probes *p)
{
	AUTO(verifier_end) struct verifier verifier = { 0 };
	char line[VERIFIER_LINE_MAX];
	const char *program;
	int err;

	verifier_watch(&verifier, p->skel->obj);
	err = piaudit_bpf__load(p->skel);
	if (!err)
		return 0;
	/* Under lockdown the verifier refuses every program that reads kernel memory. */
	program = probes_diagnose_locked()
			  ? NULL
			  : verifier_refused(&verifier, p->skel->obj, line, sizeof(line));
	return program ? refused(p, program, line) : probes_diagnose_refused(err);
}

/* -EAGAIN: the verifier refused a program, and other alternates are left. */
static int load(struct probes *p, const struct probes_config *config)
{
	uint32_t bytes = config->ring_bytes ?: PIA_RING_BYTES;
	int err;

	err = probes_select(p, catalog_kinds(config->catalog) |
				       (config->exec_filter_on ? PROBE_EXEC_FILTER : 0));
	if (err)
		return err;
	p->skel->rodata->exec_filter_on = config->exec_filter_on;
	err = bpf_map__set_max_entries(p->skel->maps.events, bytes);
	err = err ? probes_diagnose_refused(err) : load_object(p);
	forget_types(p);
	return err;
}

static bool is_seeder(const struct bpf_program *prog)
{
	return bpf_program__type(prog) == BPF_PROG_TYPE_TRACING &&
	       bpf_program__expected_attach_type(prog) == BPF_TRACE_ITER;
}

/* A program that several rows share is attached once. */
static int attach_program(struct probes *p, struct bpf_program *prog)
{
	/*
	 * A program that is not loaded belongs to an optional function that this kernel lacks.
	 * Programs for marks are attached when a file with marks is met.
	 */
	if (bpf_program__fd(prog) < 0 || is_seeder(prog) || probe_on_file(prog))
		return 0;
	for (size_t i = 0; i < p->link_count; i++)
		if (p->linked[i] == prog)
			return 0;
	if (p->link_count == LINKS_MAX)
		return -ENOSPC;
	p->links[p->link_count] = bpf_program__attach(prog);
	if (!p->links[p->link_count])
		return -errno;
	p->linked[p->link_count++] = prog;
	return 0;
}

/* False: one of its programs cannot be attached, and its rows try their next alternates. */
static bool attach_row(struct probes *p, unsigned int row)
{
	const struct alternate *a = &probe_rows[row].alternates[p->taken[row]];

	for (int i = 0; i < PROGRAMS_MAX && a->programs[i]; i++) {
		int err = attach_program(
			p, bpf_object__find_program_by_name(p->skel->obj, a->programs[i]));

		if (!err)
			continue;
		snprintf(p->why[row], WHY_MAX, "%s: %s", a->programs[i], strerror(-err));
		give_up(p, a->programs[i], p->why[row]);
		return false;
	}
	return true;
}

static bool on_functions(const struct probes *p, unsigned int row)
{
	return probe_on_function(
		bpf_object__find_program_by_name(p->skel->obj, p->states[row].attached));
}

/*
 * Labels the auditor itself, does one operation for each row, and checks that the row's program
 * ran.
 */
static unsigned int try_rows(struct probes *p)
{
	AUTO_FD int self = syscall(SYS_pidfd_open, getpid(), 0);
	int labels = bpf_map__fd(p->skel->maps.labels);
	uint32_t app = 1;
	unsigned int bad = 0;

	if (self < 0 || bpf_map_update_elem(labels, &self, &app, BPF_ANY))
		return 0;
	for (unsigned int i = 0; i < probe_row_count; i++) {
		if (p->taken[i] < 0 || !probe_rows[i].try ||
		    probes_selftest_fires(probe_rows[i].try, p->control->fired))
			continue;
		snprintf(p->why[i], WHY_MAX, "%s: attached, but does not run%s%s",
			 p->states[i].attached, on_functions(p, i) ? ": " : "",
			 on_functions(p, i) ? probes_diagnose_no_functions(0) : "");
		give_up(p, p->states[i].attached, p->why[i]);
		bad++;
	}
	bpf_map_delete_elem(labels, &self);
	return bad;
}

static unsigned int attach(struct probes *p)
{
	unsigned int bad = 0;

	for (unsigned int i = 0; i < probe_row_count; i++) {
		bad += p->taken[i] >= 0 && !attach_row(p, i);
	}
	return bad ?: try_rows(p);
}

void probes_detach(struct probes *p)
{
	usdt_attach_end(p);
	/*
	 * In reverse order, so the gate goes first: no new records while the other programs are
	 * detached.
	 */
	while (p->link_count)
		bpf_link__destroy(p->links[--p->link_count]);
}

static void unload(struct probes *p)
{
	probes_detach(p);
	probes_maps_close(p);
	piaudit_bpf__destroy(p->skel);
	p->skel = NULL;
	forget_types(p);
}

/* Rows without a working alternate. The caller decides the consequence. */
static void report_missing(struct probes *p)
{
	size_t missing = 0;

	for (unsigned int i = 0; i < probe_row_count; i++) {
		if (p->taken[i] >= 0 || p->states[i].idle)
			continue;
		p->missing[missing++] = probe_rows[i].name;
		log_warn("probe %s: not attached: %s", probe_rows[i].name, p->why[i]);
	}
}

/* Repeats without the alternates that failed. It ends, because each time fewer are left. */
static int load_and_attach(struct probes *p, const struct probes_config *config)
{
	unsigned int bad;
	int err;

	do {
		unload(p);
		err = load(p, config);
		bad = err == -EAGAIN;
		if (bad)
			continue;
		err = err ?: probes_maps_open(p);
		if (err)
			return err;
		want_tries(p);
		bad = attach(p);
	} while (bad);
	usdt_attach_idle(p);
	missed_begin(p);
	report_missing(p);
	blind_spots_collect(p);
	return want_no_tries(p, config->catalog);
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
	p->types = -1;
	p->cpus = libbpf_num_possible_cpus();
	if (p->cpus < 0)
		return log_err(p->cpus, "kernel: the number of its processors cannot be read");
	p->counts_of_cpus = calloc((size_t)p->cpus, sizeof(*p->counts_of_cpus));
	if (!p->counts_of_cpus)
		return -ENOMEM;
	p->btf = btf_subset_kernel();
	if (!p->btf)
		return log_err(-ENOTSUP, "kernel: type information in %s cannot be read",
			       btf_path());
	err = load_and_attach(p, config);
	if (err)
		return err;
	btf__free(p->btf);
	p->btf = NULL;
	*out = TAKE(p);
	return 0;
}

void probes_close(struct probes **probes)
{
	if (!*probes)
		return;
	unload(*probes);
	btf__free((*probes)->btf);
	free((*probes)->counts_of_cpus);
	free(*probes);
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

const char *const *probes_blind(const struct probes *p)
{
	return p->blind;
}

const char *const *probes_refused(const struct probes *p)
{
	return p->refused;
}

const char *const *probes_missing(const struct probes *p)
{
	return p->missing;
}
