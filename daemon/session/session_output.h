/* SPDX-License-Identifier: Apache-2.0 */
/* session_output.h - the output of a live session: its records are judged or written down. */
#ifndef PIAUDIT_SESSION_OUTPUT_H
#define PIAUDIT_SESSION_OUTPUT_H

#include "audit_run.h"

struct session_output_ops;

/* Zero at start. Do not copy it once it is open. */
struct session_output {
	const struct session_output_ops *ops;
	const struct options *options; /* borrowed, as out */
	FILE *out;
	struct audit_config config;
	const char *const *missing; /* names of missing probes */
	const char *const *blind;   /* blind spots of the attached probes */
	uint64_t records;           /* number of records in the recording */
	struct audit_run trial;     /* for judging */
};

void session_output_judge(struct session_output *c, const struct options *options, FILE *out);
void session_output_record(struct session_output *c, const struct options *options, FILE *out);

int session_output_open(struct session_output *c, const struct audit_config *config,
			const char *const *missing, const char *const *blind); /* -errno, logged */
int session_output_begin(struct session_output *c,
			 uint64_t started); /* writes the first bytes of output; -EIO */
int session_output_feed(struct session_output *c, const struct pia_event *ev);
void session_output_malformed(struct session_output *c);
void session_output_loss(struct session_output *c, const struct loss *loss);
void session_output_status(struct session_output *c, const struct status *status);
int session_output_tick(struct session_output *c,
			uint64_t now); /* the first error of output, logged */
int session_output_finish(struct session_output *c,
			  const struct audit_run_end *end); /* returns the exit code */
void session_output_close(struct session_output *c);

#endif
