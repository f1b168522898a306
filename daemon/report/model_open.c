/* SPDX-License-Identifier: Apache-2.0 */
/* model_open.c - loads audits, losses and blind spots; makes the timeline; divides by statement. */
#include "model_private.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#define HOUR_NS 3600000000000ull

/* The end of the list that is being filled. */
struct listing {
	struct model *l;
	void **end;
};

static struct model *model_of(void *context)
{
	return ((struct listing *)context)->l;
}

/* Every kind has its next pointer as its first member. */
#define APPEND(context, node)                        \
	do {                                         \
		struct listing *list_ = (context);   \
		*list_->end = (node);                \
		list_->end = (void **)&(node)->next; \
	} while (0)

static int take_run(void *context, const struct history_query_row *row)
{
	struct model *l = model_of(context);
	struct model_run *r = model_room(l, 1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	*r = (struct model_run){
		.id = history_query_number(row, RUN_ID),
		.started = history_query_number(row, RUN_STARTED),
		.seen = history_query_number(row, RUN_SEEN),
		.ended = history_query_number(row, RUN_ENDED),
		.events = history_query_number(row, RUN_EVENTS),
		.lost = history_query_number(row, RUN_LOST),
		.malformed = history_query_number(row, RUN_MALFORMED),
		.undecoded = history_query_number(row, RUN_UNDECODED),
		.doubts = history_query_number(row, RUN_DOUBTS),
		.processes = history_query_number(row, RUN_PROCESSES),
		.app = model_word(l, row, RUN_APP),
		.scenarios = model_word(l, row, RUN_SCENARIOS),
		.text = model_keep(l, row, RUN_TEXT),
		.stopped = model_keep(l, row, RUN_STOPPED),
		.hole = model_keep(l, row, RUN_HOLE),
		.statement = model_statement(l, (int64_t)history_query_number(row, RUN_POLICY)),
		.sighted = history_query_number(row, RUN_SIGHT_KNOWN),
	};
	r->cut = !r->ended;
	l->run_count++;
	l->cut += r->cut;
	l->sighted += r->sighted && !r->cut;
	r->lasted = (r->ended ?: r->seen) > r->started ? (r->ended ?: r->seen) - r->started : 0;
	l->audited += r->lasted;
	l->events += r->events;
	l->malformed += r->malformed;
	l->undecoded += r->undecoded;
	l->holes += !!r->hole;
	APPEND(context, r);
	return l->error;
}

static int take_loss(void *context, const struct history_query_row *row)
{
	struct model *l = model_of(context);
	struct model_loss *n = model_room(l, 1, sizeof(*n));
	struct model_bin *bin = model_bin(l, history_query_number(row, LOSS_FIRST));

	if (!n)
		return -ENOMEM;
	*n = (struct model_loss){ .class = model_word(l, row, LOSS_CLASS),
				  .first = history_query_number(row, LOSS_FIRST),
				  .last = history_query_number(row, LOSS_LAST),
				  .count = history_query_number(row, LOSS_COUNT) };
	*(history_query_number(row, LOSS_ENDED) ? &l->lost : &l->lost_so_far) += n->count;
	if (bin)
		bin->lost += n->count;
	APPEND(context, n);
	return l->error;
}

static int take_blind(void *context, const struct history_query_row *row)
{
	struct model *l = model_of(context);
	struct model_blind *b = model_room(l, 1, sizeof(*b));
	const char *kind = history_query_text(row, BLIND_KIND);

	if (!b)
		return -ENOMEM;
	*b = (struct model_blind){ .text = model_word(l, row, BLIND_TEXT),
				   .runs = history_query_number(row, BLIND_RUNS),
				   .probe = kind && !strcmp(kind, "probe") };
	l->incomplete |= b->probe;
	APPEND(context, b);
	return l->error;
}

static int take_dropped(void *context, const struct history_query_row *row)
{
	struct model *l = model_of(context);
	struct model_dropped *d = model_room(l, 1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	*d = (struct model_dropped){ .what = model_word(l, row, DROPPED_WHAT),
				     .why = model_word(l, row, DROPPED_WHY),
				     .time = history_query_number(row, DROPPED_TIME),
				     .count = history_query_number(row, DROPPED_COUNT),
				     .first = history_query_number(row, DROPPED_FIRST),
				     .last = history_query_number(row, DROPPED_LAST) };
	l->incomplete |= !strcmp(d->what, "unwritten");
	APPEND(context, d);
	return l->error;
}

static int take_extent(void *context, const struct history_query_row *row)
{
	struct model *l = model_of(context);

	l->first = history_query_number(row, EXTENT_FIRST);
	l->last = history_query_number(row, EXTENT_LAST);
	return 0;
}

/* Makes bins of whole hours, days or weeks, in usual steps. */
static void make_bins(struct model *l)
{
	static const uint64_t hours[] = { 1, 2, 3, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24 };
	uint64_t from = l->since > l->first ? l->since : l->first;
	uint64_t until = l->until && l->until < l->last ? l->until : l->last;

	if (!l->last || until < from)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(hours); i++) {
		uint64_t first = from / (hours[i] * HOUR_NS), last = until / (hours[i] * HOUR_NS);

		l->bin_ns = hours[i] * HOUR_NS;
		l->bin_count = last - first + 1;
		l->bins[0].start = first * l->bin_ns;
		if (l->bin_count <= MODEL_BINS)
			break;
	}
	/* More than five years do not fit: keeps the newest bins. */
	if (l->bin_count > MODEL_BINS) {
		l->bins[0].start += (l->bin_count - MODEL_BINS) * l->bin_ns;
		l->bin_count = MODEL_BINS;
	}
	for (size_t i = 1; i < l->bin_count; i++)
		l->bins[i].start = l->bins[0].start + i * l->bin_ns;
}

int model_load_rest(struct model *l, struct history_query *view,
		    const struct history_query_filter *filter)
{
	const struct {
		enum history_query_kind query;
		history_query_row_fn *take;
		void *head;
	} lists[] = {
		{ HISTORY_QUERY_RUNS, take_run, &l->runs },
		{ HISTORY_QUERY_LOSSES, take_loss, &l->losses },
		{ HISTORY_QUERY_BLIND, take_blind, &l->blind },
		{ HISTORY_QUERY_DROPPED, take_dropped, &l->dropped },
	};
	struct listing list = { .l = l };
	int err = history_query_each(view, HISTORY_QUERY_EXTENT, filter, take_extent, &list);

	make_bins(l);
	for (size_t i = 0; i < ARRAY_SIZE(lists) && !err; i++) {
		list.end = lists[i].head;
		err = history_query_each(view, lists[i].query, filter, lists[i].take, &list);
	}
	return err;
}

static int model_open_load(struct model *l, struct history_query *view,
			   const struct history_query_filter *filter)
{
	int err = model_load_statements(l, view);

	err = err ?: findings_open(&l->seen);
	err = err ?: model_load_rest(l, view, filter);
	err = err ?: history_query_each(view, HISTORY_QUERY_RUNS, filter, model_take_run, l);
	err = err ?: history_query_each(view, HISTORY_QUERY_ACTIVE, filter, model_take_active, l);
	err = err ?: history_query_each(view, HISTORY_QUERY_ACCESSES, filter, model_take_access, l);
	err = err ?: model_load_findings(l, view, filter);
	l->incomplete |= l->lost || l->lost_so_far || l->malformed || l->undecoded || l->holes ||
			 l->count.open;
	return err ?: l->error;
}

/* Opens a ledger without its parts. */
static struct model *open_part(struct history_query *view,
			       const struct history_query_filter *filter, uint64_t now)
{
	AUTO(model_close) struct model *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->app = filter->app;
	l->statement = filter->statement;
	l->now = now;
	l->since = filter->since;
	l->until = filter->until;
	return model_open_load(l, view, filter) ? NULL : TAKE(l);
}

static bool model_open_met_before(const struct model *l, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (l->statements[k].used && !strcmp(l->statements[k].name, l->statements[i].name))
			return true;
	return false;
}

/* Counts the statements by id, since versions of one statement are one part. */
static size_t count_names(const struct model *l)
{
	size_t count = 0;

	for (size_t i = 0; i < l->statement_count; i++)
		count += l->statements[i].used && !model_open_met_before(l, i);
	return count;
}

/* Each statement has its own result, so its part is a ledger of its rows only. */
static int open_parts(struct model *l, struct history_query *view,
		      const struct history_query_filter *filter)
{
	size_t names = count_names(l);

	l->parts = model_room(l, names, sizeof(struct model *));
	if (!l->parts)
		return -ENOMEM;
	if (names < 2) {
		l->parts[l->part_count++] = l;
		return 0;
	}
	l->kinds = 0;
	l->found = 0;
	l->findings = NULL;
	for (size_t i = 0; i < l->statement_count; i++) {
		struct history_query_filter of = *filter;
		struct model *part;

		if (!l->statements[i].used || model_open_met_before(l, i))
			continue;
		of.statement = l->statements[i].name;
		part = open_part(view, &of, l->now);
		if (!part)
			return -ENOMEM;
		l->parts[l->part_count++] = part;
		l->kinds += part->kinds;
		l->found += part->found;
	}
	return 0;
}

struct model *model_open(struct history_query *view, const struct history_query_filter *filter,
			 uint64_t now)
{
	AUTO(model_close) struct model *l = open_part(view, filter, now);

	if (!l || open_parts(l, view, filter))
		return NULL;
	model_number(l);
	return TAKE(l);
}

void model_close(struct model **ledger)
{
	struct model *l = *ledger;

	if (!l)
		return;
	for (size_t i = 0; i < l->part_count; i++)
		if (l->parts[i] != l)
			model_close(&l->parts[i]);
	findings_close(&l->seen);
	arena_free(&l->arena);
	free(l);
	*ledger = NULL;
}
