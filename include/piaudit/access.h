/* SPDX-License-Identifier: Apache-2.0 */
/* access.h - one observation: the read, its process, the grade of the evidence, and the verdict. */
#ifndef PIAUDIT_ACCESS_H
#define PIAUDIT_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SCENARIO_MAX 256 /* scenarios in one statement; ten times the largest we have seen */
#define REASON_MAX   512 /* bytes of the sentence that explains a verdict, NUL included */

/* How strong the evidence is. */
enum grade {
	GRADE_DIRECT,    /* the program asked for this data */
	GRADE_EXPOSED,   /* the reply contained the data, although the program asked for less */
	GRADE_PROBE,     /* the program asked only whether the data exists */
	GRADE_ATTEMPTED, /* the kernel refused it */
	GRADE_AMBIENT,   /* a C library or runtime does it for every program */
	GRADE_MAX
};

/* True if the audited program obtained the data. Only such an access is called observed. */
static inline bool grade_obtained(enum grade grade)
{
	return grade == GRADE_DIRECT || grade == GRADE_EXPOSED;
}

/* How far the data got. */
enum disposition {
	DISPOSITION_ACCESSED,
	DISPOSITION_STORED,
	DISPOSITION_TRANSMITTED,
	DISPOSITION_MAX
};

enum verdict {
	VERDICT_DECLARED,
	VERDICT_UNDECLARED,
	VERDICT_OUT_OF_SCENARIO,
	VERDICT_WRONG_METHOD,
	VERDICT_OVER_RETENTION,
	VERDICT_INCONCLUSIVE,
	VERDICT_MAX
};

/*
 * Gaps: something was missing when the access was seen. Each gap removes only the claims that
 * depend on it (gap_hides in policy/judge.c). No gap removes the claim that no rule declares the
 * access.
 */
#define GAP_LOST     0x1u  /* events were lost around it */
#define GAP_PROBE    0x2u  /* a probe that should have seen its surroundings is not attached */
#define GAP_LATE     0x4u  /* it happened before the audit joined, so its scenario is unknown */
#define GAP_SCENARIO 0x08u /* the active scenarios are unknown */
#define GAP_OTHERS   0x10u /* other scenarios may have been active too */

/* A set of scenarios of one statement, by index. Empty: none is known ("any"). */
struct scenario_set {
	uint64_t bits[SCENARIO_MAX / 64];
};

struct category; /* policy/catalog.h */
struct source;   /* policy/catalog.h */
struct policy;   /* policy/policy.h */

/* The verdict of the policy on an access, and the reason. All pointers are borrowed from the policy
 * and live as long as it. */
struct judgement {
	enum verdict verdict;
	bool finding;                    /* counts for the exit code: see policy.h */
	bool doubt;                      /* inconclusive, with a grade that would count */
	const char *via;                 /* the parent category or group that covers it, or NULL */
	const char *exception;           /* id of the exception that excused it, or NULL */
	struct scenario_set declared_in; /* scenarios that declare it, by any method */
	const char *rule_file; /* the row that decided: file and line; NULL and 0 for none */
	int rule_line;
	char reason[REASON_MAX]; /* one sentence, no final full stop */
};

/* Strings are borrowed. Code that keeps an access beyond the call copies them. */
struct access {
	uint64_t time;  /* ns since the epoch, UTC */
	uint64_t event; /* number of the event within this audit; accesses of one read share it */
	uint64_t count; /* number of equal accesses that this one stands for, from 1 */
	const char *app;
	pid_t pid, tid;
	uid_t uid;
	const char *exe; /* "" if unknown */
	const char *comm;
	const struct category *category;
	const struct source *source; /* NULL only in a policy test */
	const char *object;          /* path, device, request */
	bool again;                  /* stands for repeats of an access that was already reported */
	bool folded;                 /* also stands for reads of other objects */
	enum disposition disposition;
	enum grade grade;
	unsigned int gaps;             /* GAP_* */
	struct scenario_set scenarios; /* active ones; empty = unknown */
	const struct policy *policy;   /* the policy that judged it; NULL in a policy test */
	struct judgement judgement;
};

static inline bool scenario_set_has(const struct scenario_set *s, unsigned int i)
{
	return s->bits[i / 64] >> (i % 64) & 1;
}

static inline void scenario_set_add(struct scenario_set *s, unsigned int i)
{
	s->bits[i / 64] |= 1ull << (i % 64);
}

static inline bool scenario_set_empty(const struct scenario_set *s)
{
	uint64_t any = 0;

	for (size_t i = 0; i < SCENARIO_MAX / 64; i++)
		any |= s->bits[i];
	return !any;
}

#endif
