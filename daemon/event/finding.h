/* SPDX-License-Identifier: Apache-2.0 */
/* finding.h - one finding: its identity by content, its fingerprint, and its count as text. */
#ifndef PIAUDIT_FINDING_H
#define PIAUDIT_FINDING_H

#include <piaudit/access.h>

/*
 * A finding is one app that takes one category from one source. It has one statement, one verdict
 * and one set of scenarios. Accesses that agree in all of it are one finding. The executable, the
 * process, the object, times and counts are its evidence. `run`, `search` and `report` count by
 * this key, and by no other.
 */
struct finding_key {
	const char *statement; /* id, not version */
	const char *app, *category, *source, *disposition, *verdict;
	const char *grade; /* only its class matters: obtained (direct, exposed) or not_obtained */
	const char *scenarios; /* ids with commas, in any order; "" = not known */
};

#define FINDING_PRINT_MAX 17 /* 16 hex digits and the NUL */

/*
 * The fingerprint is the first 8 bytes of a SHA-256. It hashes these texts, each with a NUL byte
 * behind it: "piaudit.finding/1", statement, app, category, source, class of the grade,
 * disposition, verdict, ids of the scenarios. The ids are in the order of their bytes. The same
 * finding has the same fingerprint in every history, report and version of the statement.
 */
void finding_print(const struct finding_key *key, char out[FINDING_PRINT_MAX]);

/* A set of findings, in the order in which they were added. */
struct findings;

struct finding_entry {
	char print[FINDING_PRINT_MAX];
	uint64_t accesses;
	void *what; /* set by the caller; NULL in a new entry */
	struct finding_entry *next;
};

int findings_open(struct findings **out);        /* -ENOMEM */
void findings_close(struct findings **findings); /* NULL-safe, sets *findings to NULL */

/* Adds @count accesses to an entry and returns it. NULL without memory. */
struct finding_entry *findings_add(struct findings *findings, const char *print, uint64_t count);
/*
 * The same for a finding or an inconclusive access of one audit. Its policy and app must live as
 * long as the set.
 */
struct finding_entry *findings_access(struct findings *findings, const struct access *a);
struct finding_entry *findings_find(struct findings *findings, const char *print); /* or NULL */
struct finding_entry *findings_first(struct findings *findings);
uint64_t findings_count(const struct findings *findings);

#define FINDING_TEXT_MAX 80

/* "2 findings (5 accesses)". Returns @buf. */
const char *finding_text(char buf[FINDING_TEXT_MAX], uint64_t findings, uint64_t accesses);

#endif
