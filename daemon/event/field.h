/* SPDX-License-Identifier: Apache-2.0 */
/* field.h - what there is to say of an access: one table, which every sink walks and `list fields` prints. */
#ifndef PIAUDIT_FIELD_H
#define PIAUDIT_FIELD_H

#include <piaudit/access.h>
#include <piaudit/event.h>
#include <piaudit/summary.h>

#include "policy/policy.h"

enum field_type {
	FIELD_TEXT, /* text, or NULL */
	FIELD_BYTES, /* text as a program gave it: may be no UTF-8, then NAME_hex has the bytes too */
	FIELD_NUMBER,
	FIELD_BOOL,      /* number */
	FIELD_TIME,      /* number: ns since the epoch */
	FIELD_SCENARIOS, /* set */
	FIELD_TYPE_MAX
};

/* Whom a value tells of: what a profile does with it (daemon/encode/encode.h). */
enum tells {
	TELLS_NOBODY,
	TELLS_USER, /* a number or name of one */
	TELLS_HOST,
	TELLS_MACHINE, /* no name, but the same of all that one machine tells */
	TELLS_PROCESS, /* what runs there */
	TELLS_FILE,    /* a path, or text that can hold one */
	TELLS_UNKNOWN  /* nobody here knows what it means */
};

#define FIELD_BUF_MAX 4096 /* a rule's file (PATH_MAX) and line; longer is cut */

/* Borrowed from the access and the policy, or in buf. */
struct field_value {
	const char *text;
	uint64_t number;
	const struct scenario_set *set;
	char buf[FIELD_BUF_MAX];
};

/* "process.pid" is pid in the object process; such fields stand together. */
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

/* Of a key of any line, however it is called. */
enum tells field_tells(const char *name);

/* The ids of @set with commas, in the statement's order, as many as fit whole. Returns @buf. */
const char *field_ids(char buf[FIELD_BUF_MAX], const struct policy *policy,
		      const struct scenario_set *set);

#endif
