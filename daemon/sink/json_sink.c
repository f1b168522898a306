/* SPDX-License-Identifier: Apache-2.0 */
/* json_sink.c - JSON Lines in the schema piaudit.event/1: fields are added, never renamed. */
#include "encoded_sink.h"

#include <piaudit/auto.h>

#include "daemon/encode/encode_private.h"
#include "daemon/event/summary_cells.h"
#include "daemon/record/op_names.h"

static void put_set(struct json *j, const char *key, const struct policy *policy,
		    const struct scenario_set *set)
{
	json_array(j, key);
	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		if (scenario_set_has(set, (unsigned int)i))
			json_string(j, NULL, policy_scenario(policy, i)->id);
	json_close(j);
}

static void put_counts(struct json *j, const struct summary *s)
{
	json_object(j, "counts");
	for (size_t i = 0; i < PIA_OP_MAX; i++) {
		if (!class_word[i])
			continue;
		json_object(j, class_word[i]);
		json_number(j, "made", s->counts[i].made);
		json_number(j, "delivered", s->delivered[i]);
		json_number(j, "lost", s->counts[i].lost);
		json_close(j);
	}
	json_close(j);
}

static void json_sink_put_table(struct json *j, const struct summary *s)
{
	json_array(j, "table");
	for (size_t i = 0; i < s->cell_count; i++) {
		const struct cell *cell = &s->cells[i];

		json_object(j, NULL);
		put_set(j, "scenario", s->policy, &cell->scenarios);
		json_string(j, "category", cell->category->id);
		json_bool(j, "declared", summary_declared(s->policy, cell));
		json_string(j, "verdict", verdict_word[cell->verdict]);
		json_bool(j, "finding", cell->finding);
		json_string(j, "exception", cell->exception);
		json_number(j, "count", cell->count);
		json_bool(j, "obtained", cell->obtained);
		json_number(j, "informational", cell->info);
		json_string(j, "severity", severity_word[event_cell_severity(cell)]);
		json_close(j);
	}
	json_close(j);
}

static void json_sink_put_exceptions(struct json *j, const struct summary *s)
{
	json_array(j, "exceptions");
	for (size_t i = 0; i < policy_exception_count(s->policy); i++) {
		const struct exception *e = policy_exception(s->policy, i);
		uint64_t count = summary_excused(s, e);

		if (!count)
			continue;
		json_object(j, NULL);
		json_string(j, "id", e->id);
		json_string(j, "reason", e->reason);
		json_string(j, "owner", e->owner);
		json_number(j, "count", count);
		json_close(j);
	}
	json_close(j);
}

static void put_texts(struct json *j, const char *name, const char *const *texts)
{
	if (!texts) {
		json_null(j, name);
		return;
	}
	json_array(j, name);
	for (size_t i = 0; texts[i]; i++)
		json_string(j, NULL, texts[i]);
	json_close(j);
}

/* The event has the values, and the line also has the tables. */
static int json_summary(struct sink *sink, const struct summary *s)
{
	AUTO(event_free) struct event e = { 0 };
	struct json j = { .out = sink->out, .error = sink->error };
	int err = event_of_summary(&e, s, sink->stamp);

	if (!err && sink->profile != PROFILE_FULL)
		err = event_profile(&e, sink->profile, sink->profile_key);
	if (err)
		return err;
	/*
	 * In an event these texts have lost their commas. Here they are arrays of the original
	 * texts.
	 */
	event_remove(&e, event_item(&e, "not_seen"));
	if (event_item(&e, "probes_refused"))
		event_remove(&e, event_item(&e, "probes_refused"));
	json_object(&j, NULL);
	json_string(&j, "schema", "piaudit.event/1");
	json_string(&j, "type", event_type_word[EVENT_SUMMARY]);
	put_items(&j, &e);
	if (s->probes_refused && s->probes_refused[0])
		put_texts(&j, "probes_refused", s->probes_refused);
	put_texts(&j, "not_seen", s->not_seen);
	put_counts(&j, s);
	json_sink_put_table(&j, s);
	json_sink_put_exceptions(&j, s);
	json_close(&j);
	return json_end(&j);
}

extern const struct sink_ops sink_json;
const struct sink_ops sink_json = { .name = "json",
				    .stamped = true,
				    .access = encoded_sink_access,
				    .loss = encoded_sink_loss,
				    .status = encoded_sink_status,
				    .summary = json_summary };
