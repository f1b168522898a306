/* SPDX-License-Identifier: Apache-2.0 */
/* probes_verifier.h - names the program that the kernel's verifier refused, and the reason. */
#ifndef PIAUDIT_PROBES_VERIFIER_H
#define PIAUDIT_PROBES_VERIFIER_H

#include <stddef.h>

struct bpf_object;

/*
 * The log of each program that is to be loaded. Must be zero at start. Pages without text cost no
 * memory.
 */
struct verifier {
	char *logs; /* NULL = none */
	size_t count;
};

/* Call it before loading, when the choice of programs is final. Without memory no log is kept. */
void verifier_watch(struct verifier *verifier, struct bpf_object *object);

/*
 * After a failed load: the program that the verifier refused, and in @why (@size bytes) the last
 * line of its log. NULL if the load failed for another reason. The name belongs to @object. Prints
 * the end of the log with -v.
 */
const char *verifier_refused(const struct verifier *verifier, struct bpf_object *object, char *why,
			     size_t size);

/*
 * The reason in a verifier's log: its last line before the report and the statistics. Writes @why.
 * An empty log has no reason.
 */
void verifier_reason(const char *log, char *why, size_t size);

/* Idempotent. The kernel must not write to the logs any more. */
void verifier_end(struct verifier *verifier);

#endif
