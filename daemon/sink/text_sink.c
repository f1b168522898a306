/* SPDX-License-Identifier: Apache-2.0 */
/* text_sink.c - text for people: live lines, table, findings, coverage, result. */
#include "sink.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <piaudit/auto.h>

#include "daemon/event/evidence.h"
#include "daemon/event/field.h"
#include "daemon/record/op_names.h"
#include "daemon/report/findings_group.h"
#include "daemon/report/summary_text.h"
#include "daemon/util/escape.h"

/* The state of the text sink. */
struct text {
	struct findings_group *tally;
	int category_width; /* of the longest id */
	bool live;          /* a live line was printed: the table needs a gap */
	uint64_t left_out;  /* live lines that -v prints */
};

static const char *const verdict_colour[] = {
	[VERDICT_DECLARED] = "\x1b[32m",        [VERDICT_UNDECLARED] = "\x1b[31m",
	[VERDICT_OUT_OF_SCENARIO] = "\x1b[31m", [VERDICT_WRONG_METHOD] = "\x1b[31m",
	[VERDICT_OVER_RETENTION] = "\x1b[31m",  [VERDICT_INCONCLUSIVE] = "\x1b[33m",
};
_Static_assert(ARRAY_SIZE(verdict_colour) == VERDICT_MAX, "a verdict without a colour");

#define COLOUR_DIM "\x1b[2m"
#define COLOUR_END "\x1b[0m"

static void text_close(struct sink *sink)
{
	struct text *text = sink->state;

	if (text)
		findings_group_close(&text->tally);
	free(text);
	sink->state = NULL;
}

static struct text *text_state(struct sink *sink)
{
	struct text *text = sink->state;

	if (text)
		return text;
	text = calloc(1, sizeof(*text));
	if (!text || findings_group_open(&text->tally)) {
		free(text);
		return NULL;
	}
	for (size_t i = 0; i < catalog_category_count(policy_catalog(sink->policy)); i++) {
		int len = (int)strlen(catalog_category(policy_catalog(sink->policy), i)->id);

		text->category_width = len > text->category_width ? len : text->category_width;
	}
	sink->state = text;
	return text;
}

static void put_clock(FILE *out, uint64_t ns)
{
	time_t seconds = (time_t)(ns / 1000000000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	fprintf(out, "%02d:%02d:%02d  ", tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/*
 * Prints a short reason. For findings the whole sentence follows at the end; the reason of an
 * inconclusive access belongs to this access only.
 */
static void put_short_reason(const struct sink *sink, const struct access *a)
{
	const struct judgement *j = &a->judgement;
	char names[SUMMARY_TEXT_NAMES_MAX];

	if (j->verdict == VERDICT_INCONCLUSIVE) {
		fputs("  ", sink->out);
		escape_put(sink->out, j->reason);
		return;
	}
	if (j->exception)
		fprintf(sink->out, "  excused by %s", j->exception);
	else if (j->via)
		fprintf(sink->out, "  via %s", j->via);
	if (j->verdict == VERDICT_OUT_OF_SCENARIO || j->verdict == VERDICT_WRONG_METHOD)
		fprintf(sink->out, "  declared in %s",
			summary_text_names(names, sink->policy, &j->declared_in, 3));
}

static void put_line(const struct sink *sink, const struct access *a)
{
	const struct text *text = sink->state;
	bool counts = a->judgement.finding || grade_obtained(a->grade);
	const char *colour = counts ? verdict_colour[a->judgement.verdict] : COLOUR_DIM;
	char comm[64], process[96];

	put_clock(sink->out, a->time);
	fprintf(sink->out, "%s%-15s%s  %-*s  ", sink->colour ? colour : "",
		verdict_word[a->judgement.verdict], sink->colour ? COLOUR_END : "",
		text->category_width, a->category->id);
	snprintf(process, sizeof(process), "%s[%d]", escape_text(comm, sizeof(comm), a->comm),
		 (int)a->pid);
	fprintf(sink->out, "%-22s  ", process);
	escape_put(sink->out, a->object);
	fputs(a->folded ? " and others" : "", sink->out);
	if (a->count > 1 || a->again)
		fprintf(sink->out, "  %sx%" PRIu64, a->again ? "again, " : "", a->count);
	if (a->grade != GRADE_DIRECT)
		fprintf(sink->out, "  (%s)", grade_word[a->grade]);
	put_short_reason(sink, a);
	fputc('\n', sink->out);
}

static int text_access(struct sink *sink, const struct access *a)
{
	struct text *text = text_state(sink);

	if (!text || findings_group_add(text->tally, a))
		return -ENOMEM;
	if (sink->quiet)
		return 0;
	if (!a->judgement.finding && !grade_obtained(a->grade) && !sink->verbose) {
		text->left_out++;
		return 0;
	}
	put_line(sink, a);
	text->live = true;
	return fflush(sink->out) ? -errno : 0;
}

static int text_loss(struct sink *sink, const struct loss *loss, uint64_t from, uint64_t until)
{
	const char *sep = "";

	if (sink->quiet)
		return 0;
	put_clock(sink->out, until);
	fputs("lost             ", sink->out);
	for (size_t i = 0; i < PIA_OP_MAX; i++) {
		if (!class_word[i] || !loss->lost[i])
			continue;
		fprintf(sink->out, "%s%" PRIu64 " %s", sep, loss->lost[i], class_word[i]);
		sep = ", ";
	}
	/* Losses that were counted with the previous span can have a time in this one. */
	fputs(*sep ? "" : "counted in an earlier line,", sink->out);
	fprintf(sink->out,
		" within %" PRIu64 " ms; declared accesses in that time are inconclusive\n",
		(until - from) / 1000000);
	return ferror(sink->out) ? -EIO : 0;
}

static int text_status(struct sink *sink, const struct status *status)
{
	if (sink->quiet || !(sink->verbose || status->warns))
		return 0;
	put_clock(sink->out, status->time);
	fprintf(sink->out, "%-15s  ", status->state);
	escape_put(sink->out, status->text);
	fputc('\n', sink->out);
	return ferror(sink->out) ? -EIO : 0;
}

static void put_kind(FILE *out, const struct findings_group_row *row, unsigned int number)
{
	char part[EVIDENCE_MAX], weak[EVIDENCE_MAX], verdict[2 * EVIDENCE_MAX + 48];
	const char *const words[EVIDENCE_WORDS] = {
		evidence_weak(weak, row->grades),
		evidence_part(part, row->info, row->count),
		"",
	};

	evidence_in_brackets(verdict, sizeof(verdict), verdict_word[row->verdict], words);
	fputs("  ", out);
	if (number)
		fprintf(out, "F%u  ", number);
	fprintf(out, "%s  %s  x%" PRIu64, row->category->id, verdict, row->count);
	if (number)
		fprintf(out, "  %s", row->print);
	fputs("\n    first: ", out);
	escape_put(out, row->process ?: "");
	fputs("  ", out);
	escape_put(out, row->object ?: "");
	fputs("\n    why:   ", out);
	escape_put(out, row->reason ?: "");
	fputc('\n', out);
}

/* Findings are numbered in this order, as in a report. Inconclusive kinds have no number. */
static void put_kinds(FILE *out, const struct text *text, bool inconclusive)
{
	unsigned int number = 0;

	fputs(inconclusive ? "inconclusive:\n" : "findings:\n", out);
	for (const struct findings_group_row *row = tally_first(text->tally); row; row = row->next)
		if ((row->verdict == VERDICT_INCONCLUSIVE) == inconclusive)
			put_kind(out, row, inconclusive ? 0 : ++number);
	fputc('\n', out);
}

static int text_summary(struct sink *sink, const struct summary *summary)
{
	struct text *text = text_state(sink);
	int err;

	if (!text)
		return -ENOMEM;
	if (text->live)
		fputc('\n', sink->out);
	err = summary_text_table(sink->out, summary);
	if (summary->findings)
		put_kinds(sink->out, text, false);
	if (summary->verdicts[VERDICT_INCONCLUSIVE])
		put_kinds(sink->out, text, true);
	summary_text_exceptions(sink->out, summary);
	summary_text_coverage(sink->out, summary, "");
	if (text->left_out)
		fprintf(sink->out, "%" PRIu64 " informational line%s left out; -v prints %s\n",
			text->left_out, text->left_out == 1 ? " was" : "s were",
			text->left_out == 1 ? "it" : "them");
	summary_text_result(sink->out, summary);
	return err ?: (fflush(sink->out) ? -errno : 0);
}

extern const struct sink_ops sink_text;
const struct sink_ops sink_text = { .name = "text",
				    .access = text_access,
				    .loss = text_loss,
				    .status = text_status,
				    .summary = text_summary,
				    .close = text_close };
