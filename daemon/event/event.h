/* SPDX-License-Identifier: Apache-2.0 */
/* event.h - names and values for every encoder, from the audit or from a line of JSON. */
/* Room daemon/event: the output model: field table, event items, severity, ids, privacy profile. */
#ifndef PIAUDIT_EVENT_OUT_H
#define PIAUDIT_EVENT_OUT_H

#include "event_id.h"
#include "field.h"
#include "severity.h"

#define EVENT_ITEMS_MAX 96 /* twice as many as a summary has */

enum event_type {
	EVENT_ACCESS,
	EVENT_LOSS,
	EVENT_STATUS,
	EVENT_SUMMARY,
	EVENT_CELL, /* a row of a summary's table: a scenario, a category and its accesses */
	EVENT_TYPE_MAX
};

/* One value, under the name that `list fields` has for it. */
struct event_item {
	const char *name;     /* "process.pid" */
	enum field_type type; /* for FIELD_SCENARIOS, text is the ids with commas */
	const char *text;     /* NULL: null; not used for numbers, times and booleans */
	uint64_t number;
};

/* Zero at start. Texts are borrowed from the source of the event, or kept. */
struct event {
	enum event_type type;
	enum severity severity;
	uint64_t time; /* ns since the epoch */
	struct event_item items[EVENT_ITEMS_MAX];
	size_t count;
	struct event_item scratch; /* of a value that has no room in items */
	struct event_kept *kept;   /* texts that the event owns */
	int error;                 /* the first error: -ENOMEM, -E2BIG */
};

/* A change in the audit itself: started, joined, ended, a probe missing. */
struct status {
	uint64_t time;     /* ns since the epoch */
	const char *state; /* "started", "joined", "ended", "degraded", "scenario" */
	const char *text;  /* one line for people */
	bool warns;        /* also printed without -v */
};

/*
 * Each adds its items to @out, a zeroed event. Returns 0, -ENOMEM or -E2BIG; call event_free in any
 * case.
 */
int event_of_access(struct event *out, const struct access *a, const struct event_id *stamp);
int event_of_status(struct event *out, const struct status *status, const char *app,
		    const struct event_id *stamp);
struct loss_told {
	const struct loss *loss;
	uint64_t from, until; /* UTC, ns */
	const char *app;      /* or NULL */
};
int event_of_loss(struct event *out, const struct loss_told *told, const struct event_id *stamp);
int event_of_summary(struct event *out, const struct summary *s, const struct event_id *stamp);
/* @i: the number of the summary's cell. The cell's id is derived from the summary's id. */
int event_of_cell(struct event *out, const struct summary *s, size_t i,
		  const struct event_id *stamp);
void event_free(struct event *event); /* frees the owned texts and zeroes the event */

/*
 * Parses a line of piaudit.event/1. @take receives its event and, for a summary, the events of its
 * table. They live until it returns. Returns -EBADMSG for any other line, the first non-zero result
 * of @take, or -ENOMEM. Unknown keys are items too. Needs jansson.
 */
typedef int event_take(void *context, const struct event *e);
int event_parse(const char *line, size_t len, event_take *take, void *context);

/* Return NULL, or 0, if the event has no item of that name. */
const struct event_item *event_item(const struct event *event, const char *name);
const char *event_text(const struct event *event, const char *name);
uint64_t event_number(const struct event *event, const char *name);

/*
 * An access is notable if it counts as a finding or is inconclusive. Other events are notable from
 * severity medium on.
 */
bool event_notable(const struct event *event);

extern const char *const event_type_word[EVENT_TYPE_MAX];

#endif
