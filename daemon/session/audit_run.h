/* SPDX-License-Identifier: Apache-2.0 */
/* audit_run.h - an audit with its outputs and its exit code: what a live session and a replay share. */
#ifndef PIAUDIT_AUDIT_RUN_H
#define PIAUDIT_AUDIT_RUN_H

#include "daemon/audit/audit.h"
#include "daemon/config/options.h"
#include "daemon/sink/sink.h"

/* Zero at start. Not to be copied once open: the audit points into it. */
struct audit_run {
	const struct options *options; /* borrowed */
	struct sinks sinks;
	struct history *store; /* the history, where one is kept */
	struct audit *audit;
	unsigned char key[PROFILE_KEY]; /* of the profile */
};

/* What only the caller knows when it ends. All borrowed. */
struct audit_run_end {
	struct pia_count counts[PIA_OP_MAX];
	const char *const *probes_missing;
	const char *const *probes_refused; /* as in the summary */
	const char *const *not_seen;       /* as in the summary */
	bool incomplete;                   /* a required probe is missing */
	const char *hole;                  /* as in the summary: incomplete too */
	uint64_t
		malformed; /* lines of a recording that were no record, beside what the audit counted */
	uint64_t started, ended; /* ns since the epoch; 0 = as the records say */
	enum ending ending;
	int target_status;
	const char *text; /* of the status that is told last; NULL = none */
};

/* @config: its sinks are filled in here. -errno, said. */
int audit_run_open(struct audit_run *t, const struct options *options, struct audit_config *config,
		   FILE *out);
/* Adds up and tells every sink. Returns the exit code. */
int audit_run_finish(struct audit_run *t, const struct audit_run_end *end);
void audit_run_close(struct audit_run *t);
const char *
audit_run_state(const struct audit_run_end *end); /* of what was audited: it ended, or goes on */

/* All but yaml, which is for policies; and no profile of text. -EINVAL, said. */
int audit_run_format(const struct options *options);

#endif
