/* SPDX-License-Identifier: Apache-2.0 */
/* probes_select.c - selects the alternate of each row that this kernel supports, with the reason
 * against better ones. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/bpf.h>

#include <bpf/btf.h>

#include <piaudit/auto.h>

#include "call_table.h"
#include "daemon/util/log.h"
#include "piaudit_nocast.skel.h"
#include "probes_diagnose.h"
#include "probes_private.h"

/* The properties of the kernel that the choice depends on. */
struct kernel {
	const struct btf *btf;
	const char *no_functions; /* why it accepts no programs on its functions; NULL = it does */
	bool no_at_once;          /* it cannot attach to several places of a file at once */
};

/*
 * Loads and attaches an empty program to a function that every kernel has. The kernel's error
 * decides.
 */
static int try_trampoline(const struct btf *btf)
{
	static const struct bpf_insn empty[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int id = btf__find_by_name_kind(btf, "security_file_open", BTF_KIND_FUNC);
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY,
		    .attach_btf_id = id > 0 ? (uint32_t)id : 0);
	AUTO_FD int prog = -1;
	AUTO_FD int link = -1;

	if (id < 0)
		return ENOENT;
	prog = bpf_prog_load(BPF_PROG_TYPE_TRACING, "pia_try", "GPL", empty, ARRAY_SIZE(empty),
			     &opts);
	if (prog < 0)
		return errno;
	link = bpf_raw_tracepoint_open(NULL, prog);
	return link < 0 ? errno : 0;
}

static bool tracepoint_exists(const struct btf *btf, const char *name, int args)
{
	const struct btf_type *type;
	char full[128];
	int id;

	snprintf(full, sizeof(full), "btf_trace_%s", name);
	id = btf__find_by_name_kind(btf, full, BTF_KIND_TYPEDEF);
	if (id < 0 || !args)
		return id >= 0;
	for (type = btf__type_by_id(btf, id); type && !btf_is_func_proto(type);)
		type = btf__type_by_id(btf, type->type);
	return type && btf_vlen(type) == args;
}

static bool is_trampoline(const char *section)
{
	return strncmp(section, "fentry/", 7) == 0 || strncmp(section, "fexit/", 6) == 0;
}

bool probe_on_function(const struct bpf_program *prog)
{
	return is_trampoline(bpf_program__section_name(prog));
}

/*
 * Functions that a kernel can lack because nothing calls them there: those of the 32-bit entry, if
 * it runs no 32-bit programs, and the function that sends pages, since 6.5.
 */
static bool dispensable(const char *section)
{
	return strstr(section, "/__ia32_") || strstr(section, "/unix_stream_sendpage");
}

static bool function_exists(const struct btf *btf, const char *section)
{
	return btf__find_by_name_kind(btf, strchr(section, '/') + 1, BTF_KIND_FUNC) > 0;
}

/* False: @why names the feature that @prog lacks. True: @why is not changed. */
static bool select_usable(const struct kernel *k, const struct bpf_program *prog, int args,
			  char *why, size_t size)
{
	const char *section = bpf_program__section_name(prog), *name = bpf_program__name(prog);

	if (is_trampoline(section)) {
		if (k->no_functions)
			snprintf(
				why, size,
				"%s: this kernel does not allow BPF programs on kernel functions (%s)",
				name, k->no_functions);
		else if (!dispensable(section) && !function_exists(k->btf, section))
			snprintf(why, size, "%s: this kernel has no function %s", name,
				 strchr(section, '/') + 1);
		else
			return true;
		return false;
	}
	if (k->no_at_once && strcmp(name, "on_mark_multi") == 0) {
		snprintf(why, size, "%s: this kernel attaches to one scenario mark at a time",
			 name);
		return false;
	}
	if (strncmp(section, "tp_btf/", 7) != 0 || tracepoint_exists(k->btf, section + 7, args))
		return true;
	snprintf(why, size, "%s: this kernel has no tracepoint %s%s", name, section + 7,
		 args ? " with the expected arguments" : "");
	return false;
}

static struct bpf_program *select_find(const struct probes *p, const char *name)
{
	return bpf_object__find_program_by_name(p->skel->obj, name);
}

static bool alternate_usable(struct probes *p, const struct kernel *k, const struct alternate *a,
			     char *why)
{
	for (int i = 0; i < PROGRAMS_MAX && a->programs[i]; i++)
		if (!select_usable(k, select_find(p, a->programs[i]), a->args, why, WHY_MAX))
			return false;
	return true;
}

static void select_take(struct probes *p, unsigned int row, int which, const struct kernel *k)
{
	const struct alternate *a = &probe_rows[row].alternates[which];

	p->taken[row] = which;
	p->states[row].attached = a->programs[0];
	for (int i = 0; i < PROGRAMS_MAX && a->programs[i]; i++) {
		struct bpf_program *prog = select_find(p, a->programs[i]);
		const char *section = bpf_program__section_name(prog);

		bpf_program__set_autoload(prog, !is_trampoline(section) || !dispensable(section) ||
							function_exists(k->btf, section));
	}
}

static const char *idle_reason(const struct probe_row *row, unsigned int kinds)
{
	if (row->kinds && !(row->kinds & kinds))
		return row->kinds == PROBE_EXEC_FILTER ? "only piaudit daemon needs it"
						       : "no source of the catalog needs it";
	return NULL;
}

/* The alternate sees no less than the first. */
static bool is_best(const struct probe_row *row, int which)
{
	while (which && row->alternates[which].same)
		which--;
	return which == 0;
}

static void choose_row(struct probes *p, unsigned int row, const struct kernel *k,
		       unsigned int kinds)
{
	const struct probe_row *r = &probe_rows[row];
	const char *idle = idle_reason(r, kinds);
	bool was_idle = p->states[row].idle;

	p->states[row] = (struct probe_state){
		.name = r->name,
		.sees = r->sees,
		.why = p->why[row],
		.required = r->required && !idle,
		.idle = idle,
	};
	p->taken[row] = -1;
	if (was_idle)
		p->why[row][0] = '\0';
	if (idle) {
		snprintf(p->why[row], WHY_MAX, "%s", idle);
		return;
	}
	for (int a = p->from[row]; a < ALTERNATES_MAX && r->alternates[a].programs[0]; a++) {
		char why[WHY_MAX];
		bool best = !p->from[row] && is_best(r, a);

		if (alternate_usable(p, k, &r->alternates[a], why)) {
			if (best)
				p->why[row][0] = '\0';
			select_take(p, row, a, k);
			return;
		}
		if (best)
			snprintf(p->why[row], WHY_MAX, "%s", why);
	}
}

/* The gate drops calls that no row needs. Programs on functions need the shapes of all calls. */
static void fill_calls(struct probes *p)
{
	uint32_t open = 0;

	for (unsigned int i = 0; i < probe_row_count; i++)
		if (p->taken[i] >= 0)
			open |= 1u << probe_rows[i].alternates[p->taken[i]].class;
	for (size_t i = 0; i < call_count; i++) {
		const struct call *call = &call_table[i];
		bool compat = call->abi == CALL_COMPAT;

		p->skel->rodata->shape_of[compat][call->number] = call->shape;
		if (open >> call->class & 1)
			p->skel->rodata->class_of[call->number] |= call->class << (compat ? 4 : 0);
	}
}

/*
 * Opens the variant that fits: without the cast if the kernel has none. Then writes the types for
 * loading it.
 */
static struct piaudit_bpf *open_half(const struct btf *btf, int types)
{
	char path[64];
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = path);
	struct piaudit_bpf *skel = calloc(1, sizeof(*skel));
	int err;

	if (!skel)
		return NULL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", types);
	err = piaudit_bpf__create_skeleton(skel);
	if (!err && btf__find_by_name_kind(btf, "bpf_rdonly_cast", BTF_KIND_FUNC) < 0)
		skel->skeleton->data =
			(void *)piaudit_nocast_bpf__elf_bytes(&skel->skeleton->data_sz);
	err = err ?: bpf_object__open_skeleton(skel->skeleton, &opts);
	err = err ?: btf_subset_write(types, btf, bpf_object__btf(skel->obj));
	if (!err)
		return skel;
	piaudit_bpf__destroy(skel);
	errno = -err;
	return NULL;
}

int probes_select(struct probes *p, unsigned int kinds)
{
	struct kernel k = { .btf = p->btf };
	struct bpf_program *prog;
	int err;

	p->types = memfd_create("types", MFD_CLOEXEC);
	if (p->types < 0)
		return log_err(-errno, "probes: no file in memory for the types of the kernel");
	p->skel = open_half(p->btf, p->types);
	if (!p->skel)
		return log_err(-errno, "probes: the BPF programs cannot be opened");
	err = try_trampoline(p->btf);
	k.no_at_once = !usdt_attach_multi();
	k.no_functions = err ? probes_diagnose_no_functions(err) : NULL;
	bpf_object__for_each_program(prog, p->skel->obj)
	{
		bpf_program__set_autoload(prog, false);
		bpf_program__set_autoattach(prog, false);
	}
	for (unsigned int i = 0; i < probe_row_count; i++)
		choose_row(p, i, &k, kinds);
	usdt_attach_prepare(p);
	fill_calls(p);
	p->skel->rodata->by_functions = probe_seen(p->taken);
	return 0;
}
