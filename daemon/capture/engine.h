/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h - the kernel half and the data that user space adds to it, for both a session and the
 * daemon. */
/* Room daemon/capture: the kernel half as one source of records: probes, counts, shared memory. */
#ifndef PIAUDIT_ENGINE_H
#define PIAUDIT_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/maps.h>
#include <piaudit/summary.h>

#define ENGINE_TELL_NS 250000000u /* between two reports of the kernel's counts of repeats */

struct catalog; /* policy/catalog.h */
struct dispatch;
struct engine;

/* All pointers are borrowed and must outlive the engine. */
struct engine_config {
	struct catalog *catalog;
	uint32_t ring_bytes; /* as in probes.h */
	bool exec_filter_on;
	/*
	 * Called for every record in ring order, and for requests that clients send through shared
	 * memory. Every record is checked.
	 */
	int (*feed)(void *context, const struct pia_event *ev);
	/* Bytes in the ring were not a valid record. */
	void (*malformed)(void *context);
	/* Called before the records that were delivered after the loss. */
	void (*loss)(void *context, const struct loss *loss);
	void *context;
};

/*
 * Loads and attaches the probes. No process is audited yet. Returns an exit code (exit.h); errors
 * are logged.
 */
int engine_open(struct engine **out, const struct engine_config *config);
void engine_close(struct engine **engine); /* detaches; NULL-safe, nulls */
/* The exit code for an error of the probes, which have logged it. */
int engine_exit(int err);

/*
 * From here on, the turns of @dispatch feed the records. A turn fails with -errno, logged, if the
 * ring cannot be read. Returns -errno.
 */
int engine_join(struct engine *engine, struct dispatch *dispatch);
/*
 * Feeds the records that the kernel has made until now, but ends at the time @until
 * (CLOCK_MONOTONIC, ns): a busy program makes more meanwhile. -errno, logged.
 */
int engine_drain(struct engine *engine, uint64_t until);
/* Records that were made before the last turn are still in the ring. */
bool engine_behind(const struct engine *engine);
/* Feeds the repeats that the kernel has counted until now. */
void engine_flush_counts(struct engine *engine);
/* Detaches, and feeds all records made until then. */
void engine_end(struct engine *engine);

bool engine_incomplete(const struct engine *engine); /* a required probe is missing */
struct probes *engine_probes(const struct engine *engine);
struct host *engine_host(const struct engine *engine);
struct server_info *engine_servers(const struct engine *engine);

/*
 * Reports to the kernel that the policy ignores a file: the `mark` of struct audit_config.
 * @context: the engine.
 */
void engine_ignore_file(void *context, const struct pia_file *file, enum pia_ignored_kind kind);

#endif
