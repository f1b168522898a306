/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_scenario.c - scenario begin, end and list, over the control socket. */
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "argument.h"
#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/control/control_client.h"
#include "daemon/util/log.h"
#include "policy/schema.h"

#define REQUEST_MAX (2 * SCHEMA_ID_MAX + 16) /* bytes: the longest verb, an id, an app */

/* Words of the command line and their requests. */
static const struct ask {
	const char *word, *request;
	bool id; /* an id must follow, and --app may */
} asks[] = {
	{ "begin", "begin", true },
	{ "end", "end", true },
	{ "list", "scenarios", false },
};

static const char *cmd_scenario_name(size_t i)
{
	return i < ARRAY_SIZE(asks) ? asks[i].word : NULL;
}

static int check_id(const char *noun, const char *text)
{
	if (schema_is_id(text))
		return EXIT_CLEAN;
	log_err(0, "invalid %s \"%s\": use at most %d letters, digits and _ - . :", noun, text,
		SCHEMA_ID_MAX);
	return EXIT_USAGE;
}

/* Checks the arguments after the action. */
static int cmd_scenario_check(const struct ask *ask, const struct options *o)
{
	int most = 1 + ask->id;

	if (o->word_count < most) {
		log_err(0, "scenario %s: ID is missing; see piaudit scenario list", ask->word);
		return EXIT_USAGE;
	}
	if (o->word_count > most && ask->id) {
		log_err(0, "scenario %s takes only one ID: \"%s\"", ask->word, o->words[most]);
		return EXIT_USAGE;
	}
	if (o->word_count > most)
		return argument_extra("scenario list", o->words[most]);
	if (o->app && !ask->id) {
		log_err(0, "scenario list: --app can only be combined with begin and end");
		return EXIT_USAGE;
	}
	if (ask->id && check_id("scenario", o->words[1]))
		return EXIT_USAGE;
	return o->app ? check_id("--app", o->app) : EXIT_CLEAN;
}

int cmd_scenario(const struct options *o)
{
	int found = argument_find(o, "scenario action", cmd_scenario_name);
	const struct ask *ask = found < 0 ? NULL : &asks[found];
	struct control_query query = cmd_query(o);
	char request[REQUEST_MAX];

	if (!ask || cmd_scenario_check(ask, o))
		return EXIT_USAGE;
	if (!ask->id)
		return control_ask(&query, ask->request);
	snprintf(request, sizeof(request), "%s %s%s%s", ask->request, o->words[1],
		 o->app ? " " : "", o->app ?: "");
	return control_ask(&query, request);
}
