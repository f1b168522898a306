/* SPDX-License-Identifier: Apache-2.0 */
/* probes.h - what is attached to the kernel. probes.c is the only file that knows libbpf. */
/* Room daemon/capture/probes: BPF programs: load, select, attach, read the ring; the only room with libbpf. */
#ifndef PIAUDIT_PROBES_H
#define PIAUDIT_PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <piaudit/family.h>
#include <piaudit/maps.h>

#include "daemon/system/capabilities.h"
#include "policy/catalog.h"

#define PROBES_RING_DEFAULT (2u << 20) /* bytes */
#define PROBES_RING_MIN     4096u      /* one page: for tests of losses */
#define PROBES_RING_MAX     (1u << 30)
#define PROBE_BLIND_MAX     4 /* texts of one row */

static inline bool probes_ring_fits(uint64_t bytes)
{
	return bytes >= PROBES_RING_MIN && bytes <= PROBES_RING_MAX && !(bytes & (bytes - 1));
}

struct probes;

struct probes_config {
	const struct catalog *catalog; /* which numbers the kernel must let through */
	uint32_t ring_bytes;           /* 0 = PROBES_RING_DEFAULT; see probes_ring_fits */
	bool exec_filter_on; /* programs come into the audit as they start: exec_filter_map.h */
};

/* How one row of the attach table came out. Strings are static or owned by the probes. */
struct probe_state {
	const char *name;     /* "file-open" */
	const char *sees;     /* what it shows, in a few words */
	const char *attached; /* the alternate that was taken, or NULL */
	const char *why; /* why the better alternates, or all, were not; "" if none was refused */
	bool required;
	bool idle;                              /* nobody needs it here: why says so */
	const char *blind[PROBE_BLIND_MAX + 1]; /* what it cannot see; NULL-terminated */
};

/*
 * Load into the kernel, attach, and see each program fire. Nobody is audited yet. A program that the kernel refuses, to
 * load or to attach, is replaced by the next alternate of its rows. A row that found no alternate is no error (see
 * probes_state, probes_missing), but for a required one whose program the verifier refused. Errors: -EPERM (a
 * privilege is missing), -ENOTSUP (the kernel lacks type information or a feature): logged, in one line that says what
 * to do.
 */
int probes_open(struct probes **out, const struct probes_config *config);
void probes_detach(struct probes *probes); /* nothing more is made; what there is can be read */
void probes_close(struct probes **probes); /* detaches; NULL-safe, nulls */

size_t probes_count(const struct probes *probes);
const struct probe_state *probes_state(const struct probes *probes, size_t i);
const char *const *probes_missing(const struct probes *probes); /* names, NULL-terminated */
/* Programs that the kernel's verifier refused, "PROGRAM: the last line of its log"; NULL-terminated. */
const char *const *probes_refused(const struct probes *probes);
const char *const *
probes_blind(const struct probes *probes); /* texts of all rows, NULL-terminated */

/* Audit one process that is held (it must not run): its children follow by fork. -ESRCH if it is gone. */
int probes_adopt(struct probes *probes, pid_t pid, uint32_t app);

/*
 * Audit running processes with all their threads and descendants: what they start meanwhile is inherited or found
 * by the next walk, until nobody is new. Returns how many processes are new, or a negative errno.
 */
int probes_seed(struct probes *probes, const pid_t *pids, size_t count, uint32_t app);

/* Send a record for every file that those who joined since the last call hold open. @held: they wait for their exec, and only what
 * that leaves open counts. */
int probes_seed_files(struct probes *probes, bool held);

/* The number that the kernel has given to a family of generic netlink; PIA_FAMILY_MAX: nobody has it any more. */
int probes_family(struct probes *probes, uint32_t id, enum pia_family family);

/*
 * Attach to every scenario mark in the executable or library @fd, once, however often it is met: how many it has, 0 for
 * a file that has none or is no program; a negative errno where they cannot be seen, said the first time.
 */
int probes_marks(struct probes *probes, int fd);
uint64_t probes_marks_met(const struct probes *probes); /* files with marks, ever */
int probes_marks_try(
	struct probes *probes); /* on the auditor itself: says in the row's state how it went */
/* What later work takes on this kernel, such as attaching to a mark that is met. Loads what that needs at first. */
enum privilege_need probes_need(struct probes *probes);

typedef int (*probes_fn)(void *context, const void *bytes, size_t len);

void probes_wake(struct probes *probes,
		 int fd); /* a wait ends too when @fd can be read; -1 = none */

/* Feed what is in the ring to @fn, waiting at most @timeout_ms for the first. Returns records, or -errno. */
int probes_poll(struct probes *probes, probes_fn fn, void *context, int timeout_ms);

struct pia_repeat *
probes_repeats(const struct probes *probes);       /* PIA_REPEATS of them, shared with the kernel */
uint32_t probes_live(const struct probes *probes); /* audited processes that have not ended */
void probes_ignore_file(struct probes *probes, const struct pia_file *file,
			enum pia_ignored_kind kind);
void probes_counts(const struct probes *probes, struct pia_count counts[PIA_OP_MAX]);
/* The span of losses since the last call, up to now: false if there was none. CLOCK_BOOTTIME, ns. A record that
 * was fed before a call said so is older than the span. */
bool probes_loss_span(struct probes *probes, uint64_t *from, uint64_t *until);

#endif
