/* SPDX-License-Identifier: Apache-2.0 */
/* policy_inputs.c - the catalog, the statement and the scenarios that a verb works with. */
#include "policy_inputs.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/host/host.h"
#include "daemon/util/escape.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"
#include "data_dir.h"
#include "policy/empty_policy.h"
#include "policy/schema.h"
#include "unknown_names.h"

#define SHIPPED "statements/welink.yaml"

void policy_inputs_problems(struct policy_inputs *in)
{
	for (size_t i = 0; i < in->problems.count; i++) {
		escape_put(stderr, in->problems.list[i].text);
		fputc('\n', stderr);
	}
	if (in->problems.errors + in->problems.warnings > in->problems.count)
		fprintf(stderr, "and %zu more problems\n",
			in->problems.errors + in->problems.warnings - in->problems.count);
	problems_clear(&in->problems);
}

/* An audit prints only the first problem, in one line. `policy check` prints all. */
static void inputs_first_problem(struct policy_inputs *in, const char *path)
{
	size_t i = 0;

	while (i + 1 < in->problems.count && in->problems.list[i].warning)
		i++;
	escape_put(stderr, in->problems.list[i].text);
	if (in->problems.errors > 1) {
		fprintf(stderr, " (and %zu more; see piaudit policy check %s",
			in->problems.errors - 1, in->catalog ? "" : "--catalog ");
		escape_put(stderr, path);
		fputc(')', stderr);
	}
	fputc('\n', stderr);
	problems_clear(&in->problems);
}

/* @err: of a load. Prints the problems, or at least the failure. */
static int inputs_refused(struct policy_inputs *in, int err, const char *what, const char *path)
{
	bool said = in->problems.errors;

	if (said && !in->whole)
		inputs_first_problem(in, path);
	else if (!in->keep)
		policy_inputs_problems(in);
	if (err == -ENOMEM) {
		log_err(err, "%s %s", what, path);
		return EXIT_INTERNAL;
	}
	if (!said)
		log_err(err, "%s %s", what, path);
	return EXIT_CONFIG;
}

int policy_inputs_catalog(struct policy_inputs *in, const struct options *options)
{
	char dir[PATH_MAX];
	int err;

	if (options->catalog)
		snprintf(dir, sizeof(dir), "%s", options->catalog);
	else if (data_dir_data(in->data) || data_dir_join(dir, in->data, "catalog"))
		return EXIT_CONFIG;
	in->homes = host_homes();
	/*
	 * A fixed threshold. Otherwise malloc raises it when the first large block is freed, and
	 * keeps all later blocks, such as libbpf's copies of BTF.
	 */
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	err = catalog_load(&in->catalog, dir, (const char *const *)in->homes, &in->problems);
	return err ? inputs_refused(in, err, "catalog", dir) : EXIT_CLEAN;
}

int policy_inputs_policy(struct policy_inputs *in, const struct options *options, const char *path)
{
	char shipped[PATH_MAX];
	int err;

	policy_free(&in->policy);
	if (options->learn) {
		err = policy_empty(&in->policy, in->catalog);
		in->blank = in->policy;
		return err ? inputs_refused(in, err, "policy", "") : EXIT_CLEAN;
	}
	path = path ?: options->policy;
	if (!path) {
		if ((!*in->data && data_dir_data(in->data)) ||
		    data_dir_join(shipped, in->data, SHIPPED))
			return EXIT_CONFIG;
		path = shipped;
	}
	err = policy_load(&in->policy, path, in->catalog, &in->problems);
	return err ? inputs_refused(in, err, "policy", path) : EXIT_CLEAN;
}

void policy_inputs_close(struct policy_inputs *in)
{
	policy_free(&in->policy);
	catalog_free(&in->catalog);
	host_homes_free(in->homes);
	in->homes = NULL;
	problems_clear(&in->problems);
}

static void inputs_unknown(struct unknown_names *unknown, const struct policy *policy,
			   const char *id)
{
	struct suggest guess;

	suggest_start(&guess, id);
	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		suggest_offer(&guess, policy_scenario(policy, i)->id);
	unknown_names_add(unknown, &guess);
}

/* A blank statement takes every id, so this is none, or there are too many. */
static int inputs_no_id(const char *id)
{
	if (schema_is_id(id))
		log_err(0, "too many scenarios at \"%s\"; use at most %d", id, SCENARIO_MAX);
	else
		log_err(0, "invalid scenario id \"%s\": use at most %d letters, digits and _ - . :",
			id, SCHEMA_ID_MAX);
	return EXIT_USAGE;
}

int policy_inputs_scenarios(struct policy *policy, const char *list, struct scenario_set *out)
{
	AUTO_FREE char *copy = strdup(list ?: "");
	char *rest = copy;
	struct unknown_names unknown = { .kind = "scenario", .see = "piaudit list scenarios" };
	bool blank;

	*out = (struct scenario_set){ 0 };
	/* Outputs print "any" if no scenario is known, so it is accepted here, too. */
	if (!list || (!strcmp(list, "any") && !policy_scenario_find(policy, list)))
		return EXIT_CLEAN;
	if (!copy)
		return EXIT_INTERNAL;
	blank = policy_scenario_room(policy) > policy_scenario_count(policy);
	unknown.in = policy_file(policy);
	for (char *one; (one = strsep(&rest, ","));) {
		const char *id = options_trim(one);
		const struct scenario *s = policy_scenario_take(policy, id);

		if (s)
			scenario_set_add(out, s->index);
		else if (blank)
			return inputs_no_id(id);
		else
			inputs_unknown(&unknown, policy, id);
	}
	return unknown_names_report(&unknown) ? EXIT_CONFIG : EXIT_CLEAN;
}
