/* SPDX-License-Identifier: Apache-2.0 */
/* event_class.c - the class of an event, and the items derived from its values. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "daemon/event/finding.h"
#include "encode_private.h"

#define SENTENCE_MAX 1024

const struct event_class_words event_class_words[EVENT_CLASS_MAX] = {
	[EVENT_CLASS_FINDING] = { "finding",
				  "Access to personal data beyond the privacy statement" },
	[EVENT_CLASS_ACCESS] = { "access", "Access to personal data" },
	[EVENT_CLASS_LOSS] = { "loss", "Events of an audit lost" },
	[EVENT_CLASS_HEALTH] = { "health", "State of an audit" },
	[EVENT_CLASS_SUMMARY] = { "summary", "Result of an audit" },
	[EVENT_CLASS_CONFORMITY] = { "conformity", "A kind of personal data in a scenario" },
};

enum event_class event_class_of(const struct event *e)
{
	static const enum event_class of[EVENT_TYPE_MAX] = {
		[EVENT_ACCESS] = EVENT_CLASS_ACCESS,   [EVENT_LOSS] = EVENT_CLASS_LOSS,
		[EVENT_STATUS] = EVENT_CLASS_HEALTH,   [EVENT_SUMMARY] = EVENT_CLASS_SUMMARY,
		[EVENT_CELL] = EVENT_CLASS_CONFORMITY,
	};

	return e->type == EVENT_ACCESS && event_number(e, "finding") ? EVENT_CLASS_FINDING
								     : of[e->type];
}

static const char *event_class_or_else(const struct event *e, const char *name,
				       const char *otherwise)
{
	const char *text = event_text(e, name);

	return text && *text ? text : otherwise;
}

/* The sum of all losses. */
static uint64_t lost(const struct event *e)
{
	uint64_t n = 0;

	for (size_t i = 0; i < e->count; i++)
		if (!strncmp(e->items[i].name, "lost.", 5))
			n += e->items[i].number;
	return n;
}

static int event_class_say(char *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static int event_class_say(char *buf, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(buf, SENTENCE_MAX, format, args);
	va_end(args);
	return len;
}

enum outcome event_outcome(const struct event *e)
{
	enum grade grade = grade_find(event_text(e, "grade") ?: "");

	if (grade_obtained(grade))
		return OUTCOME_OBTAINED;
	return grade == GRADE_ATTEMPTED ? OUTCOME_REFUSED : OUTCOME_UNKNOWN;
}

static const char *const verbs[OUTCOME_MAX] = {
	[OUTCOME_UNKNOWN] = "asks for",
	[OUTCOME_OBTAINED] = "reads",
	[OUTCOME_REFUSED] = "tries to read",
};

static int say_access(const struct event *e, char *buf)
{
	return event_class_say(
		buf, "%.64s %s %.64s: %.600s",
		event_class_or_else(e, "process.comm", event_class_or_else(e, "app", "a program")),
		verbs[event_outcome(e)], event_class_or_else(e, "category", "?"),
		event_class_or_else(e, "reason", event_class_or_else(e, "verdict", "?")));
}

static int say_loss(const struct event *e, char *buf)
{
	return event_class_say(
		buf, "%" PRIu64 " events of %.64s were lost; reads in that time are not known",
		lost(e), event_class_or_else(e, "app", "the audit"));
}

static int say_status(const struct event *e, char *buf)
{
	return event_class_say(buf, "%.64s: %.900s", event_class_or_else(e, "state", "state"),
			       event_class_or_else(e, "text", ""));
}

/* Events of older versions do not have the field. */
static bool obtained_nothing(const struct event *e, const char *name)
{
	const struct event_item *item = event_item(e, name);

	return item && !item->number;
}

/* Events of older versions, as in a spool, have only the number of kinds. */
static uint64_t finding_count(const struct event *e)
{
	return event_number(e, event_item(e, "finding_count") ? "finding_count" : "finding_kinds");
}

static int say_summary(const struct event *e, char *buf)
{
	char text[FINDING_TEXT_MAX];

	return event_class_say(buf, "%.64s: %s in %" PRIu64 " events, %" PRIu64 " lost%s",
			       event_class_or_else(e, "app", "the audit"),
			       finding_text(text, finding_count(e), event_number(e, "findings")),
			       event_number(e, "events"), event_number(e, "lost"),
			       obtained_nothing(e, "accesses.obtained") ? "; nothing was seen"
									: "");
}

static int say_cell(const struct event *e, char *buf)
{
	return event_class_say(buf, "%.64s in %.200s: %.32s, %" PRIu64 " times%s",
			       event_class_or_else(e, "category", "?"),
			       event_class_or_else(e, "scenario", "any scenario"),
			       event_class_or_else(e, "verdict", "?"), event_number(e, "count"),
			       obtained_nothing(e, "obtained") ? ", nothing obtained" : "");
}

static int (*const sentences[EVENT_TYPE_MAX])(const struct event *, char *) = {
	[EVENT_ACCESS] = say_access,   [EVENT_LOSS] = say_loss, [EVENT_STATUS] = say_status,
	[EVENT_SUMMARY] = say_summary, [EVENT_CELL] = say_cell,
};

/* True if objects of this kind of source are paths. */
static bool is_file(const char *kind)
{
	static const enum source_kind files[] = { SOURCE_FILE, SOURCE_DIRECTORY, SOURCE_PROCESS,
						  SOURCE_DEVICE };

	for (size_t i = 0; kind && i < sizeof(files) / sizeof(*files); i++)
		if (!strcmp(kind, source_kind_word[files[i]]))
			return true;
	return false;
}

static void derive_path(struct event *e, const char *path)
{
	const char *slash = strrchr(path, '/');

	event_add(e, ":path", FIELD_BYTES)->text = path;
	event_add(e, ":name", FIELD_BYTES)->text = slash && slash[1] ? slash + 1 : path;
	if (slash > path)
		event_add(e, ":directory", FIELD_BYTES)->text =
			event_keep(e, path, (size_t)(slash - path));
}

void event_derive(struct event *e)
{
	const char *exe = event_text(e, "process.exe"), *object = event_text(e, "object");
	char text[SENTENCE_MAX];
	int len = sentences[e->type](e, text);

	event_add_text(e, ":message",
		       event_keep(e, text, len < SENTENCE_MAX ? (size_t)len : SENTENCE_MAX - 1));
	event_add_text(
		e, ":host",
		event_class_or_else(e, "host", event_class_or_else(e, "machine", "unknown")));
	event_add_text(e, ":machine", event_class_or_else(e, "machine", event_text(e, ":host")));
	if (exe && *exe)
		event_add(e, ":exe", FIELD_BYTES)->text = strrchr(exe, '/') ? strrchr(exe, '/') + 1
									    : exe;
	if (object && *object == '/' && is_file(event_text(e, "kind")))
		derive_path(e, object);
}
