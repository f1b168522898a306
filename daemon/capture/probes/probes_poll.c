/* SPDX-License-Identifier: Apache-2.0 */
/* probes_poll.c - the running kernel half: audited processes, records in the ring, counts. */
#include "probes_private.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"
#include "daemon/util/log.h"

/* Wait after work before sleeping again: batches a burst without a wake-up for each record. */
#define LINGER_NS 50000
/*
 * If the reader slept at least this long before a record, it does not linger: lingering would delay
 * the next record.
 */
#define SELDOM_NS 200000
/* Entries of ignored files expire after this: names of parent directories can change unseen. */
#define EPOCH_SECONDS 60

/* Reads an iterator to its end. */
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
	/*
	 * A child can come before its parent in the order of pids, so it walks until it finds no
	 * new process.
	 */
	do {
		last = probes_live(p);
		err = err ?: iterate(p->skel->progs.seed_tasks);
	} while (!err && probes_live(p) > last);
	for (size_t i = 0; i < count; i++)
		bpf_map_delete_elem(roots, &pids[i]);
	if (err)
		return log_err(err, "probes: running processes cannot be listed");
	return probes_live(p) > before ? (int)(probes_live(p) - before) : 0;
}

int probes_adopt(struct probes *p, pid_t pid, uint32_t app)
{
	int err = probes_seed(p, &pid, 1, app);
	struct pia_process found;

	if (err < 0)
		return err;
	return bpf_map_lookup_elem(bpf_map__fd(p->skel->maps.processes), &pid, &found) ? -ESRCH : 0;
}

int probes_seed_files(struct probes *p, bool held)
{
	int err;

	p->control->held = held;
	/* Set this first: processes that join meanwhile belong to the next round. */
	p->control->looking = p->control->round++;
	err = iterate(p->skel->progs.seed_files);
	p->control->looking = 0;
	return err ? log_err(err, "probes: open files cannot be listed") : 0;
}

int probes_family(struct probes *p, uint32_t id, enum pia_family family)
{
	int fd = bpf_map__fd(p->skel->maps.families);
	uint32_t value = family;
	int err = family < PIA_FAMILY_MAX ? bpf_map_update_elem(fd, &id, &value, BPF_ANY)
					  : bpf_map_delete_elem(fd, &id);

	return err ? log_err(-errno, "probes: netlink family 0x%x: filter cannot be updated", id)
		   : 0;
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

int probes_fd(const struct probes *p)
{
	return ring_buffer__epoll_fd(p->ring);
}

bool probes_behind(const struct probes *p)
{
	return p->cut;
}

/* In a flood the ring never becomes empty, so the time ends the reading: see ring_record. */
static int ring_consume(struct probes *p, uint64_t until)
{
	int n;

	p->until = until;
	p->fed = 0;
	p->cut = false;
	n = ring_buffer__consume(p->ring);
	return p->cut ? (int)p->fed : n;
}

int probes_poll(struct probes *p, probes_fn fn, void *context, uint64_t until)
{
	static const struct timespec linger = { .tv_nsec = LINGER_NS };
	int n;

	p->fn = fn;
	p->context = context;
	age_marks(p);
	n = ring_consume(p, until);
	if (!n && p->busy) {
		nanosleep(&linger, NULL);
		n = ring_consume(p, until);
	}
	p->busy = n > 0 && p->slept < SELDOM_NS;
	p->slept = 0;
	return n;
}

/*
 * The kernel half wakes the reader only while `waiting` is set. A record that was committed before
 * is found here. A program that looked at `waiting` before, and commits after, wakes nobody: its
 * record is read after the next one, or at the end of the wait.
 */
bool probes_arm(struct probes *p, uint64_t until)
{
	__atomic_store_n(&p->control->waiting, 1, __ATOMIC_SEQ_CST);
	p->armed = clock_ns(CLOCK_MONOTONIC);
	return ring_consume(p, until) != 0;
}

void probes_disarm(struct probes *p)
{
	__atomic_store_n(&p->control->waiting, 0, __ATOMIC_SEQ_CST);
	p->slept = clock_ns(CLOCK_MONOTONIC) - p->armed;
}

struct pia_repeat *probes_repeats(const struct probes *p)
{
	return p->repeats;
}

uint32_t probes_live(const struct probes *p)
{
	return __atomic_load_n(&p->control->live, __ATOMIC_RELAXED);
}

void probes_ignore_file(struct probes *p, const struct pia_file *file, enum pia_ignored_kind kind)
{
	struct pia_ignored mark = { .epoch = p->control->epoch, .kind = kind };

	/* If the map is full, only an optimization is lost. */
	bpf_map_update_elem(bpf_map__fd(p->skel->maps.ignored_files), file, &mark, BPF_ANY);
}

/* Callers take differences. So a class that cannot be read keeps its last counts. */
static void counts_read(struct probes *p, uint32_t op)
{
	struct pia_count sum = { 0 };

	if (bpf_map_lookup_elem(bpf_map__fd(p->skel->maps.counts), &op, p->counts_of_cpus))
		return;
	for (int cpu = 0; cpu < p->cpus; cpu++) {
		sum.made += p->counts_of_cpus[cpu].made;
		sum.lost += p->counts_of_cpus[cpu].lost;
	}
	p->counts[op] = sum;
}

void probes_counts(struct probes *p, struct pia_count counts[PIA_OP_MAX])
{
	for (uint32_t op = 0; op < PIA_OP_MAX; op++) {
		counts_read(p, op);
		counts[op].made = p->counts[op].made + p->missed[op];
		counts[op].lost = p->counts[op].lost + p->missed[op];
	}
}

/* The losses that the kernel half recorded since the last call. */
static bool ring_loss(struct probes *p, uint64_t *from, uint64_t *until)
{
	if (!__atomic_load_n(&p->control->loss_first, __ATOMIC_ACQUIRE))
		return false;
	/* PIA_LOSING: a CPU has a loss and stores its time within a few instructions. */
	while (__atomic_load_n(&p->control->loss_first, __ATOMIC_ACQUIRE) == PIA_LOSING)
		sched_yield();
	*from = __atomic_exchange_n(&p->control->loss_first, 0, __ATOMIC_ACQ_REL);
	*until = clock_ns(CLOCK_BOOTTIME);
	return true;
}

bool probes_loss_span(struct probes *p, uint64_t *from, uint64_t *until)
{
	uint64_t since;
	bool lost = ring_loss(p, from, until);
	bool missed = missed_since(p, &since, until);

	if (missed)
		*from = lost && *from < since ? *from : since;
	return lost || missed;
}
