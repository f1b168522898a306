/* SPDX-License-Identifier: Apache-2.0 */
/* option_values.c - options with a fixed set of values. */
#include "option_values.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "options.h"
#include "policy/policy.h"
#include "verb.h"

static const char *const colour_word[COLOUR_MAX] = { "auto", "always", "never" };

static unsigned int formats(const struct verb *verb)
{
	/* Only a statement can be YAML. Only the history has tables and pages. */
	static const unsigned int verbs[FORMAT_MAX] = {
		[FORMAT_TEXT] = ~0u,         [FORMAT_JSON] = ~0u,
		[FORMAT_YAML] = VERB_POLICY, [FORMAT_CSV] = VERB_SEARCH | VERB_REPORT,
		[FORMAT_HTML] = VERB_REPORT,
	};
	unsigned int taken = 0;

	for (int i = 0; i < FORMAT_MAX; i++) {
		unsigned int by = i < FORMAT_ECS ? verbs[i] : VERB_RUN | VERB_PID | VERB_REPLAY;

		taken |= by & verb->bit ? 1u << i : 0;
	}
	return taken;
}

static unsigned int colours(const struct verb *verb)
{
	(void)verb;
	return (1u << COLOUR_MAX) - 1;
}

static unsigned int profiles(const struct verb *verb)
{
	(void)verb;
	return (1u << PROFILE_MAX) - 1;
}

static unsigned int findings(const struct verb *verb)
{
	(void)verb;
	return FAIL_ON_DEFAULT;
}

static unsigned int verdicts(const struct verb *verb)
{
	(void)verb;
	return (1u << VERDICT_MAX) - 1;
}

static const struct option_values table[] = {
	{ "format", format_word, formats, NULL },    { "profile", profile_word, profiles, NULL },
	{ "color", colour_word, colours, NULL },     { "fail-on", verdict_word, findings, "none" },
	{ "verdict", verdict_word, verdicts, NULL },
};

const struct option_values *option_values_of(const char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (!strcmp(table[i].option, option))
			return &table[i];
	return NULL;
}

int option_value(const struct verb *verb, const char *option, const char *text)
{
	const struct option_values *w = option_values_of(option);
	unsigned int taken = w ? w->taken(verb) : 0;
	char known[256] = "";
	size_t used = 0;

	for (int i = 0; taken >> i; i++) {
		if (!(taken >> i & 1))
			continue;
		if (!strcmp(w->words[i], text))
			return i;
		if (used < sizeof(known))
			used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s",
						 used ? ", " : "", w->words[i]);
	}
	return log_err(0, "--%s %s: not one of %s", option, text, known), -EINVAL;
}
