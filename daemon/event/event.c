/* SPDX-License-Identifier: Apache-2.0 */
/* event.c - the names and values of an event: adds them, finds them, owns their texts. */
#include "event_private.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <piaudit/auto.h>

const char *const event_type_word[EVENT_TYPE_MAX] = { "access", "loss", "status", "summary",
						      "cell" };

/* A text that an event owns. */
struct event_kept {
	struct event_kept *next;
	char text[];
};

const char *event_keep(struct event *e, const char *text, size_t len)
{
	struct event_kept *kept = malloc(sizeof(*kept) + len + 1);

	if (!kept) {
		e->error = e->error ?: -ENOMEM;
		return "";
	}
	memcpy(kept->text, text, len);
	kept->text[len] = 0;
	kept->next = e->kept;
	e->kept = kept;
	return kept->text;
}

struct event_item *event_add(struct event *e, const char *name, enum field_type type)
{
	if (e->count == EVENT_ITEMS_MAX) {
		e->error = e->error ?: -E2BIG;
		e->scratch = (struct event_item){ .name = name, .type = type };
		return &e->scratch;
	}
	e->items[e->count] = (struct event_item){ .name = name, .type = type };
	return &e->items[e->count++];
}

void event_add_text(struct event *e, const char *name, const char *text)
{
	event_add(e, name, FIELD_TEXT)->text = text;
}

void event_add_number(struct event *e, const char *name, uint64_t number)
{
	event_add(e, name, FIELD_NUMBER)->number = number;
}

void event_add_time(struct event *e, const char *name, uint64_t ns)
{
	event_add(e, name, FIELD_TIME)->number = ns;
}

void event_remove(struct event *e, const struct event_item *item)
{
	size_t at = (size_t)(item - e->items);

	memmove(&e->items[at], &e->items[at + 1], (e->count - at - 1) * sizeof(*item));
	e->count--;
}

const struct event_item *event_item(const struct event *e, const char *name)
{
	for (size_t i = 0; i < e->count; i++)
		if (!strcmp(e->items[i].name, name))
			return &e->items[i];
	return NULL;
}

const char *event_text(const struct event *e, const char *name)
{
	const struct event_item *item = event_item(e, name);

	return item ? item->text : NULL;
}

uint64_t event_number(const struct event *e, const char *name)
{
	const struct event_item *item = event_item(e, name);

	return item ? item->number : 0;
}

bool event_notable(const struct event *e)
{
	const char *verdict = event_text(e, "verdict");

	return event_number(e, "finding") || e->severity >= SEVERITY_MEDIUM ||
	       (verdict && !strcmp(verdict, verdict_word[VERDICT_INCONCLUSIVE]));
}

void event_free(struct event *e)
{
	while (e->kept) {
		struct event_kept *next = e->kept->next;

		free(e->kept);
		e->kept = next;
	}
	*e = (struct event){ 0 };
}
