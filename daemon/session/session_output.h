/* SPDX-License-Identifier: Apache-2.0 */
/* session_output.h - what becomes of a live session's records: they are judged, or written down. */
#ifndef PIAUDIT_SESSION_OUTPUT_H
#define PIAUDIT_SESSION_OUTPUT_H

#include "audit_run.h"

struct consumer_ops;

/* Zero at start. Not to be copied once open. */
struct consumer {
	const struct consumer_ops *ops;
	const struct options *options; /* borrowed, as out */
	FILE *out;
	struct audit_config config;
	const char *const *missing; /* probes */
	const char *const *blind;   /* what the others cannot see */
	uint64_t records;           /* written down */
	struct trial trial;         /* of judging */
};

void consumer_judge(struct consumer *c, const struct options *options, FILE *out);
void consumer_record(struct consumer *c, const struct options *options, FILE *out);

int consumer_open(struct consumer *c, const struct audit_config *config, const char *const *missing,
		  const char *const *blind);              /* -errno, said */
int consumer_begin(struct consumer *c, uint64_t started); /* the first bytes of output; -EIO */
int consumer_feed(struct consumer *c, const void *bytes, size_t len);
void consumer_loss(struct consumer *c, const struct loss *loss);
void consumer_status(struct consumer *c, const struct status *status);
int consumer_tick(struct consumer *c, uint64_t now); /* the first error of output, said */
int consumer_finish(struct consumer *c, const struct trial_end *end); /* the exit code */
void consumer_close(struct consumer *c);

#endif
