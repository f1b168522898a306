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
	struct history_query *view;
	struct suggest guess;
	char best[SUGGEST_WORD_MAX + 1];
	bool met; /* the name itself is in the history */
};

static void query_offer(struct nearest *n, const char *name)
{
	suggest_offer(&n->guess, name);
	n->met |= !strcmp(name, n->guess.word);
	if (n->guess.best == name) {
		snprintf(n->best, sizeof(n->best), "%s", name);
		n->guess.best = n->best;
	}
}

static int offer_app(void *context, const struct history_query_row *row)
{
	query_offer(context, history_query_word(row, RUN_APP));
	return 0;
}

static int offer_scenario(void *context, const struct history_query_row *row)
{
	query_offer(context, history_query_word(row, SCENARIO_ID));
	return 0;
}

/* @row: a version of a statement. Offers its scenarios. */
static int offer_statement(void *context, const struct history_query_row *row)
{
	struct nearest *n = context;
	struct history_query_filter version = { .policy = (int64_t)history_query_number(
							row, POLICY_ID) };

	return history_query_each(n->view, HISTORY_QUERY_SCENARIOS, &version, offer_scenario, n);
}

/* Only a warning, since the app or the scenario may be audited later. */
static int check_met(struct history_query *view, const char *noun, const char *name,
		     enum history_query_kind kind, history_query_row_fn *offer)
{
	struct history_query_filter all = { 0 };
	struct nearest n = { .view = view, .best = "" };

	suggest_start(&n.guess, name);
	if (history_query_each(view, kind, &all, offer, &n))
		return EXIT_INTERNAL;
	/* Otherwise it was audited, without a matching access. */
	if (!n.met)
		log_warn("unknown %s \"%s\" (not in the history)%s", noun, name,
			 suggest_hint(&n.guess));
	return EXIT_CLEAN;
}

static int check_app(struct history_query *view, const char *app)
{
	struct history_query_filter filter = { .app = app };

	if (!app || in_history(view, &filter))
		return EXIT_CLEAN;
	return check_met(view, "app", app, HISTORY_QUERY_RUNS, offer_app);
}

static int check_scenario(struct history_query *view, const char *id)
{
	struct history_query_filter filter = { .scenario = id };

	if (!id || !strcmp(id, "any") || in_history(view, &filter))
		return EXIT_CLEAN;
	return check_met(view, "scenario", id, HISTORY_QUERY_POLICIES, offer_statement);
}

/* @list: the name of the list of `piaudit list`. */
static int query_unknown(const char *noun, const char *list, struct suggest *guess)
{
	const char *hint = suggest_hint(guess);

	log_err(0, "unknown %s \"%s\" (neither in the history nor in the catalog)%s%s", noun,
		guess->word, *hint ? hint : "; see piaudit list ", *hint ? "" : list);
	return EXIT_USAGE;
}

static int check_category(const struct catalog *catalog, const char *id)
{
	struct suggest guess;

	if (catalog_category_find(catalog, id))
		return EXIT_CLEAN;
	suggest_start(&guess, id);
	for (size_t i = 0; i < catalog_category_count(catalog); i++)
		suggest_offer(&guess, catalog_category(catalog, i)->id);
	return query_unknown("category", "categories", &guess);
}

static int check_source(const struct catalog *catalog, const char *id)
{
	struct suggest guess;

	if (catalog_source_find(catalog, id))
		return EXIT_CLEAN;
	suggest_start(&guess, id);
	for (size_t i = 0; i < catalog_source_count(catalog); i++)
		suggest_offer(&guess, catalog_source(catalog, i)->id);
	return query_unknown("source", "sources", &guess);
}

int query_check(const struct options *o, struct history_query *view)
{
	struct history_query_filter category = { .category = o->category },
				    source = { .source = o->source };
	bool new_category = o->category && !in_history(view, &category);
	bool new_source = o->source && !in_history(view, &source);
	struct policy_inputs in = { 0 };
	int code = check_app(view, o->app), other = EXIT_CLEAN;

	code = code ?: check_scenario(view, o->scenarios);
	if (code || (!new_category && !new_source))
		return code;
	code = policy_inputs_catalog(&in, o);
	if (!code && new_category)
		other = check_category(in.catalog, o->category);
	/* Also after an unknown category, so that one run names both mistakes. */
	if (!code && new_source)
		code = check_source(in.catalog, o->source);
	policy_inputs_close(&in);
	return code ?: other;
}
