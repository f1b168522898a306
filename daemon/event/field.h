/* SPDX-License-Identifier: Apache-2.0 */
/* field.h - the fields of an access: one table for every sink, printed by `list fields`. */
#ifndef PIAUDIT_FIELD_H
#define PIAUDIT_FIELD_H

#include <piaudit/access.h>
#include <piaudit/event.h>
#include <piaudit/summary.h>

#include "policy/policy.h"

enum field_type {
	FIELD_TEXT,  /* text, or NULL */
	FIELD_BYTES, /* text from a program; if it is no UTF-8, NAME_hex has the bytes */
	FIELD_NUMBER,
	FIELD_BOOL,      /* number */
	FIELD_TIME,      /* number: ns since the epoch */
	FIELD_SCENARIOS, /* set */
	FIELD_TYPE_MAX
};

/* The person or thing that a value identifies. A profile decides by it (daemon/event/profile.h). */
enum tells {
	TELLS_NOBODY,
	TELLS_USER, /* number or name of a user */
	TELLS_HOST,
	TELLS_MACHINE, /* no name, but the same value in all events of one machine */
	TELLS_PROCESS, /* identifies the process */
	TELLS_FILE,    /* a path, or text that can hold one */
	TELLS_UNKNOWN  /* meaning not known in this version */
};

#define FIELD_BUF_MAX 4096 /* a rule's file (PATH_MAX) and line; longer is cut */

/* Borrowed from the access and the policy, or in buf. */
struct field_value {
	const char *text;
	uint64_t number;
	const struct scenario_set *set;
	char buf[FIELD_BUF_MAX];
};

/* "process.pid" is pid in the object process. Fields of one object are neighbours in the table. */
struct field {
	const char *name;
	enum field_type type;
	const char *doc;
	void (*get)(const struct access *a, struct field_value *out);
	enum tells tells;
};

extern const struct field fields[];
extern const size_t field_count;
extern const char *const field_type_word[FIELD_TYPE_MAX];

/* A key of a JSON line that is not a field of an access. */
struct line_key {
	const char *line; /* type of the line; "all" */
	const char *name, *type, *doc;
	enum tells tells;
};

extern const struct line_key line_keys[];
extern const size_t line_key_count;

/* Takes the key of any line, known or not. */
enum tells field_tells(const char *name);

/*
 * Writes the ids of @set with commas, in the statement's order. Ids that do not fit are left out.
 * Returns @buf.
 */
const char *field_ids(char buf[FIELD_BUF_MAX], const struct policy *policy,
		      const struct scenario_set *set);

#endif
