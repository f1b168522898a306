/* SPDX-License-Identifier: Apache-2.0 */
/* audit_run.h - an audit with its outputs and exit code, shared by live session and replay. */
#ifndef PIAUDIT_AUDIT_RUN_H
#define PIAUDIT_AUDIT_RUN_H

#include "daemon/audit/audit.h"
#include "daemon/config/options.h"
#include "daemon/sink/sink.h"

/* Zero at start. Do not copy it once it is open: the audit points into it. */
struct audit_run {
	const struct options *options; /* borrowed */
	struct sinks sinks;
	struct history *store; /* NULL = no history */
	struct audit *audit;
	unsigned char key[PROFILE_KEY]; /* of the profile */
};

/* Facts that only the caller knows at the end. All borrowed. */
struct audit_run_end {
	struct pia_count counts[PIA_OP_MAX];
	const char *const *probes_missing;
	const char *const *probes_refused; /* as in the summary */
	const char *const *not_seen;       /* as in the summary */
	bool incomplete;                   /* a required probe is missing */
	const char *hole;                  /* as in the summary; makes the result incomplete, too */
	/*
	 * Invalid lines of a recording, beside the invalid records that the audit counted
	 */
	uint64_t malformed;
	uint64_t started, ended; /* ns since the epoch; 0 = the times of the records */
	enum ending ending;
	int target_status;
	const char *text; /* of the last status; NULL = none */
};

/* Sets the sinks of @config. -errno, logged. */
int audit_run_open(struct audit_run *t, const struct options *options, struct audit_config *config,
		   FILE *out);
/* Writes the summary to every sink. Returns the exit code. */
int audit_run_finish(struct audit_run *t, const struct audit_run_end *end);
void audit_run_close(struct audit_run *t);
/* The state of the audited program at the end: ended, or still running. */
const char *audit_run_state(const struct audit_run_end *end);

/* Refuses yaml, which is only for policies, and a profile with text. -EINVAL, logged. */
int audit_run_format(const struct options *options);

#endif
