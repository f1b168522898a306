/* SPDX-License-Identifier: Apache-2.0 */
/* probes.h - the programs that are attached to the kernel. */
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

#define PROBES_RING_MIN 4096u /* one page: for tests of losses */
#define PROBES_RING_MAX (1u << 30)
#define PROBE_BLIND_MAX 4 /* texts of one row */

static inline bool probes_ring_fits(uint64_t bytes)
{
	return bytes >= PROBES_RING_MIN && bytes <= PROBES_RING_MAX && !(bytes & (bytes - 1));
}

struct probes;

struct probes_config {
	const struct catalog *catalog; /* has the numbers that the kernel must let through */
	uint32_t ring_bytes;           /* 0 = PIA_RING_BYTES; see probes_ring_fits */
	bool exec_filter_on; /* the kernel starts to audit programs at exec: exec_filter_map.h */
};

/* The state of one row of the attach table. Strings are static or owned by the probes. */
struct probe_state {
	const char *name;     /* "file-open" */
	const char *sees;     /* a short description of the operations that it shows */
	const char *attached; /* the alternate that was taken, or NULL */
	const char *why;      /* why the better alternates, or all, were refused; "" if none was */
	bool required;
	bool idle;                              /* not needed here; `why` has the reason */
	const char *blind[PROBE_BLIND_MAX + 1]; /* blind spots; NULL-terminated */
};

/*
 * Loads, attaches, and checks that each program runs. No process is audited yet.
 * If the kernel refuses to load or attach a program, its rows use their next alternate. A row
 * without a working alternate is no error (see probes_state, probes_missing). Exception: the
 * verifier refused the program of a required row.
 * Errors: -EPERM (a privilege is missing), -ENOTSUP (the kernel lacks type information or a
 * feature). They are logged in one line that says what to do.
 */
int probes_open(struct probes **out, const struct probes_config *config);
void probes_detach(struct probes *probes); /* no new records; those in the ring can still be read */
void probes_close(struct probes **probes); /* detaches; NULL-safe, nulls */

size_t probes_count(const struct probes *probes);
const struct probe_state *probes_state(const struct probes *probes, size_t i);
const char *const *probes_missing(const struct probes *probes); /* names, NULL-terminated */
/* Programs that the verifier refused, as "PROGRAM: last line of its log"; NULL-terminated. */
const char *const *probes_refused(const struct probes *probes);
/* Texts of all rows, NULL-terminated. */
const char *const *probes_blind(const struct probes *probes);

/*
 * Audits one process that is held (it must not run). Its children inherit this by fork. -ESRCH if
 * it has ended.
 */
int probes_adopt(struct probes *probes, pid_t pid, uint32_t app);

/*
 * Audits running processes with all their threads and descendants. Processes that they start
 * meanwhile inherit the label, or the next walk finds them. It walks until it finds no new process.
 * Returns the number of new processes, or a negative errno.
 */
int probes_seed(struct probes *probes, const pid_t *pids, size_t count, uint32_t app);

/*
 * Sends a record for every open file of the processes that joined since the last call. @held: they
 * wait for their exec, and only files that stay open across it count.
 */
int probes_seed_files(struct probes *probes, bool held);

/* Sets the number of a generic netlink family. PIA_FAMILY_MAX: the number is unused now. */
int probes_family(struct probes *probes, uint32_t id, enum pia_family family);

/*
 * Attaches to every scenario mark in the executable or library @fd, once per file. Returns the
 * number of its marks, 0 if it has none or is no program. Returns a negative errno if the marks
 * cannot be seen; the first such error is logged.
 */
int probes_marks(struct probes *probes, int fd);
uint64_t probes_marks_met(const struct probes *probes); /* all files with marks until now */
/* Tests marks on the auditor itself. The row's state gets the result. */
int probes_marks_try(struct probes *probes);
/*
 * The privilege that attaching to a new mark needs on this kernel. First loads the programs that
 * this needs.
 */
enum privilege_need probes_need(struct probes *probes);

typedef int (*probes_fn)(void *context, const void *bytes, size_t len);

/*
 * Feeds the records in the ring to @fn until it is empty, or until the time @until (CLOCK_MONOTONIC,
 * ns). Never waits longer than some microseconds. Returns their number, or -errno.
 */
int probes_poll(struct probes *probes, probes_fn fn, void *context, uint64_t until);

/*
 * To wait for records: arm, wait until the descriptor is readable, disarm. Arming feeds the records
 * that came since the last poll to its @fn, and returns true if there were any or an error.
 */
int probes_fd(const struct probes *probes);
bool probes_behind(
	const struct probes *probes); /* the time ended the last poll: more is in the ring */
bool probes_arm(struct probes *probes, uint64_t until);
void probes_disarm(struct probes *probes);

/* PIA_REPEATS of them, shared with the kernel. */
struct pia_repeat *probes_repeats(const struct probes *probes);
uint32_t probes_live(const struct probes *probes); /* audited processes that have not ended */
void probes_ignore_file(struct probes *probes, const struct pia_file *file,
			enum pia_ignored_kind kind);
void probes_counts(struct probes *probes, struct pia_count counts[PIA_OP_MAX]);
/*
 * The span of losses since the last call, until now; false if there was none. CLOCK_BOOTTIME, ns.
 * Records that were fed before the call are older than the span.
 */
bool probes_loss_span(struct probes *probes, uint64_t *from, uint64_t *until);

#endif
