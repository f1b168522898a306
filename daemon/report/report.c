/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - the result of a ledger, as a sentence. */
#include "report.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <piaudit/auto.h>

#include "policy/policy.h"

const char *const report_result_word[] = {
	[RESULT_EMPTY] = "empty",       [RESULT_UNSEEN] = "nothing_seen",
	[RESULT_CLEAN] = "clean",       [RESULT_INCOMPLETE] = "incomplete",
	[RESULT_FINDINGS] = "findings",
};
_Static_assert(ARRAY_SIZE(report_result_word) == RESULT_MAX, "a result without a word");

bool report_complete(const struct model *l)
{
	return !l->incomplete && !l->cut;
}

enum report_result report_result(const struct model *l)
{
	if (l->kinds)
		return RESULT_FINDINGS;
	if (!l->run_count && !report_total(&l->count))
		return RESULT_EMPTY;
	if (!report_complete(l))
		return RESULT_INCOMPLETE;
	return evidence_obtained(l->count.grades) ? RESULT_CLEAN : RESULT_UNSEEN;
}

/*
 * Gives the reason for an incomplete result, or "". An audit without an end is no gap: its losses
 * are not known yet.
 */
static void reserve(char buf[REPORT_SENTENCE_MAX], const struct model *l)
{
	buf[0] = 0;
	if (l->cut)
		snprintf(buf, REPORT_SENTENCE_MAX,
			 "%s%" PRIu64 " audit%s no end (still running, or killed)",
			 l->incomplete ? "coverage is incomplete, and " : "", l->cut,
			 l->cut == 1 ? " has" : "s have");
	else if (l->incomplete)
		snprintf(buf, REPORT_SENTENCE_MAX, "coverage is incomplete");
}

/* Writes "the statement", or the number of statements with findings. */
static void against(char buf[REPORT_SENTENCE_MAX], const struct model *l)
{
	size_t count = 0;

	for (size_t i = 0; i < l->part_count; i++)
		count += l->parts[i]->kinds > 0;
	if (l->part_count > 1)
		snprintf(buf, REPORT_SENTENCE_MAX, "%zu of %zu statements", count, l->part_count);
	else
		snprintf(buf, REPORT_SENTENCE_MAX, "the statement");
}

/* The sentence for a result without findings and without observed accesses. */
static void unseen_sentence(char buf[REPORT_SENTENCE_MAX], const struct model *l, const char *why)
{
	char tried[EVIDENCE_MAX];

	evidence_tried(tried, l->count.grades);
	snprintf(buf, REPORT_SENTENCE_MAX, "Nothing was seen%s%.120s%s.%s%s%s",
		 *why ? ", and " : "", why, *why ? ", so a clean result cannot be claimed" : "",
		 *tried ? " " : "", tried, *tried ? "." : "");
}

/*
 * A statement without observed accesses is not confirmed by them, so the sentence counts such
 * statements.
 */
static void clean_sentence(char buf[REPORT_SENTENCE_MAX], const struct model *l)
{
	char unseen[64] = "";
	size_t count = 0;

	for (size_t i = 0; i < l->part_count; i++)
		count += !evidence_obtained(l->parts[i]->count.grades);
	if (count)
		snprintf(unseen, sizeof(unseen), " For %zu of %zu statements, nothing was seen.",
			 count, l->part_count);
	snprintf(buf, REPORT_SENTENCE_MAX,
		 "Everything that was seen is declared in the statement%s%s.%s",
		 l->part_count > 1 ? "s" : "", l->count.excused ? ", or excused" : "", unseen);
}

const char *report_sentence(char buf[REPORT_SENTENCE_MAX], const struct model *l)
{
	char why[REPORT_SENTENCE_MAX], whom[REPORT_SENTENCE_MAX], text[FINDING_TEXT_MAX];
	enum report_result r = report_result(l);

	reserve(why, l);
	if (r == RESULT_FINDINGS) /* then it is a sentence of its own */
		why[0] = (char)toupper((unsigned char)why[0]);
	against(whom, l);
	if (r == RESULT_EMPTY)
		snprintf(buf, REPORT_SENTENCE_MAX, "Nothing was audited in this time.");
	else if (r != RESULT_FINDINGS && !evidence_obtained(l->count.grades))
		unseen_sentence(buf, l, why);
	else if (r == RESULT_CLEAN)
		clean_sentence(buf, l);
	else if (r == RESULT_INCOMPLETE)
		snprintf(buf, REPORT_SENTENCE_MAX,
			 "No violation was seen, but %.120s, so a clean result cannot be claimed.",
			 why);
	else
		snprintf(buf, REPORT_SENTENCE_MAX, "%s against %.40s.%s%.120s%s",
			 finding_text(text, l->kinds, l->found), whom, *why ? " " : "", why,
			 *why ? "." : "");
	return buf;
}

const struct model_statement *report_newest(const struct model *part)
{
	for (size_t i = 0; i < part->statement_count; i++)
		if (part->statements[i].used)
			return &part->statements[i];
	return NULL;
}

const char *report_title(const struct model_statement *st)
{
	return st->title ?: st->name;
}

bool report_obtained(const struct model_finding *f)
{
	return grade_obtained(grade_find(f->grade));
}

const char *report_numbers(char buf[REPORT_NUMBERS_MAX], const struct report_cell *at)
{
	size_t used = 0;

	buf[0] = 0;
	for (const struct model_finding *f = at->part->findings; f; f = f->next) {
		if (!model_mentions(at->st, at->scenario, at->category, f))
			continue;
		if (used + 32 > REPORT_NUMBERS_MAX) {
			snprintf(buf + used, REPORT_NUMBERS_MAX - used, " ...");
			break;
		}
		used += (size_t)snprintf(buf + used, REPORT_NUMBERS_MAX - used, "%sF%zu",
					 used ? " " : "", f->number);
	}
	return buf;
}

const char *report_words(char buf[EVIDENCE_MAX], enum cell_state state, const struct model_count *n)
{
	uint64_t more = model_weak(state) ? 0 : n->weak + n->info;
	size_t used = strlen(evidence_weak(buf, n->grades));

	if (more)
		snprintf(buf + used, EVIDENCE_MAX - used, "%s%" PRIu64 " more informational",
			 used ? ", " : "", more);
	return buf;
}

const char *report_state(char buf[REPORT_STATE_MAX], enum cell_state state,
			 const struct model_count *n)
{
	char words[EVIDENCE_MAX];

	report_words(words, state, n);
	snprintf(buf, REPORT_STATE_MAX, *words ? "%s (%s)" : "%s", cell_words[state].title, words);
	return buf;
}

uint64_t report_total(const struct model_count *n)
{
	return n->declared + n->weak + n->info + n->open + n->violated;
}

uint64_t report_count(enum cell_state state, const struct model_count *n)
{
	uint64_t tried = n->weak + n->info;

	return model_weak(state) ? tried : report_total(n) - tried;
}

bool report_beside(const struct model_statement *st, size_t scenario, size_t category)
{
	const struct model_cell *cell = &st->cells[scenario * st->category_count + category];

	if (scenario == st->scenario_count)
		return cell->count.violated || cell->count.open || cell->count.info;
	return !cell->listed && report_total(&cell->count);
}

void report_tally(const struct model_statement *st, size_t out[CELL_STATE_MAX])
{
	for (size_t s = 0; s < st->scenario_count; s++)
		for (size_t i = 0; i < st->scenarios[s].declare_count; i++)
			if (st->scenarios[s].declares[i].listed)
				out[model_state(st, s, st->scenarios[s].declares[i].category)]++;
	for (size_t s = 0; s <= st->scenario_count; s++)
		for (size_t c = 0; c < st->category_count; c++)
			if (report_beside(st, s, c))
				out[model_state(st, s, c)]++;
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
