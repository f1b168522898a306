/* SPDX-License-Identifier: Apache-2.0 */
/* test_top_sink.c - the most frequent recent reads: the busiest first, and no old ones. */
#include "daemon/sink/top_sink.c"

/* cmocka needs these headers first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy/catalog.h"

#define ROWS 3

static const struct category mac = { .id = "mac" }, ip = { .id = "ip" };
static const struct source file = { .id = "file" }, call = { .id = "call" };

static uint64_t now; /* ns, as on a machine that has run for a while */
static uint64_t findings;

static void begin(struct top **top, struct sink *sink)
{
	*top = NULL;
	now = 3600000000000ull;
	findings = 0;
	assert_int_equal(top_sink_open(top), 0);
	assert_int_equal(top_sink(sink, *top, &findings), 0);
	sink->ops->tick(sink, now);
}

static void end(struct top **top, struct sink *sink)
{
	sink->ops->close(sink);
	assert_null(sink->state);
	top_sink_close(top);
	assert_null(*top);
}

static void reads(struct sink *sink, const char *app, const struct category *category,
		  const struct source *source, uint64_t count)
{
	const struct access a = {
		.app = app, .category = category, .source = source, .count = count
	};

	assert_int_equal(sink->ops->access(sink, &a), 0);
}

static void later(struct sink *sink, unsigned int seconds)
{
	now += seconds * 1000000000ull;
	sink->ops->tick(sink, now);
}

static uint64_t count_of(const struct top *top, size_t i)
{
	struct top_row rows[ROWS];

	return i < top_sink_rows(top, rows, ROWS) ? rows[i].count : 0;
}

/*
 * An app, a category and a source make a row. Reads of the same app by another source are another
 * row.
 */
static void the_busiest_are_first(void **state)
{
	static const uint64_t want[] = { 9, 8, 7 };
	struct top_row rows[16];
	struct sink sink;
	struct top *top;

	(void)state;
	begin(&top, &sink);
	assert_int_equal(top_sink_rows(top, rows, 16), 0);
	reads(&sink, "a", &mac, &file, 1);
	reads(&sink, "b", &mac, &file, 7);
	reads(&sink, "a", &ip, &file, 4);
	reads(&sink, "a", &mac, &call, 9);
	reads(&sink, "c", &mac, &file, 2);
	reads(&sink, "a", &ip, &file, 4);
	assert_int_equal(top_sink_rows(top, rows, 16), 5);
	assert_int_equal(top_sink_rows(top, rows, ROWS), ROWS);
	for (size_t i = 0; i < ROWS; i++)
		assert_int_equal(rows[i].count, want[i]);
	assert_string_equal(rows[1].app, "a");
	assert_ptr_equal(rows[1].category, &ip);
	assert_ptr_equal(rows[1].source, &file);
	assert_string_equal(rows[2].app, "b");
	end(&top, &sink);
}

static void old_reads_are_forgotten(void **state)
{
	struct sink sink;
	struct top *top;

	(void)state;
	begin(&top, &sink);
	reads(&sink, "a", &mac, &file, 5);
	later(&sink, TOP_SECONDS / 2 - 1);
	reads(&sink, "a", &mac, &file, 3);
	assert_int_equal(count_of(top, 0), 8);
	later(&sink, 1);
	assert_int_equal(count_of(top, 0), 8);
	reads(&sink, "a", &mac, &file, 1);
	assert_int_equal(count_of(top, 0), 9);
	later(&sink, TOP_SECONDS / 2);
	assert_int_equal(count_of(top, 0), 1);
	later(&sink, TOP_SECONDS / 2);
	assert_int_equal(count_of(top, 0), 0);
	assert_null(top->rows); /* the row is removed too */
	end(&top, &sink);
}

/* The sinks of all apps count into one table, and tick one after the other. */
static void all_apps_share_one_table(void **state)
{
	uint64_t others = 0;
	struct sink a, b;
	struct top *top;

	(void)state;
	begin(&top, &a);
	assert_int_equal(top_sink(&b, top, &others), 0);
	reads(&a, "a", &mac, &file, 5);
	reads(&b, "b", &mac, &file, 6);
	later(&a, TOP_SECONDS / 2);
	b.ops->tick(&b, now);
	assert_int_equal(count_of(top, 0), 6);
	assert_int_equal(count_of(top, 1), 5);
	/* The sink of one app is closed, but its reads are still recent. */
	b.ops->close(&b);
	assert_int_equal(count_of(top, 0), 6);
	end(&top, &a);
}

static void findings_are_counted_for_each_app(void **state)
{
	struct access a = { .app = "a", .category = &mac, .source = &file, .count = 3 };
	struct sink sink;
	struct top *top;

	(void)state;
	begin(&top, &sink);
	assert_int_equal(sink.ops->access(&sink, &a), 0);
	assert_int_equal(findings, 0);
	a.judgement.finding = true;
	assert_int_equal(sink.ops->access(&sink, &a), 0);
	assert_int_equal(findings, 3);
	later(&sink, 3 * TOP_SECONDS);
	later(&sink, 3 * TOP_SECONDS);
	assert_int_equal(findings, 3); /* the total, not only the recent ones */
	end(&top, &sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_busiest_are_first),
		cmocka_unit_test(old_reads_are_forgotten),
		cmocka_unit_test(all_apps_share_one_table),
		cmocka_unit_test(findings_are_counted_for_each_app),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
