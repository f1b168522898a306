/* SPDX-License-Identifier: Apache-2.0 */
/* history_sink.c - accesses into the history, by the field table. It never fails an audit: the store says what it lacks. */
#include "history_sink.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/event/field.h"
#include "daemon/util/clock.h"

/* The text of a field, and where it goes. */
static const struct {
	const char *field;
	size_t at; /* of a const char * in struct store_access */
} columns[] = {
	{ "app", offsetof(struct store_access, key[STORE_APP]) },
	{ "process.exe", offsetof(struct store_access, key[STORE_EXE]) },
	{ "category", offsetof(struct store_access, key[STORE_CATEGORY]) },
	{ "source", offsetof(struct store_access, key[STORE_SOURCE]) },
	{ "grade", offsetof(struct store_access, key[STORE_GRADE]) },
	{ "disposition", offsetof(struct store_access, key[STORE_DISPOSITION]) },
	{ "verdict", offsetof(struct store_access, key[STORE_VERDICT]) },
	{ "scenario", offsetof(struct store_access, key[STORE_SCENARIOS]) },
	{ "exception", offsetof(struct store_access, key[STORE_EXCEPTION]) },
	{ "process.comm", offsetof(struct store_access, comm) },
	{ "object", offsetof(struct store_access, object) },
	{ "reason", offsetof(struct store_access, reason) },
	{ "rule", offsetof(struct store_access, rule) },
};

struct history {
	struct store *store;
	struct store_run *run; /* NULL before the first thing is told */
	const struct policy *policy;
	const char *app, *text;
	struct scenario_set scenarios; /* active at the start */
	const struct field *field[ARRAY_SIZE(columns)];
};

static const char *text_of(const struct history *h, const struct field *f, const struct access *a,
			   struct field_value *v)
{
	v->text = NULL;
	f->get(a, v);
	if (f->type == FIELD_SCENARIOS)
		return field_ids(v->buf, h->policy, v->set);
	return v->text ?: "";
}

static void begin(struct history *h, uint64_t time)
{
	char buf[FIELD_BUF_MAX];
	struct store_begin b = { .policy = h->policy,
				 .app = h->app,
				 .text = h->text,
				 .time = time,
				 .scenarios = field_ids(buf, h->policy, &h->scenarios) };

	if (!h->run)
		h->run = store_run(h->store, &b);
}

static int history_access(struct sink *sink, const struct access *a)
{
	struct field_value value[ARRAY_SIZE(columns)];
	struct history *h = sink->state;
	struct store_access out = {
		.finding = a->judgement.finding, .time = a->time, .count = a->count, .pid = a->pid
	};

	begin(h, a->time);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		const char *text = text_of(h, h->field[i], a, &value[i]);

		memcpy((char *)&out + columns[i].at, &text, sizeof(text));
	}
	store_access(h->store, h->run, &out);
	return 0;
}

static int history_loss(struct sink *sink, const struct loss *loss, uint64_t from, uint64_t until)
{
	struct history *h = sink->state;

	begin(h, from);
	store_loss(h->store, h->run, loss, from, until);
	return 0;
}

static int history_active(struct sink *sink, const struct scenario_set *set, uint64_t time)
{
	struct history *h = sink->state;

	begin(h, time);
	for (size_t i = 0; i < policy_scenario_count(h->policy); i++)
		if (scenario_set_has(set, (unsigned int)i))
			store_active(h->store, h->run, policy_scenario(h->policy, i)->id, time);
	return 0;
}

static int history_status(struct sink *sink, const struct status *status)
{
	struct history *h = sink->state;

	h->text = status->text;
	begin(h, status->time);
	h->text = NULL;
	return 0;
}

static int history_summary(struct sink *sink, const struct summary *s)
{
	struct history *h = sink->state;

	begin(h, s->started);
	store_end(h->store, h->run, s);
	h->run = NULL;
	return 0;
}

static void history_tick(struct sink *sink, uint64_t now)
{
	const struct history *h = sink->state;

	store_tick(h->store, now, clock_ns(CLOCK_REALTIME));
}

static void history_close(struct sink *sink)
{
	free(sink->state);
	sink->state = NULL;
}

static const struct sink_ops sink_history = { .name = "history",
					      .access = history_access,
					      .loss = history_loss,
					      .active = history_active,
					      .status = history_status,
					      .summary = history_summary,
					      .tick = history_tick,
					      .close = history_close };

static const struct field *field_named(const char *name)
{
	for (size_t i = 0; i < field_count; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

int history_sink(struct sink *out, struct store *store, const struct policy *policy,
		 const char *app, const struct scenario_set *scenarios)
{
	AUTO_FREE
	struct history *h = calloc(1, sizeof(*h));

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
