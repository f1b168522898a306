/* SPDX-License-Identifier: Apache-2.0 */
/* jsonl.c - JSON Lines for machines: schema piaudit.event/1; fields are added, never renamed. */
#include "sink.h"

#include <string.h>
#include <sys/wait.h>

#include <piaudit/auto.h>

#include "daemon/field.h"
#include "daemon/json.h"
#include "daemon/report/overview.h"

static void line(struct json *j, const struct sink *sink, const char *type)
{
	*j = (struct json){ .out = sink->out, .error = sink->error };
	json_object(j, NULL);
	json_string(j, "schema", "piaudit.event/1");
	json_string(j, "type", type);
}

static int line_end(struct json *j)
{
	json_close(j);
	return json_end(j);
}

static void put_app(struct json *j, const struct sink *sink)
{
	if (sink->app)
		json_string(j, "app", sink->app);
}

static void put_set(struct json *j, const char *key, const struct policy *policy,
		    const struct scenario_set *set)
{
	json_array(j, key);
	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		if (scenario_set_has(set, (unsigned int)i))
			json_string(j, NULL, policy_scenario(policy, i)->id);
	json_close(j);
}

static void put_text(struct json *j, const char *key, const struct policy *policy,
		     const struct field_value *v)
{
	(void)policy;
	json_string(j, key, v->text);
}

static void put_bytes(struct json *j, const char *key, const struct policy *policy,
		      const struct field_value *v)
{
	char hex[64];

	put_text(j, key, policy, v);
	if (!v->text || json_utf8_all(v->text))
		return;
	snprintf(hex, sizeof(hex), "%s_hex", key);
	json_hex(j, hex, v->text);
}

static void put_number(struct json *j, const char *key, const struct policy *policy,
		       const struct field_value *v)
{
	(void)policy;
	json_number(j, key, v->number);
}

static void put_bool(struct json *j, const char *key, const struct policy *policy,
		     const struct field_value *v)
{
	(void)policy;
	json_bool(j, key, v->number);
}

static void put_time(struct json *j, const char *key, const struct policy *policy,
		     const struct field_value *v)
{
	(void)policy;
	json_time(j, key, v->number);
}

static void put_scenarios(struct json *j, const char *key, const struct policy *policy,
			  const struct field_value *v)
{
	put_set(j, key, policy, v->set);
}

static void (*const put_type[])(struct json *, const char *, const struct policy *,
				const struct field_value *) = {
	[FIELD_TEXT] = put_text, [FIELD_BYTES] = put_bytes, [FIELD_NUMBER] = put_number,
	[FIELD_BOOL] = put_bool, [FIELD_TIME] = put_time,   [FIELD_SCENARIOS] = put_scenarios,
};
_Static_assert(ARRAY_SIZE(put_type) == FIELD_TYPE_MAX, "a type of field that is not written");

static void put_field(struct json *j, const struct policy *policy, const struct field *f,
		      const struct access *a)
{
	const char *dot = strchr(f->name, '.');
	struct field_value v;

	f->get(a, &v);
	put_type[f->type](j, dot ? dot + 1 : f->name, policy, &v);
}

static int json_access(struct sink *sink, const struct access *a)
{
	const char *inside = ""; /* the object that the fields stand in */
	size_t inside_len = 0;
	struct json j;

	if (sink->quiet)
		return 0;
	line(&j, sink, "access");
	for (size_t i = 0; i < field_count; i++) {
		const char *dot = strchr(fields[i].name, '.');
		size_t len = dot ? (size_t)(dot - fields[i].name) : 0;

		if (len != inside_len || memcmp(inside, fields[i].name, len)) {
			char key[32];

			if (inside_len)
				json_close(&j);
			snprintf(key, sizeof(key), "%.*s", (int)len, fields[i].name);
			if (len)
				json_object(&j, key);
			inside = fields[i].name;
			inside_len = len;
		}
		put_field(&j, sink->policy, &fields[i], a);
	}
	return line_end(&j);
}

static int json_loss(struct sink *sink, const struct loss *loss, uint64_t from, uint64_t until)
{
	struct json j;

	if (sink->quiet)
		return 0;
	line(&j, sink, "loss");
	json_time(&j, "time", until);
	put_app(&j, sink);
	json_time(&j, "from", from);
	json_time(&j, "until", until);
	json_object(&j, "lost");
	for (size_t i = 0; i < PIA_OP_MAX; i++)
		if (class_word[i] && loss->lost[i])
			json_number(&j, class_word[i], loss->lost[i]);
	json_close(&j);
	return line_end(&j);
}

static int json_status(struct sink *sink, const struct status *status)
{
	struct json j;

	if (sink->quiet)
		return 0;
	line(&j, sink, "status");
	json_time(&j, "time", status->time);
	put_app(&j, sink);
	json_string(&j, "state", status->state);
	json_string(&j, "text", status->text);
	return line_end(&j);
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

static void put_table(struct json *j, const struct summary *s)
{
	json_array(j, "table");
	for (size_t i = 0; i < s->cell_count; i++) {
		const struct cell *cell = &s->cells[i];

		json_object(j, NULL);
		put_set(j, "scenario", s->policy, &cell->scenarios);
		json_string(j, "category", cell->category->id);
		json_bool(j, "declared", overview_declared(s->policy, cell));
		json_string(j, "verdict", verdict_word[cell->verdict]);
		json_bool(j, "finding", cell->finding);
		json_string(j, "exception", cell->exception);
		json_number(j, "count", cell->count);
		json_close(j);
	}
	json_close(j);
}

static void put_exceptions(struct json *j, const struct summary *s)
{
	json_array(j, "exceptions");
	for (size_t i = 0; i < policy_exception_count(s->policy); i++) {
		const struct exception *e = policy_exception(s->policy, i);
		uint64_t count = overview_excused(s, e);

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

static void put_target(struct json *j, int status)
{
	if (status == -1) {
		json_null(j, "target");
		return;
	}
	json_object(j, "target");
	if (WIFEXITED(status))
		json_number(j, "exit", (uint64_t)WEXITSTATUS(status));
	else
		json_number(j, "signal", (uint64_t)WTERMSIG(status));
	json_close(j);
}

static void put_strings(struct json *j, const char *key, const char *const *strings)
{
	json_array(j, key);
	for (size_t i = 0; strings && strings[i]; i++)
		json_string(j, NULL, strings[i]);
	json_close(j);
}

static int json_summary(struct sink *sink, const struct summary *s)
{
	struct json j;

	line(&j, sink, "summary");
	json_time(&j, "time", s->ended);
	json_string(&j, "app", s->app);
	json_string(&j, "policy", policy_id(s->policy));
	put_set(&j, "scenario", s->policy, &s->scenarios);
	json_time(&j, "started", s->started);
	json_time(&j, "ended", s->ended);
	json_number(&j, "events", s->events);
	json_number(&j, "lost", s->lost);
	json_number(&j, "malformed", s->malformed);
	json_number(&j, "undecoded", s->undecoded);
	put_counts(&j, s);
	json_bool(&j, "whole", !s->hole);
	put_strings(&j, "probes_missing", s->probes_missing);
	if (s->not_seen)
		put_strings(&j, "not_seen", s->not_seen);
	else
		json_string(&j, "not_seen", NULL);
	json_number(&j, "processes", s->processes);
	json_number(&j, "findings", s->findings);
	json_number(&j, "finding_kinds", s->finding_kinds);
	json_object(&j, "verdicts");
	for (size_t i = 0; i < VERDICT_MAX; i++)
		json_number(&j, verdict_word[i], s->verdicts[i]);
	json_close(&j);
	put_table(&j, s);
	put_exceptions(&j, s);
	json_string(&j, "stopped", ending_word[s->ending]);
	put_target(&j, s->target_status);
	json_number(&j, "exit", (uint64_t)s->exit);
	return line_end(&j);
}

extern const struct sink_ops sink_json;
const struct sink_ops sink_json = { .name = "json",
				    .access = json_access,
				    .loss = json_loss,
				    .status = json_status,
				    .summary = json_summary };
