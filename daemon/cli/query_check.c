/* SPDX-License-Identifier: Apache-2.0 */
/* query_check.c - explains an empty result of a query: reports misspelt ids. */
#include "query_check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "cmd.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/util/log.h"
#include "policy/suggest.h"

static int any(void *context, const struct history_query_row *row)
{
	(void)context;
	(void)row;
	return -EEXIST;
}

static bool in_history(struct history_query *view, const struct history_query_filter *filter)
{
	return history_query_each(view, HISTORY_QUERY_ACCESSES, filter, any, NULL) == -EEXIST;
}

/* The nearest name so far. best is a copy, since its row is gone by then. */
struct nearest {
	struct suggest guess;
	char best[SUGGEST_WORD_MAX + 1];
	bool met; /* the name itself is in the history */
};

static int offer(void *context, const struct history_query_row *row)
{
	struct nearest *n = context;
	const char *app = history_query_word(row, RUN_APP);

	suggest_offer(&n->guess, app);
	n->met |= !strcmp(app, n->guess.word);
	if (n->guess.best == app) {
		snprintf(n->best, sizeof(n->best), "%s", app);
		n->guess.best = n->best;
	}
	return 0;
}

static int query_unknown(const char *option, struct suggest *guess)
{
	log_err(0, "--%s %s: neither in the history nor in the catalog%s", option, guess->word,
		suggest_hint(guess));
	return EXIT_USAGE;
}

/* Unknown apps only get a warning, since the app may be audited later. */
static int check_app(struct history_query *view, const char *app)
{
	struct history_query_filter filter = { .app = app }, all = { 0 };
	struct nearest n = { .best = "" };

	if (!app || in_history(view, &filter))
		return EXIT_CLEAN;
	suggest_start(&n.guess, app);
	if (history_query_each(view, HISTORY_QUERY_RUNS, &all, offer, &n))
		return EXIT_INTERNAL;
	/* Otherwise the app was audited, and read nothing. */
	if (!n.met)
		log_warn("--app %s: not in the history%s", app, suggest_hint(&n.guess));
	return EXIT_CLEAN;
}

static int check_category(const struct catalog *catalog, const char *id)
{
	struct suggest guess;

	if (catalog_category_find(catalog, id))
		return EXIT_CLEAN;
	suggest_start(&guess, id);
	for (size_t i = 0; i < catalog_category_count(catalog); i++)
		suggest_offer(&guess, catalog_category(catalog, i)->id);
	return query_unknown("category", &guess);
}

static int check_source(const struct catalog *catalog, const char *id)
{
	struct suggest guess;

	if (catalog_source_find(catalog, id))
		return EXIT_CLEAN;
	suggest_start(&guess, id);
	for (size_t i = 0; i < catalog_source_count(catalog); i++)
		suggest_offer(&guess, catalog_source(catalog, i)->id);
	return query_unknown("source", &guess);
}

int query_check(const struct options *o, struct history_query *view)
{
	struct history_query_filter category = { .category = o->category },
				    source = { .source = o->source };
	bool new_category = o->category && !in_history(view, &category);
	bool new_source = o->source && !in_history(view, &source);
	struct policy_inputs in = { 0 };
	int code = check_app(view, o->app);

	if (code || (!new_category && !new_source))
		return code;
	code = policy_inputs_catalog(&in, o);
	if (!code && new_category)
		code = check_category(in.catalog, o->category);
	if (!code && new_source)
		code = check_source(in.catalog, o->source);
	policy_inputs_close(&in);
	return code;
}
