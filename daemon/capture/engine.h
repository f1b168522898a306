/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h - the kernel half at work with all that the machine says beside it: what a session and the daemon share. */
/* Room daemon/capture: the kernel half as one source of records: probes, counts, shared memory. */
#ifndef PIAUDIT_ENGINE_H
#define PIAUDIT_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/maps.h>
#include <piaudit/summary.h>

#define ENGINE_TELL_NS 250000000u /* between two looks at what the kernel has counted */

struct catalog; /* policy/catalog.h */
struct engine;

/* Borrowed, and outliving the engine. */
struct engine_config {
	struct catalog *catalog;
	uint32_t ring_bytes; /* as of probes.h */
	bool exec_filter_on;
	/* Every record in the order of the ring, and what clients say through shared memory; bytes need not be one. */
	int (*feed)(void *context, const void *bytes, size_t len);
	void (*loss)(void *context,
		     const struct loss *loss); /* before what was delivered after it */
	void *context;
};

/* Loads and attaches; nobody is audited yet. An exit code (exit.h), said. */
int engine_open(struct engine **out, const struct engine_config *config);
void engine_close(struct engine **engine); /* detaches; NULL-safe, nulls */
int engine_exit(int err); /* the exit code of an error of the probes, which they said */

/* Feeds what there is, waiting at most @timeout_ms for the first. Records from the ring, or a negative errno, said. */
int engine_poll(struct engine *engine, int timeout_ms);
void engine_flush_counts(
	struct engine *engine); /* feeds what the kernel has counted until now, beside the ring */
void engine_end(struct engine *engine); /* detaches, and feeds all that was made until then */

bool engine_incomplete(const struct engine *engine); /* a required probe is missing */
struct probes *engine_probes(const struct engine *engine);
struct host *engine_host(const struct engine *engine);
struct server_info *engine_servers(const struct engine *engine);

/* Tells the kernel what a file is to the policy: struct audit_config's mark. @context: the engine. */
void engine_ignore_file(void *context, const struct pia_file *file, enum pia_ignored_kind kind);

#endif
