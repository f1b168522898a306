/* SPDX-License-Identifier: Apache-2.0 */
/* test_http_answer.c - answers of receivers and of strangers; waits after failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/export/backoff.c"
#include "daemon/export/destination/http_answer.c"
#include "daemon/export/destination/transport.c"

#define MOST 3

typedef int (*reading)(const struct http_answer *a, struct item **list, size_t count);

/* @fates has one letter for each record: o open, t there, d dead. */
static const struct {
	int line;
	reading read;
	const char *text;
	int err;
	const char *fates;
} cases[] = {
	{ __LINE__, http_read_items,
	  "{\"items\":[{\"create\":{\"status\":201}},{\"create\":{\"status\":409}},"
	  "{\"create\":{\"status\":429}}]}",
	  0, "tto" },
	{ __LINE__, http_read_items,
	  "{\"items\":[{\"create\":{\"status\":400,\"error\":{\"type\":\"t\",\"reason\":\"r\"}}},"
	  "{\"create\":{\"status\":503}},{\"create\":{}}]}",
	  0, "doo" },
	{ __LINE__, http_read_items, "{\"items\":[{\"create\":{\"status\":201}}]}", -EBADMSG,
	  "ooo" },
	{ __LINE__, http_read_items, "{\"items\":[1,\"a\",null]}", 0, "ooo" },
	{ __LINE__, http_read_items, "<html>", -EBADMSG, "ooo" },
	{ __LINE__, http_read_items, "", -EBADMSG, "ooo" },
	{ __LINE__, http_read_splunk, "{\"text\":\"Success\",\"code\":0}", 0, "ttt" },
	{ __LINE__, http_read_splunk, "{\"code\":9}", -EBADMSG, "ooo" },
	{ __LINE__, http_read_splunk, "{\"code\":\"0\"}", -EBADMSG, "ooo" },
	{ __LINE__, http_read_otlp, "", 0, "ttt" },
	{ __LINE__, http_read_otlp, "{}", 0, "ttt" },
	{ __LINE__, http_read_otlp, "{\"partialSuccess\":{\"rejectedLogRecords\":\"0\"}}", 0,
	  "ttt" },
	{ __LINE__, http_read_otlp, "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\"}}", 0,
	  "ddd" },
	{ __LINE__, http_read_otlp, "{\"partialSuccess\":{\"rejectedLogRecords\":2}}", 0, "ddd" },
	{ __LINE__, http_read_otlp, "welcome", -EBADMSG, "ooo" },
};

static struct http_answer answer(const char *text)
{
	return (struct http_answer){ 200, text, strlen(text) };
}

static void answers_decide_the_fate_of_each_record(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct item letters[MOST] = { 0 }, *list[MOST];
		struct http_answer a = answer(cases[i].text);
		char fates[MOST + 1] = "";
		int err;

		for (size_t k = 0; k < MOST; k++)
			list[k] = &letters[k];
		err = cases[i].read(&a, list, MOST);
		for (size_t k = 0; k < MOST; k++) {
			fates[k] = "otd"[letters[k].fate];
			free(letters[k].why);
		}
		if (err != cases[i].err || strcmp(fates, cases[i].fates)) {
			print_error("line %d: %d %s\n", cases[i].line, err, fates);
			fail();
		}
	}
}

static void acknowledgements_are_found_by_their_number(void **state)
{
	struct http_answer a = answer("{\"acks\":{\"7\":true,\"8\":false}}");
	uint64_t id = 0;

	(void)state;
	assert_int_equal(http_acked(&a, 7), 1);
	assert_int_equal(http_acked(&a, 8), 0);
	assert_int_equal(http_acked(&a, 9), 0);
	assert_false(http_ack_id(&a, &id));
	a = answer("{\"code\":0,\"ackId\":12}");
	assert_true(http_ack_id(&a, &id));
	assert_int_equal(id, 12);
	assert_int_equal(http_acked(&a, 12), -EBADMSG);
}

static void waits_grow_to_their_limit_at_random(void **state)
{
	struct backoff b = { .least = 1000, .most = 60000 };
	uint64_t most = 1000;

	(void)state;
	for (int i = 0; i < 70; i++) {
		struct backoff low = b;

		assert_in_range(backoff_failed(&low, 0, 0), most / 10, most / 10);
		assert_in_range(backoff_failed(&b, UINT64_MAX / 3 * 2, 0), most / 10, most);
		most = most * 2 < 60000 ? most * 2 : 60000;
	}
	/* The wait that the receiver asks for is kept, up to a limit. */
	assert_in_range(backoff_failed(&b, 5, 8000000), 8000000, 9000000);
	assert_in_range(backoff_failed(&b, 5, UINT64_MAX), BACKOFF_ASKED_MOST,
			BACKOFF_ASKED_MOST + BACKOFF_ASKED_MOST / 8);
	backoff_worked(&b);
	assert_in_range(backoff_failed(&b, 77777, 0), 100, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_decide_the_fate_of_each_record),
		cmocka_unit_test(acknowledgements_are_found_by_their_number),
		cmocka_unit_test(waits_grow_to_their_limit_at_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
