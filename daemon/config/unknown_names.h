/* SPDX-License-Identifier: Apache-2.0 */
/* unknown_names.h - the unknown names of a list on the command line, reported in one line. */
#ifndef PIAUDIT_UNKNOWN_NAMES_H
#define PIAUDIT_UNKNOWN_NAMES_H

#include "policy/suggest.h"

#define UNKNOWN_NAMES_MAX 6 /* in one line; the rest is only counted */

/* Zero at start, except for the texts. Names are borrowed until they are reported. */
struct unknown_names {
	const char *kind; /* "scenario" */
	const char *in;   /* the file without them, or NULL */
	const char *see;  /* the command that lists the known names, or NULL */
	struct {
		const char *name, *near;
	} list[UNKNOWN_NAMES_MAX];
	size_t count;        /* of all */
	struct suggest last; /* of the last name */
};

/* Adds the word of @guess, which has been offered all known names. */
void unknown_names_add(struct unknown_names *unknown, const struct suggest *guess);
/* Returns 0 if there is no name, else -EINVAL, logged. */
int unknown_names_report(struct unknown_names *unknown);

#endif
