/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_rest.c - findings, runs, losses and what could not be seen; the timeline. */
#include "ledger_private.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#define HOUR_NS 3600000000000ull

/* What a list is appended to. */
struct listing {
	struct ledger *l;
	void **end;
};

static struct ledger *ledger_of(void *context)
{
	return ((struct listing *)context)->l;
}

/* The next pointer of every kind is its first member. */
#define APPEND(context, node)                        \
	do {                                         \
		struct listing *list_ = (context);   \
		*list_->end = (node);                \
		list_->end = (void **)&(node)->next; \
	} while (0)

static int take_finding(void *context, const struct view_row *row)
{
	struct ledger *l = ledger_of(context);
	struct ledger_finding *f = ledger_room(l, 1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	*f = (struct ledger_finding){
		.id = view_number(row, FINDING_ID),
		.policy = (int64_t)view_number(row, FINDING_POLICY),
		.count = view_number(row, FINDING_COUNT),
		.first = view_number(row, FINDING_FIRST),
		.last = view_number(row, FINDING_LAST),
		.pid = view_number(row, FINDING_PID),
		.app = ledger_word(l, row, FINDING_APP),
		.exe = ledger_word(l, row, FINDING_EXE),
		.category = ledger_word(l, row, FINDING_CATEGORY),
		.source = ledger_word(l, row, FINDING_SOURCE),
		.grade = ledger_word(l, row, FINDING_GRADE),
		.verdict = ledger_word(l, row, FINDING_VERDICT),
		.scenarios = ledger_word(l, row, FINDING_SCENARIOS),
		.object = ledger_keep(l, row, FINDING_OBJECT),
		.comm = ledger_word(l, row, FINDING_COMM),
		.reason = ledger_word(l, row, FINDING_REASON),
		.rule = ledger_keep(l, row, FINDING_RULE),
	};
	f->statement = ledger_statement(l, f->policy);
	l->kinds++;
	APPEND(context, f);
	return l->error;
}

static int take_run(void *context, const struct view_row *row)
{
	struct ledger *l = ledger_of(context);
	struct ledger_run *r = ledger_room(l, 1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	*r = (struct ledger_run){
		.id = view_number(row, RUN_ID),
		.started = view_number(row, RUN_STARTED),
		.seen = view_number(row, RUN_SEEN),
		.ended = view_number(row, RUN_ENDED),
		.events = view_number(row, RUN_EVENTS),
		.lost = view_number(row, RUN_LOST),
		.malformed = view_number(row, RUN_MALFORMED),
		.undecoded = view_number(row, RUN_UNDECODED),
		.doubts = view_number(row, RUN_DOUBTS),
		.processes = view_number(row, RUN_PROCESSES),
		.app = ledger_word(l, row, RUN_APP),
		.scenarios = ledger_word(l, row, RUN_SCENARIOS),
		.text = ledger_keep(l, row, RUN_TEXT),
		.stopped = ledger_keep(l, row, RUN_STOPPED),
		.hole = ledger_keep(l, row, RUN_HOLE),
	};
	r->cut = !r->ended;
	l->run_count++;
	l->cut += r->cut;
	r->lasted = (r->ended ?: r->seen) > r->started ? (r->ended ?: r->seen) - r->started : 0;
	l->audited += r->lasted;
	l->events += r->events;
	l->malformed += r->malformed;
	l->undecoded += r->undecoded;
	l->holes += !!r->hole;
	APPEND(context, r);
	return l->error;
}

static int take_loss(void *context, const struct view_row *row)
{
	struct ledger *l = ledger_of(context);
	struct ledger_loss *n = ledger_room(l, 1, sizeof(*n));
	struct ledger_bin *bin = ledger_bin(l, view_number(row, LOSS_FIRST));

	if (!n)
		return -ENOMEM;
	*n = (struct ledger_loss){ .class = ledger_word(l, row, LOSS_CLASS),
				   .first = view_number(row, LOSS_FIRST),
				   .last = view_number(row, LOSS_LAST),
				   .count = view_number(row, LOSS_COUNT) };
	l->lost += n->count;
	if (bin)
		bin->lost += n->count;
	APPEND(context, n);
	return l->error;
}

static int take_blind(void *context, const struct view_row *row)
{
	struct ledger *l = ledger_of(context);
	struct ledger_blind *b = ledger_room(l, 1, sizeof(*b));
	const char *kind = view_text(row, BLIND_KIND);

	if (!b)
		return -ENOMEM;
	*b = (struct ledger_blind){ .text = ledger_word(l, row, BLIND_TEXT),
				    .runs = view_number(row, BLIND_RUNS),
				    .probe = kind && !strcmp(kind, "probe") };
	l->incomplete |= b->probe;
	APPEND(context, b);
	return l->error;
}

static int take_dropped(void *context, const struct view_row *row)
{
	struct ledger *l = ledger_of(context);
	struct ledger_dropped *d = ledger_room(l, 1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	*d = (struct ledger_dropped){ .what = ledger_word(l, row, DROPPED_WHAT),
				      .why = ledger_word(l, row, DROPPED_WHY),
				      .time = view_number(row, DROPPED_TIME),
				      .count = view_number(row, DROPPED_COUNT),
				      .first = view_number(row, DROPPED_FIRST),
				      .last = view_number(row, DROPPED_LAST) };
	l->incomplete |= !strcmp(d->what, "unwritten");
	APPEND(context, d);
	return l->error;
}

static int take_extent(void *context, const struct view_row *row)
{
	struct ledger *l = ledger_of(context);

	l->first = view_number(row, EXTENT_FIRST);
	l->last = view_number(row, EXTENT_LAST);
	return 0;
}

/* Bins as wide as whole hours, days or weeks that a person counts in. */
static void make_bins(struct ledger *l)
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
		if (l->bin_count <= LEDGER_BINS)
			break;
	}
	/* Longer than five years: the newest. */
	if (l->bin_count > LEDGER_BINS) {
		l->bins[0].start += (l->bin_count - LEDGER_BINS) * l->bin_ns;
		l->bin_count = LEDGER_BINS;
	}
	for (size_t i = 1; i < l->bin_count; i++)
		l->bins[i].start = l->bins[0].start + i * l->bin_ns;
}

int ledger_load_rest(struct ledger *l, struct view *view, const struct view_filter *filter)
{
	const struct {
		enum view_query query;
		view_row_fn *take;
		void *head;
	} lists[] = {
		{ VIEW_FINDINGS, take_finding, &l->findings },
		{ VIEW_RUNS, take_run, &l->runs },
		{ VIEW_LOSSES, take_loss, &l->losses },
		{ VIEW_BLIND, take_blind, &l->blind },
		{ VIEW_DROPPED, take_dropped, &l->dropped },
	};
	struct listing list = { .l = l };
	int err = view_each(view, VIEW_EXTENT, filter, take_extent, &list);

	make_bins(l);
	for (size_t i = 0; i < ARRAY_SIZE(lists) && !err; i++) {
		list.end = lists[i].head;
		err = view_each(view, lists[i].query, filter, lists[i].take, &list);
	}
	return err;
}

struct ledger *ledger_open(struct view *view, const struct view_filter *filter, uint64_t now)
{
	AUTO(ledger_close) struct ledger *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return NULL;
	l->app = filter->app;
	l->now = now;
	l->since = filter->since;
	l->until = filter->until;
	err = ledger_load_statements(l, view);
	err = err ?: ledger_load_rest(l, view, filter);
	err = err ?: view_each(view, VIEW_RUNS, filter, ledger_take_run, l);
	err = err ?: view_each(view, VIEW_ACTIVE, filter, ledger_take_active, l);
	err = err ?: view_each(view, VIEW_ACCESSES, filter, ledger_take_access, l);
	if (err || l->error)
		return NULL;
	l->incomplete |= l->lost || l->malformed || l->undecoded || l->holes || l->count.open;
	return TAKE(l);
}

void ledger_close(struct ledger **ledger)
{
	if (!*ledger)
		return;
	arena_free(&(*ledger)->arena);
	free(*ledger);
	*ledger = NULL;
}
