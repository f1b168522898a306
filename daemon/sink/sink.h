/* SPDX-License-Identifier: Apache-2.0 */
/* sink.h - sinks for accesses: a struct of callbacks, one file each, by the table of field.h. */
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

/*
 * Each callback returns 0, -EIO or another -errno. A sink keeps its first error for sinks_error.
 * Only access is required; a sink ignores calls whose callback is NULL.
 */
struct sink_ops {
	const char *name; /* as in --format */
	bool stamped;     /* uses sink->stamp: its records have ids */
	int (*access)(struct sink *sink, const struct access *a);
	int (*loss)(struct sink *sink, const struct loss *loss, uint64_t from,
		    uint64_t until); /* UTC, ns */
	/*
	 * Scenarios of the policy that are active at @time (UTC, ns); repeated about once a minute.
	 */
	int (*active)(struct sink *sink, const struct scenario_set *set, uint64_t time);
	int (*status)(struct sink *sink, const struct status *status);
	int (*summary)(struct sink *sink, const struct summary *summary);
	void (*tick)(struct sink *sink, uint64_t now); /* CLOCK_BOOTTIME, ns */
	void (*close)(struct sink *sink);              /* frees state */
};

struct sink {
	const struct sink_ops *ops;
	FILE *out;                   /* borrowed; NULL for kinds that write elsewhere */
	const struct policy *policy; /* borrowed */
	/* The app of losses and states, if several apps share one output. NULL = only one app. */
	const char *app;
	const struct encoder *encoder;    /* for encoded sinks; NULL = piaudit's own JSON */
	enum profile profile;             /* for encoded sinks: the personal data that they keep */
	const unsigned char *profile_key; /* PROFILE_KEY bytes, borrowed */
	const struct event_id *stamp;     /* of the current event; NULL = none */
	bool colour;
	bool verbose; /* text sink: prints informational accesses too */
	bool quiet;   /* no line for each access or status */
	bool notable; /* only accesses that count, or have an open verdict */
	void *state;  /* the kind's own state, from its first call to close; owned */
	int error;
};

#define SINKS_MAX 5 /* in the daemon: top, log, spool, journal, history */

struct sinks {
	struct sink list[SINKS_MAX];
	size_t count;
	struct event_id stamp;
};

extern const struct sink_ops *const sink_kinds[];   /* NULL-terminated, without sink_encoded */
const struct sink_ops *sink_find(const char *name); /* one of sink_kinds, or NULL */
/*
 * Sets the kind and the encoder for @format, which is the name of a kind or an encoding. -EINVAL
 * for other names.
 */
int sink_format(struct sink *sink, const char *format);
extern const struct sink_ops sink_draft; /* for learn only, no --format has it */

void sinks_access(struct sinks *sinks, const struct access *a);
void sinks_loss(struct sinks *sinks, const struct loss *loss, uint64_t from, uint64_t until);
void sinks_active(struct sinks *sinks, const struct scenario_set *set, uint64_t time);
void sinks_status(struct sinks *sinks, const struct status *status);
void sinks_summary(struct sinks *sinks, const struct summary *summary);
void sinks_tick(struct sinks *sinks, uint64_t now);
int sinks_error(const struct sinks *sinks); /* the first error of all sinks, after a flush; or 0 */
void sinks_close(struct sinks *sinks);      /* frees their states, does not close their files */

#endif
