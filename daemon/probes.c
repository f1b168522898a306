/* SPDX-License-Identifier: Apache-2.0 */
/* probes.c - loads and attaches the kernel half, seeds it, and reads its ring. Owner: session.c. */
#include "probes.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <piaudit/auto.h>

#include "log.h"
#include "piaudit.skel.h"
#include "probes_table.h"

#define ROWS_MAX     32
#define LINGER_NS    50000 /* before sleeping again after work: batches a burst without a wake-up each */
#define EPOCH_SECONDS 60   /* a mark is believed no longer: names above a file can change unseen */
#define BTF_PATH     "/sys/kernel/btf/vmlinux"

/* As struct control and struct wanted in bpf/emit.bpf.h. */
struct control {
	uint64_t loss_first, loss_last;
	uint32_t waiting, live, epoch, self;
};

struct wanted {
	uint32_t op, number;
};

struct probes {
	struct piaudit_bpf *skel;
	struct ring_buffer *ring;
	struct control *control; /* shared with the kernel */
	struct bpf_link *links[ROWS_MAX];
	struct probe_state states[ROWS_MAX];
	const char *missing[ROWS_MAX + 1];
	char why[ROWS_MAX][128]; /* of each state */
	probes_fn fn;            /* of the poll under way */
	void *context;
	int cpus;
	bool busy;               /* the last poll brought something */
	time_t epoch_began;      /* CLOCK_MONOTONIC, seconds */
};

static int libbpf_says(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[512];

	(void)level;
	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	log_debug("libbpf: %s", line);
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
		return log_err(-ENOTSUP, "kernel: no type information in %s: piaudit needs Linux 5.15 "
			       "or later, built with CONFIG_DEBUG_INFO_BTF", btf_path());
	fd = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, NULL, sizeof(int), sizeof(int), 1, NULL);
	if (fd >= 0)
		close(fd);
	if (fd == -EPERM)
		return log_err(-EPERM, "privilege: auditing needs root, or CAP_BPF and CAP_PERFMON");
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
				snprintf(p->why[i], sizeof(p->why[i]), "this kernel has no %s", a->hook);
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
		return log_err(-EPERM, "privilege: the kernel refused a program: auditing needs root, or "
			       "CAP_BPF and CAP_PERFMON (-v tells which)");
	if (err)
		return log_err(-ENOTSUP, "kernel: a program was refused (error %d; -v tells which)", -err);
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
				snprintf(p->why[i], sizeof(p->why[i]), "%s: %s", s->attached, strerror(errno));
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

/* Run an iterator to its end. */
static int iterate(struct bpf_program *prog)
{
	struct bpf_link *link = bpf_program__attach_iter(prog, NULL);
	AUTO_FD int fd = -1;
	char none[64];
	ssize_t n;

	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	if (fd < 0)
		n = -errno;
	else
		while ((n = read(fd, none, sizeof(none))) > 0 || (n < 0 && errno == EINTR))
			;
	bpf_link__destroy(link);
	return n < 0 ? (int)n : 0;
}

int probes_seed(struct probes *p, const pid_t *pids, size_t count, uint32_t app)
{
	int roots = bpf_map__fd(p->skel->maps.roots), err = 0;
	uint32_t before = probes_live(p), last;

	for (size_t i = 0; i < count && !err; i++)
		err = bpf_map_update_elem(roots, &pids[i], &app, BPF_ANY) ? -errno : 0;
	/* A child may come before its parent in the order of pids: again until nobody is new. */
	do {
		last = probes_live(p);
		err = err ?: iterate(p->skel->progs.seed_tasks);
	} while (!err && probes_live(p) > last);
	for (size_t i = 0; i < count; i++)
		bpf_map_delete_elem(roots, &pids[i]);
	if (err)
		return log_err(err, "probes: cannot walk the processes");
	return probes_live(p) > before ? (int)(probes_live(p) - before) : 0;
}

int probes_adopt(struct probes *p, pid_t pid, uint32_t app)
{
	int err = probes_seed(p, &pid, 1, app);
	char value[64]; /* struct process of bpf/scope.bpf.h */

	if (err < 0)
		return err;
	return bpf_map_lookup_elem(bpf_map__fd(p->skel->maps.processes), &pid, value) ? -ESRCH : 0;
}

int probes_seed_files(struct probes *p)
{
	int err = iterate(p->skel->progs.seed_files);

	return err ? log_err(err, "probes: cannot walk the open files") : 0;
}

static void age_marks(struct probes *p)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (now.tv_sec - p->epoch_began < EPOCH_SECONDS)
		return;
	p->epoch_began = now.tv_sec;
	p->control->epoch++;
}

int probes_poll(struct probes *p, probes_fn fn, void *context, int timeout_ms)
{
	static const struct timespec linger = { .tv_nsec = LINGER_NS };
	int n;

	p->fn = fn;
	p->context = context;
	age_marks(p);
	n = ring_buffer__consume(p->ring);
	if (!n && p->busy) {
		nanosleep(&linger, NULL);
		n = ring_buffer__consume(p->ring);
	}
	if (!n && timeout_ms) {
		__atomic_store_n(&p->control->waiting, 1, __ATOMIC_SEQ_CST);
		n = ring_buffer__consume(p->ring);
		if (!n)
			n = ring_buffer__poll(p->ring, timeout_ms);
		__atomic_store_n(&p->control->waiting, 0, __ATOMIC_SEQ_CST);
	}
	p->busy = n > 0;
	return n == -EINTR ? 0 : n;
}

int probes_fd(const struct probes *p)
{
	return ring_buffer__epoll_fd(p->ring);
}

uint32_t probes_live(const struct probes *p)
{
	return __atomic_load_n(&p->control->live, __ATOMIC_RELAXED);
}

void probes_mark(struct probes *p, const struct pia_file *file, enum pia_mark_kind kind)
{
	struct pia_mark mark = { .epoch = p->control->epoch, .kind = kind };

	/* A mark that finds no room is only an optimization lost. */
	bpf_map_update_elem(bpf_map__fd(p->skel->maps.marks), file, &mark, BPF_ANY);
}

void probes_counts(const struct probes *p, struct pia_count counts[PIA_OP_MAX])
{
	AUTO_FREE struct pia_count *each = calloc(p->cpus, sizeof(*each));

	memset(counts, 0, PIA_OP_MAX * sizeof(*counts));
	for (uint32_t op = 0; op < PIA_OP_MAX && each; op++) {
		if (bpf_map_lookup_elem(bpf_map__fd(p->skel->maps.counts), &op, each))
			continue;
		for (int cpu = 0; cpu < p->cpus; cpu++) {
			counts[op].made += each[cpu].made;
			counts[op].lost += each[cpu].lost;
		}
	}
}

bool probes_loss_span(struct probes *p, uint64_t *from, uint64_t *until)
{
	*from = __atomic_exchange_n(&p->control->loss_first, 0, __ATOMIC_ACQ_REL);
	*until = __atomic_load_n(&p->control->loss_last, __ATOMIC_ACQUIRE);
	return *from != 0;
}
