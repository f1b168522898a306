/* SPDX-License-Identifier: Apache-2.0 */
/* words.c - the words of statements and judgements, as files and outputs spell them. */
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "policy.h"

const char *const verdict_word[] = {
	[VERDICT_DECLARED] = "declared",
	[VERDICT_UNDECLARED] = "undeclared",
	[VERDICT_OUT_OF_SCENARIO] = "out_of_scenario",
	[VERDICT_WRONG_METHOD] = "wrong_method",
	[VERDICT_OVER_RETENTION] = "over_retention",
	[VERDICT_INCONCLUSIVE] = "inconclusive",
};

const char *const grade_word[] = {
	[GRADE_DIRECT] = "direct",       [GRADE_EXPOSED] = "exposed", [GRADE_PROBE] = "probe",
	[GRADE_ATTEMPTED] = "attempted", [GRADE_AMBIENT] = "ambient",
};

const char *const disposition_word[] = {
	[DISPOSITION_ACCESSED] = "accessed",
	[DISPOSITION_STORED] = "stored",
	[DISPOSITION_TRANSMITTED] = "transmitted",
};

const char *const role_word[] = {
	[ROLE_CONTROLLER] = "controller",
	[ROLE_PROCESSOR] = "processor",
};

const char *const method_word[] = {
	[METHOD_USER] = "user",
	[METHOD_APP] = "app",
	[METHOD_ORG] = "org",
	[METHOD_PROVIDER] = "provider",
};

const char *const limit_word[] = {
	[LIMIT_NONE] = "none",           [LIMIT_TRANSIENT] = "transient",
	[LIMIT_READ_ONLY] = "read_only", [LIMIT_AUTH_ONLY] = "auth_only",
	[LIMIT_LATEST] = "latest",
};

#define FULL(words, max) _Static_assert(ARRAY_SIZE(words) == (max), "a row without a word: " #words)
FULL(verdict_word, VERDICT_MAX);
FULL(grade_word, GRADE_MAX);
FULL(disposition_word, DISPOSITION_MAX);
FULL(role_word, ROLE_MAX);
FULL(method_word, METHOD_MAX);
FULL(limit_word, LIMIT_MAX);

enum grade grade_find(const char *word)
{
	enum grade g = GRADE_DIRECT;

	while (g < GRADE_MAX && strcmp(grade_word[g], word))
		g++;
	return g;
}

const char *scenario_methods(char buf[METHODS_TEXT_MAX], const struct scenario *s)
{
	size_t used = 0;

	buf[0] = 0;
	for (size_t m = 0; m < METHOD_MAX; m++)
		if (s->methods >> m & 1)
			used += (size_t)snprintf(buf + used, METHODS_TEXT_MAX - used, "%s%s",
						 used ? ", " : "", method_word[m]);
	return buf;
}

const char *declaration_limit(char buf[LIMIT_TEXT_MAX], const struct declaration *d)
{
	if (d->limit == LIMIT_NONE)
		return NULL;
	if (d->limit == LIMIT_LATEST)
		snprintf(buf, LIMIT_TEXT_MAX, "%s:%u", limit_word[d->limit], d->latest);
	else
		snprintf(buf, LIMIT_TEXT_MAX, "%s", limit_word[d->limit]);
	return buf;
}
