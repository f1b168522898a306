/* SPDX-License-Identifier: Apache-2.0 */
/* option_values.c - options with a fixed set of values. */
#include "option_values.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "options.h"
#include "policy/policy.h"
#include "unknown_names.h"
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
	{ "format", "format", format_word, FORMAT_MAX, formats, NULL, "piaudit list formats" },
	{ "profile", "profile", profile_word, PROFILE_MAX, profiles, NULL, NULL },
	{ "color", "value of --color", colour_word, COLOUR_MAX, colours, NULL, NULL },
	{ "fail-on", "verdict", verdict_word, VERDICT_MAX, findings, "none", NULL },
	{ "verdict", "verdict", verdict_word, VERDICT_MAX, verdicts, NULL, NULL },
};

const struct option_values *option_values_of(const char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (!strcmp(table[i].option, option))
			return &table[i];
	return NULL;
}

/* The index of @text among the words that @verb allows, or -1. All these are offered to @guess. */
static int value_find(const struct option_values *w, const struct verb *verb, const char *text,
		      struct suggest *guess)
{
	unsigned int taken = w->taken(verb);

	suggest_start(guess, text);
	for (int i = 0; taken >> i; i++) {
		if (!(taken >> i & 1))
			continue;
		if (!strcmp(w->words[i], text))
			return i;
		suggest_offer(guess, w->words[i]);
	}
	if (w->none)
		suggest_offer(guess, w->none);
	return -1;
}

/* Adds an unknown word. A known one, which is not allowed here, is reported: -EINVAL. */
static int value_refuse(const struct option_values *w, struct suggest *guess,
			struct unknown_names *unknown)
{
	for (size_t i = 0; i < w->word_count; i++)
		if (!strcmp(w->words[i], guess->word))
			return log_err(0, "invalid --%s \"%s\": %s", w->option, guess->word,
				       suggest_known(guess, w->see)),
			       -EINVAL;
	unknown_names_add(unknown, guess);
	return 0;
}

int option_value(const struct verb *verb, const char *option, const char *text)
{
	const struct option_values *w = option_values_of(option);
	struct unknown_names unknown = { .kind = w->kind, .see = w->see };
	struct suggest guess;
	int i = value_find(w, verb, text, &guess);

	if (i >= 0)
		return i;
	return value_refuse(w, &guess, &unknown) ?: unknown_names_report(&unknown);
}

int option_value_list(const struct verb *verb, const char *option, char *list, unsigned int *out)
{
	const struct option_values *w = option_values_of(option);
	struct unknown_names unknown = { .kind = w->kind, .see = w->see };
	struct suggest guess;
	int err = 0;

	*out = 0;
	if (w->none && !strcmp(list, w->none))
		return 0;
	for (char *one; !err && (one = strsep(&list, ","));) {
		int i = value_find(w, verb, options_trim(one), &guess);

		if (i >= 0)
			*out |= 1u << i;
		else
			err = value_refuse(w, &guess, &unknown);
	}
	return err ?: unknown_names_report(&unknown);
}
