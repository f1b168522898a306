/* SPDX-License-Identifier: Apache-2.0 */
/* sink.h - where accesses go: a struct of callbacks, one file each, all walking the field table (field.h). */
/* Room daemon/sink: where accesses go while they are judged: log file, spool, journal, history, draft. */
#ifndef PIAUDIT_SINK_H
#define PIAUDIT_SINK_H

#include <stdbool.h>
#include <stdio.h>

#include <piaudit/summary.h>

#include "daemon/event/event.h"
#include "daemon/event/profile.h"

struct sink;
struct encoder; /* daemon/encode/encode.h */

/* Each returns 0, or -EIO and its kin; a sink that fails keeps its first error for sinks_error. All but access may be
 * NULL: it tells nobody of those. */
struct sink_ops {
	const char *name; /* as in --format */
	bool stamped;     /* it says which telling each is: sink->stamp */
	int (*access)(struct sink *sink, const struct access *a);
	int (*loss)(struct sink *sink, const struct loss *loss, uint64_t from,
		    uint64_t until); /* UTC, ns */
	/* Scenarios of the policy that are active at @time (UTC, ns), told again about once a minute. */
	int (*active)(struct sink *sink, const struct scenario_set *set, uint64_t time);
	int (*status)(struct sink *sink, const struct status *status);
	int (*summary)(struct sink *sink, const struct summary *summary);
	void (*tick)(struct sink *sink, uint64_t now); /* CLOCK_BOOTTIME, ns */
	void (*close)(struct sink *sink);              /* frees state */
};

struct sink {
	const struct sink_ops *ops;
	FILE *out;                   /* borrowed; NULL of a kind that writes elsewhere */
	const struct policy *policy; /* borrowed */
	const char *
		app; /* where several write to one place: whose losses and states; NULL = one alone */
	const struct encoder *encoder;    /* of the encoded; NULL = our own JSON */
	enum profile profile;             /* of the encoded: what is told of persons */
	const unsigned char *profile_key; /* PROFILE_KEY bytes, borrowed */
	const struct event_id *stamp;     /* of what is told now; NULL = none */
	bool colour;
	bool verbose; /* text: the informational ones too */
	bool quiet;   /* no line for each access or status */
	bool notable; /* only accesses that count, or whose verdict is open */
	void *state;  /* what the kind remembers, from its first call to close; owned */
	int error;
};

#define SINKS_MAX 5 /* of the daemon: top, log, spool, journal, history */

struct sinks {
	struct sink list[SINKS_MAX];
	size_t count;
	struct event_id stamp;
};

extern const struct sink_ops *const sink_kinds[];   /* NULL-terminated; and sink_encoded */
const struct sink_ops *sink_find(const char *name); /* of these, or NULL */
/* The kind, and the encoder, of what @format calls: a kind or an encoding. -EINVAL for neither. */
int sink_format(struct sink *sink, const char *format);
extern const struct sink_ops sink_draft; /* of learn only: no format of an audit */

void sinks_access(struct sinks *sinks, const struct access *a);
void sinks_loss(struct sinks *sinks, const struct loss *loss, uint64_t from, uint64_t until);
void sinks_active(struct sinks *sinks, const struct scenario_set *set, uint64_t time);
void sinks_status(struct sinks *sinks, const struct status *status);
void sinks_summary(struct sinks *sinks, const struct summary *summary);
void sinks_tick(struct sinks *sinks, uint64_t now);
int sinks_error(const struct sinks *sinks); /* the first error of any, after a flush; 0 */
void sinks_close(struct sinks *sinks);      /* what they remember, not their files */

#endif
