/* SPDX-License-Identifier: Apache-2.0 */
/* history_sink.c - writes accesses into the history, which counts its own failures. */
#include "history_sink.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/event/field.h"
#include "daemon/util/clock.h"

/* Fields and the members of struct history_access that take their texts. */
static const struct {
	const char *field;
	size_t at; /* offset of a const char * in struct history_access */
} columns[] = {
	{ "app", offsetof(struct history_access, key[HISTORY_APP]) },
	{ "process.exe", offsetof(struct history_access, key[HISTORY_EXE]) },
	{ "category", offsetof(struct history_access, key[HISTORY_CATEGORY]) },
	{ "source", offsetof(struct history_access, key[HISTORY_SOURCE]) },
	{ "grade", offsetof(struct history_access, key[HISTORY_GRADE]) },
	{ "disposition", offsetof(struct history_access, key[HISTORY_DISPOSITION]) },
	{ "verdict", offsetof(struct history_access, key[HISTORY_VERDICT]) },
	{ "scenario", offsetof(struct history_access, key[HISTORY_SCENARIOS]) },
	{ "exception", offsetof(struct history_access, key[HISTORY_EXCEPTION]) },
	{ "process.comm", offsetof(struct history_access, comm) },
	{ "object", offsetof(struct history_access, object) },
	{ "reason", offsetof(struct history_access, reason) },
	{ "rule", offsetof(struct history_access, rule) },
};

struct history_sink_state {
	struct history *store;
	struct history_run *run; /* NULL before the first access, loss or scenario */
	const struct policy *policy;
	const char *app, *text;
	struct scenario_set scenarios; /* active at the start */
	const struct field *field[ARRAY_SIZE(columns)];
};

static const char *history_sink_text_of(const struct history_sink_state *h, const struct field *f,
					const struct access *a, struct field_value *v)
{
	v->text = NULL;
	f->get(a, v);
	if (f->type == FIELD_SCENARIOS)
		return field_ids(v->buf, h->policy, v->set);
	return v->text ?: "";
}

static void history_sink_begin(struct history_sink_state *h, uint64_t time)
{
	char buf[FIELD_BUF_MAX];
	struct history_begin b = { .policy = h->policy,
				   .app = h->app,
				   .text = h->text,
				   .time = time,
				   .scenarios = field_ids(buf, h->policy, &h->scenarios) };

	if (!h->run)
		h->run = history_run(h->store, &b);
}

static int history_sink_access(struct sink *sink, const struct access *a)
{
	struct field_value value[ARRAY_SIZE(columns)];
	struct history_sink_state *h = sink->state;
	struct history_access out = {
		.finding = a->judgement.finding, .time = a->time, .count = a->count, .pid = a->pid
	};

	history_sink_begin(h, a->time);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		const char *text = history_sink_text_of(h, h->field[i], a, &value[i]);

		memcpy((char *)&out + columns[i].at, &text, sizeof(text));
	}
	history_access(h->store, h->run, &out);
	return 0;
}

static int history_sink_loss(struct sink *sink, const struct loss *loss, uint64_t from,
			     uint64_t until)
{
	struct history_sink_state *h = sink->state;

	history_sink_begin(h, from);
	history_loss(h->store, h->run, loss, from, until);
	return 0;
}

static int history_active(struct sink *sink, const struct scenario_set *set, uint64_t time)
{
	struct history_sink_state *h = sink->state;

	history_sink_begin(h, time);
	for (size_t i = 0; i < policy_scenario_count(h->policy); i++)
		if (scenario_set_has(set, (unsigned int)i))
			store_active(h->store, h->run, policy_scenario(h->policy, i)->id, time);
	return 0;
}

static int history_sink_status(struct sink *sink, const struct status *status)
{
	struct history_sink_state *h = sink->state;

	h->text = status->text;
	history_sink_begin(h, status->time);
	h->text = NULL;
	return 0;
}

static int history_sink_summary(struct sink *sink, const struct summary *s)
{
	struct history_sink_state *h = sink->state;

	history_sink_begin(h, s->started);
	history_end(h->store, h->run, s);
	h->run = NULL;
	return 0;
}

static void history_sink_tick(struct sink *sink, uint64_t now)
{
	const struct history_sink_state *h = sink->state;

	history_tick(h->store, now, clock_ns(CLOCK_REALTIME));
}

static void history_sink_close(struct sink *sink)
{
	free(sink->state);
	sink->state = NULL;
}

static const struct sink_ops sink_history = { .name = "history",
					      .access = history_sink_access,
					      .loss = history_sink_loss,
					      .active = history_active,
					      .status = history_sink_status,
					      .summary = history_sink_summary,
					      .tick = history_sink_tick,
					      .close = history_sink_close };

static const struct field *field_named(const char *name)
{
	for (size_t i = 0; i < field_count; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

int history_sink(struct sink *out, struct history *store, const struct policy *policy,
		 const char *app, const struct scenario_set *scenarios)
{
	AUTO_FREE struct history_sink_state *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		h->field[i] = field_named(columns[i].field);
		if (!h->field[i])
			return -EINVAL;
	}
	h->store = store;
	h->policy = policy;
	h->app = app;
	h->scenarios = *scenarios;
	*out = (struct sink){ .ops = &sink_history, .policy = policy, .state = TAKE(h) };
	return 0;
}
