/* SPDX-License-Identifier: Apache-2.0 */
/* event_private.h - internals of an event, for the files that make events or copy them. */
#ifndef PIAUDIT_EVENT_PRIVATE_H
#define PIAUDIT_EVENT_PRIVATE_H

#include "event.h"

/*
 * Returns a zeroed place for the value. Without room it returns the event's scratch place and sets
 * its error.
 */
struct event_item *event_add(struct event *e, const char *name, enum field_type type);
/* @name and @text are borrowed. */
void event_add_text(struct event *e, const char *name, const char *text);
void event_add_number(struct event *e, const char *name, uint64_t number);
void event_add_time(struct event *e, const char *name, uint64_t ns);
void event_remove(struct event *e, const struct event_item *item);

enum severity event_cell_severity(const struct cell *cell);

/*
 * Returns a copy that lives as long as the event. Without memory it returns "" and sets the event's
 * error.
 */
const char *event_keep(struct event *e, const char *text, size_t len);

#endif
