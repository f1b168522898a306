/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_scenario.c - scenario begin, end and list, over the control socket. */
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

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

static const struct ask *cmd_scenario_find(const char *word)
{
	for (size_t i = 0; word && i < ARRAY_SIZE(asks); i++)
		if (!strcmp(asks[i].word, word))
			return &asks[i];
	return NULL;
}

static bool is_id(const char *what, const char *text)
{
	if (schema_is_id(text))
		return true;
	log_err(0, "scenario: \"%s\" is no id of %s", text, what);
	return false;
}

int cmd_scenario(const struct options *o)
{
	const struct ask *ask = cmd_scenario_find(o->word_count ? o->words[0] : NULL);
	struct control_query query = cmd_query(o);
	char request[REQUEST_MAX];

	if (!ask || o->word_count != 1 + ask->id || (o->app && !ask->id)) {
		log_err(0, "scenario: begin ID, end ID or list (see piaudit scenario --help)");
		return EXIT_USAGE;
	}
	if (!ask->id)
		return control_ask(&query, ask->request);
	if (!is_id("a scenario", o->words[1]) || (o->app && !is_id("an app", o->app)))
		return EXIT_USAGE;
	snprintf(request, sizeof(request), "%s %s%s%s", ask->request, o->words[1],
		 o->app ? " " : "", o->app ?: "");
	return control_ask(&query, request);
}
