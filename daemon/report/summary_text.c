/* SPDX-License-Identifier: Apache-2.0 */
/* summary_text.c - the summary of an audit, as text. */
#include "summary_text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

#include <piaudit/auto.h>

#include "daemon/event/evidence.h"
#include "daemon/event/field.h"
#include "daemon/event/finding.h"
#include "daemon/event/summary_cells.h"
#include "daemon/record/op_names.h"
#include "daemon/util/escape.h"
#include "daemon/util/exit.h"
#include "daemon/util/text_table.h"

#define UNSEEN_NAMES 8 /* categories named in a line of those that reads cannot show */

const char *summary_text_names(char buf[SUMMARY_TEXT_NAMES_MAX], const struct policy *policy,
			       const struct scenario_set *set, size_t most)
{
	size_t used = 0, named = 0, more = 0;

	snprintf(buf, SUMMARY_TEXT_NAMES_MAX, "any");
	for (size_t i = 0; i < policy_scenario_count(policy); i++) {
		if (!scenario_set_has(set, (unsigned int)i))
			continue;
		if (named == most ||
		    used + strlen(policy_scenario(policy, i)->id) + 32 > SUMMARY_TEXT_NAMES_MAX) {
			more++;
			continue;
		}
		used += (size_t)snprintf(buf + used, SUMMARY_TEXT_NAMES_MAX - used, "%s%s",
					 named ? ", " : "", policy_scenario(policy, i)->id);
		named++;
	}
	if (more)
		snprintf(buf + used, SUMMARY_TEXT_NAMES_MAX - used, "%s%zu%s", named ? " and " : "",
			 more, named ? " more" : "");
	return buf;
}

/*
 * Verdicts on weak evidence are marked, so that they do not look like verdicts on observed
 * accesses.
 */
static void put_verdict(char *buf, size_t size, const struct cell *cell)
{
	char weak[EVIDENCE_MAX], part[EVIDENCE_MAX];
	const char *const words[EVIDENCE_WORDS] = {
		cell->exception ? "excused" : "",
		evidence_weak(weak, cell->grades),
		cell->info < cell->count ? evidence_part(part, cell->info, cell->count) : "",
	};

	evidence_in_brackets(buf, size, verdict_word[cell->verdict], words);
}

/*
 * "by others": only others than the program submit the category, so a read of it is not declared.
 */
static const char *summary_declared_word(const struct policy *policy, const struct cell *cell)
{
	if (summary_declared(policy, cell))
		return "yes";
	for (size_t i = 0; i < policy_scenario_count(policy); i++)
		if ((scenario_set_empty(&cell->scenarios) ||
		     scenario_set_has(&cell->scenarios, (unsigned int)i)) &&
		    scenario_declares(policy_scenario(policy, i), cell->category))
			return "by others";
	return "no";
}

static void cell_rows(struct text_table *grid, const struct summary *s)
{
	for (size_t i = 0; i < s->cell_count; i++) {
		const struct cell *cell = &s->cells[i];
		char names[SUMMARY_TEXT_NAMES_MAX], verdict[2 * EVIDENCE_MAX + 48], count[24];

		put_verdict(verdict, sizeof(verdict), cell);
		snprintf(count, sizeof(count), "%" PRIu64, cell->count);
		TEXT_TABLE_ROW(grid, summary_text_names(names, s->policy, &cell->scenarios, 3),
			       cell->category->id, summary_declared_word(s->policy, cell),
			       cell->obtained ? "yes" : "no", verdict, count);
	}
}

/* Observed, or already in a row that says that it was not. */
static bool in_table(const struct summary *s, unsigned int scenario, const struct category *c)
{
	for (size_t i = 0; i < s->cell_count; i++) {
		const struct cell *cell = &s->cells[i];

		if (scenario_set_has(&cell->scenarios, scenario) &&
		    (cell->obtained ? category_covers(c, cell->category) : c == cell->category))
			return true;
	}
	return false;
}

/* A read can show the category as declared in this scenario. */
static bool summary_observable(const struct scenario *scenario, const struct category *c)
{
	return c->observable && scenario_collects(scenario, c);
}

/* Two groups of a scenario can list the same category. */
static bool summary_listed_before(const struct scenario *scenario, size_t d)
{
	for (size_t i = 0; i < d; i++)
		if (scenario->declares[i].listed &&
		    scenario->declares[i].category == scenario->declares[d].category)
			return true;
	return false;
}

/* Declared, but not observed: a statement that claims too much is worth knowing, too. */
static void unseen_rows(struct text_table *grid, const struct summary *s)
{
	for (unsigned int i = 0; i < policy_scenario_count(s->policy); i++) {
		const struct scenario *scenario = policy_scenario(s->policy, i);

		if (!scenario_set_has(&s->scenarios, i))
			continue;
		for (size_t d = 0; d < scenario->declare_count; d++) {
			const struct declaration *row = &scenario->declares[d];

			if (row->listed && summary_observable(scenario, row->category) &&
			    !in_table(s, i, row->category) && !summary_listed_before(scenario, d))
				TEXT_TABLE_ROW(grid, scenario->id, row->category->id, "yes", "no",
					       "not observed", "0");
		}
	}
}

/* The reason that no read can show a category of the active scenarios as declared. */
enum hidden { HIDDEN_NOT, HIDDEN_ALWAYS, HIDDEN_BY_METHOD, HIDDEN_MAX };

static const char *const hidden_text[] = {
	[HIDDEN_ALWAYS] = " that no read can show",
	[HIDDEN_BY_METHOD] = " that others submit, not the program",
};
_Static_assert(ARRAY_SIZE(hidden_text) == HIDDEN_MAX, "a reason without its text");

static bool lists(const struct scenario *scenario, const struct category *c)
{
	for (size_t d = 0; d < scenario->declare_count; d++)
		if (scenario->declares[d].listed && scenario->declares[d].category == c)
			return true;
	return false;
}

/* One active scenario in which a read can show it is enough. */
static enum hidden hidden(const struct summary *s, const struct category *c)
{
	enum hidden why = HIDDEN_NOT;

	for (unsigned int i = 0; i < policy_scenario_count(s->policy); i++) {
		const struct scenario *scenario = policy_scenario(s->policy, i);

		if (!scenario_set_has(&s->scenarios, i) || !lists(scenario, c))
			continue;
		if (summary_observable(scenario, c))
			return HIDDEN_NOT;
		why = c->observable ? HIDDEN_BY_METHOD : HIDDEN_ALWAYS;
	}
	return why;
}

static void unobservable_line(FILE *out, const struct summary *s, enum hidden why)
{
	const struct catalog *catalog = policy_catalog(s->policy);
	size_t count = 0, named = 0;

	for (size_t i = 0; i < catalog_category_count(catalog); i++)
		count += hidden(s, catalog_category(catalog, i)) == why;
	if (!count)
		return;
	fprintf(out, "%zu declared categor%s%s: ", count, count == 1 ? "y" : "ies",
		hidden_text[why]);
	for (size_t i = 0; i < catalog_category_count(catalog) && named < UNSEEN_NAMES; i++) {
		const struct category *c = catalog_category(catalog, i);

		if (hidden(s, c) == why)
			fprintf(out, "%s%s", named++ ? ", " : "", c->id);
	}
	if (count > named)
		fprintf(out, " and %zu more", count - named);
	fputc('\n', out);
}

int summary_text_table(FILE *out, const struct summary *s)
{
	static const char *const columns[] = { "SCENARIO", "CATEGORY", "DECLARED", "OBSERVED",
					       "VERDICT",  ">COUNT",   NULL };
	AUTO(text_table_close) struct text_table *grid = NULL;
	int err = text_table_open(&grid, columns);

	if (err)
		return err;
	cell_rows(grid, s);
	unseen_rows(grid, s);
	err = text_table_print(grid, out);
	unobservable_line(out, s, HIDDEN_ALWAYS);
	unobservable_line(out, s, HIDDEN_BY_METHOD);
	fputs(text_table_rows(grid) ? "\n" : "", out);
	return err;
}

void summary_text_exceptions(FILE *out, const struct summary *s)
{
	bool any = false;

	for (size_t i = 0; i < policy_exception_count(s->policy); i++) {
		const struct exception *e = policy_exception(s->policy, i);
		uint64_t count = summary_excused(s, e);

		if (!count)
			continue;
		fprintf(out,
			"%s  %s  %s  x%" PRIu64 "\n    reason: ", any ? "" : "exceptions used:\n",
			e->id, e->category->id, count);
		escape_put(out, e->reason);
		fputs("\n    owner:  ", out);
		escape_put(out, e->owner);
		fputc('\n', out);
		any = true;
	}
	fputs(any ? "\n" : "", out);
}

/* Only the number: the list is long, and the same for every audit on a machine. */
static void not_seen(FILE *out, const struct summary *s)
{
	size_t count = 0;

	while (s->not_seen && s->not_seen[count])
		count++;
	if (count)
		fprintf(out, " %zu kind%s of read cannot be seen (piaudit list probes).", count,
			count == 1 ? "" : "s");
}

static void coverage_counts(FILE *out, const struct summary *s)
{
	const char *sep = " (";

	fprintf(out, "%" PRIu64 " event%s from %" PRIu64 " process%s, %" PRIu64 " lost", s->events,
		s->events == 1 ? "" : "s", s->processes, s->processes == 1 ? "" : "es", s->lost);
	for (size_t i = 0; i < PIA_OP_MAX; i++) {
		if (!class_word[i] || !s->counts[i].lost)
			continue;
		fprintf(out, "%s%s %" PRIu64, sep, class_word[i], (uint64_t)s->counts[i].lost);
		sep = ", ";
	}
	fputs(*sep == ',' ? ")" : "", out);
	if (s->malformed)
		fprintf(out, ", %" PRIu64 " malformed", s->malformed);
	if (s->undecoded)
		fprintf(out, ", %" PRIu64 " undecoded", s->undecoded);
}

void summary_text_coverage(FILE *out, const struct summary *s, const char *margin)
{
	bool missing = s->probes_missing && s->probes_missing[0];

	/* A missing probe that is not required is no gap: its blind spots are among the kinds below. */
	fprintf(out, "%scoverage: %s. ", margin,
		summary_incomplete(s) ? "incomplete"
		: missing             ? "complete for the attached probes"
				      : "complete for what piaudit can see");
	coverage_counts(out, s);
	fputs(missing || s->hole ? "." : ", all probes attached.", out);
	for (size_t i = 0; missing && s->probes_missing[i]; i++)
		fprintf(out, "%s%s", i ? ", " : " Missing probes: ", s->probes_missing[i]);
	fputs(missing ? "." : "", out);
	if (s->hole)
		fprintf(out, " The recording is incomplete: %s.", s->hole);
	if (s->doubts)
		fputs(" Some verdicts are inconclusive.", out);
	not_seen(out, s);
	fputc('\n', out);
	for (size_t i = 0; s->probes_refused && s->probes_refused[i]; i++)
		fprintf(out, "%srefused by the kernel's verifier: %s\n", margin,
			s->probes_refused[i]);
}

static void findings_line(FILE *out, const struct summary *s)
{
	char text[FINDING_TEXT_MAX];
	const char *sep = " (";

	fprintf(out, "result: %s against the statement",
		finding_text(text, s->finding_count, s->findings));
	for (size_t i = 0; i < VERDICT_MAX; i++) {
		if (i == VERDICT_DECLARED || i == VERDICT_INCONCLUSIVE || !s->verdicts[i])
			continue;
		fprintf(out, "%s%" PRIu64 " %s", sep, s->verdicts[i], verdict_word[i]);
		sep = ", ";
	}
	fputs(*sep == ',' ? ")" : "", out);
}

/* Without observed accesses the result is not "clean": perhaps the scenario was never used. */
static void no_findings_line(FILE *out, const struct summary *s)
{
	bool incomplete = summary_incomplete(s);
	char tried[EVIDENCE_MAX];

	if (evidence_obtained(s->grades)) {
		fprintf(out, "result: %s",
			incomplete ? "no finding, but coverage is incomplete" : "clean");
		return;
	}
	fprintf(out, "result: nothing was seen%s",
		incomplete ? ", and coverage is incomplete" : "");
	if (*evidence_tried(tried, s->grades))
		fprintf(out, " (%s)", tried);
}

void summary_text_result(FILE *out, const struct summary *s)
{
	char names[SUMMARY_TEXT_NAMES_MAX];

	summary_text_names(names, s->policy, &s->scenarios, 3);
	if (s->findings)
		findings_line(out, s);
	else
		no_findings_line(out, s);
	fprintf(out, ". Accesses: %" PRIu64 " declared, %" PRIu64 " inconclusive. Statement: ",
		s->verdicts[VERDICT_DECLARED], s->verdicts[VERDICT_INCONCLUSIVE]);
	escape_put(out, policy_title(s->policy));
	fprintf(out, ", scenario %s.", names);
	if (ending_word[s->ending])
		fprintf(out, " The audit was stopped (%s) while the program still ran.",
			ending_word[s->ending]);
	if (s->target_status != -1 && WIFSIGNALED(s->target_status))
		fprintf(out, " The command was ended by signal %d.", WTERMSIG(s->target_status));
	else if (s->target_status > 0)
		fprintf(out, " The command's own exit code was %d.", WEXITSTATUS(s->target_status));
	fputc('\n', out);
}
