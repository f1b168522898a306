/* SPDX-License-Identifier: Apache-2.0 */
/* event_private.h - an event from inside: for what makes one, or another one of it. */
#ifndef PIAUDIT_EVENT_PRIVATE_H
#define PIAUDIT_EVENT_PRIVATE_H

#include "event.h"

/* A place for the value, which is zero; where there is none left, one that nobody reads, and the event's error. */
struct event_item *event_add(struct event *e, const char *name, enum field_type type);
/* @name and @text are borrowed. */
void event_add_text(struct event *e, const char *name, const char *text);
void event_add_number(struct event *e, const char *name, uint64_t number);
void event_add_time(struct event *e, const char *name, uint64_t ns);
void event_remove(struct event *e, const struct event_item *item);

enum severity event_cell_severity(const struct cell *cell);

/* A copy that lives as long as the event; "" and the event's error where there is no memory. */
const char *event_keep(struct event *e, const char *text, size_t len);

#endif
