/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - the result of a ledger, in a sentence. */
#include "report.h"

#include <inttypes.h>
#include <time.h>

#include <piaudit/auto.h>

const char *const report_result_word[] = {
	[RESULT_EMPTY] = "empty",       [RESULT_UNSEEN] = "nothing_seen",
	[RESULT_CLEAN] = "clean",       [RESULT_INCOMPLETE] = "incomplete",
	[RESULT_FINDINGS] = "findings",
};
_Static_assert(ARRAY_SIZE(report_result_word) == RESULT_MAX, "a result without a word");

enum report_result report_result(const struct ledger *l)
{
	if (l->kinds)
		return RESULT_FINDINGS;
	if (!l->run_count && !report_total(&l->count))
		return RESULT_EMPTY;
	if (l->incomplete)
		return RESULT_INCOMPLETE;
	return evidence_obtained(l->count.grades) ? RESULT_CLEAN : RESULT_UNSEEN;
}

/* Without a finding, where nothing was seen. */
static void unseen_sentence(char buf[REPORT_SENTENCE_MAX], const struct ledger *l)
{
	char tried[EVIDENCE_MAX];

	evidence_tried(tried, l->count.grades);
	snprintf(buf, REPORT_SENTENCE_MAX, "Nothing was seen%s%s%s.",
		 l->incomplete ? ", and the record has gaps: a clean result cannot be claimed" : "",
		 *tried ? "; " : "", tried);
}

const char *report_sentence(char buf[REPORT_SENTENCE_MAX], const struct ledger *l)
{
	static const char *const without[] = {
		[RESULT_EMPTY] = "Nothing was audited in this time.",
		[RESULT_CLEAN] = "Everything that was seen is declared in the statement.",
		[RESULT_INCOMPLETE] =
			"No violation was seen, but the record has gaps: a clean result cannot be claimed.",
	};
	enum report_result r = report_result(l);

	if (r == RESULT_FINDINGS)
		snprintf(buf, REPORT_SENTENCE_MAX,
			 "%" PRIu64 " finding%s: %" PRIu64
			 " access%s went against the statement%s.",
			 l->kinds, l->kinds == 1 ? "" : "s", l->count.violated,
			 l->count.violated == 1 ? "" : "es",
			 l->incomplete ? ", and the record has gaps" : "");
	else if (r != RESULT_EMPTY && !evidence_obtained(l->count.grades))
		unseen_sentence(buf, l);
	else
		snprintf(buf, REPORT_SENTENCE_MAX, "%s", without[r]);
	return buf;
}

const char *report_state(char buf[REPORT_STATE_MAX], enum cell_state state,
			 const struct ledger_count *n)
{
	char weak[EVIDENCE_MAX];

	evidence_weak(weak, n->grades);
	snprintf(buf, REPORT_STATE_MAX, *weak ? "%s (%s)" : "%s", cell_words[state].title, weak);
	return buf;
}

uint64_t report_total(const struct ledger_count *n)
{
	return n->declared + n->weak + n->info + n->open + n->violated;
}

uint64_t report_count(enum cell_state state, const struct ledger_count *n)
{
	uint64_t tried = n->weak + n->info;

	return ledger_weak(state) ? tried : report_total(n) - tried;
}

bool report_beside(const struct ledger_statement *st, size_t scenario, size_t category)
{
	const struct ledger_cell *cell = &st->cells[scenario * st->category_count + category];

	if (scenario == st->scenario_count)
		return cell->count.violated || cell->count.open || cell->count.info;
	return !cell->listed && report_total(&cell->count);
}

void report_tally(const struct ledger_statement *st, size_t out[CELL_STATE_MAX])
{
	for (size_t s = 0; s < st->scenario_count; s++)
		for (size_t i = 0; i < st->scenarios[s].declare_count; i++)
			if (st->scenarios[s].declares[i].listed)
				out[ledger_state(st, s, st->scenarios[s].declares[i].category)]++;
	for (size_t s = 0; s <= st->scenario_count; s++)
		for (size_t c = 0; c < st->category_count; c++)
			if (report_beside(st, s, c))
				out[ledger_state(st, s, c)]++;
}

const char *report_time(char buf[REPORT_TIME_MAX], uint64_t ns)
{
	time_t seconds = (time_t)(ns / 1000000000);
	struct tm tm;

	buf[0] = 0;
	if (ns && gmtime_r(&seconds, &tm))
		strftime(buf, REPORT_TIME_MAX, "%Y-%m-%d %H:%M UTC", &tm);
	return buf;
}

const char *report_duration(char buf[REPORT_SPAN_MAX], uint64_t ns)
{
	uint64_t seconds = ns / 1000000000, minutes = seconds / 60, hours = minutes / 60;

	if (hours >= 48)
		snprintf(buf, REPORT_SPAN_MAX, "%" PRIu64 " d %" PRIu64 " h", hours / 24,
			 hours % 24);
	else if (hours)
		snprintf(buf, REPORT_SPAN_MAX, "%" PRIu64 " h %" PRIu64 " min", hours,
			 minutes % 60);
	else if (minutes)
		snprintf(buf, REPORT_SPAN_MAX, "%" PRIu64 " min %" PRIu64 " s", minutes,
			 seconds % 60);
	else if (seconds)
		snprintf(buf, REPORT_SPAN_MAX, "%" PRIu64 ".%" PRIu64 " s", seconds,
			 ns / 100000000 % 10);
	else
		snprintf(buf, REPORT_SPAN_MAX, "%" PRIu64 " ms", ns / 1000000);
	return buf;
}
