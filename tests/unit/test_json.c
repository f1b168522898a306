/* SPDX-License-Identifier: Apache-2.0 */
/* test_json.c - the JSON writer and the terminal escapes with any bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/util/escape.c"
#include "daemon/util/json.c"

static void any_bytes_make_a_valid_json_string(void **state)
{
	static const struct {
		int line;
		const char *text, *json;
	} cases[] = {
		{ __LINE__, "plain", "\"plain\"\n" },
		{ __LINE__, "a\"b\\c", "\"a\\\"b\\\\c\"\n" },
		{ __LINE__, "\x1b[2J\n\t\x7f", "\"\\u001b[2J\\u000a\\u0009\\u007f\"\n" },
		{ __LINE__, "gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"\n" },
		{ __LINE__, "\xf0\x9f\x94\x92", "\"\xf0\x9f\x94\x92\"\n" },
		{ __LINE__, "\xff", "\"\xef\xbf\xbd\"\n" },
		{ __LINE__, "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"\n" }, /* overlong */
		{ __LINE__, "\xed\xa0\x80",
		  "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n" }, /* surrogate */
		{ __LINE__, "cut\xe2\x82", "\"cut\xef\xbf\xbd\xef\xbf\xbd\"\n" },
		{ __LINE__, "", "\"\"\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = NULL;
		size_t size = 0;
		struct json j = { .out = open_memstream(&text, &size) };

		json_string(&j, NULL, cases[i].text);
		assert_int_equal(json_end(&j), 0);
		fclose(j.out);
		if (strcmp(text, cases[i].json))
			fail_msg("line %d: %s", cases[i].line, text);
		free(text);
	}
}

static void objects_and_arrays_nest_with_their_commas(void **state)
{
	char *text = NULL;
	size_t size = 0;
	struct json j = { .out = open_memstream(&text, &size) };

	(void)state;
	json_object(&j, NULL);
	json_number(&j, "a", 18446744073709551615ull);
	json_array(&j, "b");
	json_string(&j, NULL, "x");
	json_null(&j, NULL);
	json_object(&j, NULL);
	json_close(&j);
	json_close(&j);
	json_bool(&j, "c", true);
	json_signed(&j, "d", -1);
	json_string(&j, "e", NULL);
	json_time(&j, "t", 1795442324000000007ull);
	json_close(&j);
	assert_int_equal(json_end(&j), 0);
	fclose(j.out);
	assert_string_equal(text,
			    "{\"a\":18446744073709551615,\"b\":[\"x\",null,{}],\"c\":true,\"d\":-1,"
			    "\"e\":null,\"t\":\"2026-11-23T13:58:44.000000007Z\"}\n");
	free(text);
}

static void too_deep_or_left_open_is_an_error(void **state)
{
	char *text = NULL;
	size_t size = 0;
	struct json deep = { .out = open_memstream(&text, &size) };
	struct json left = { .out = deep.out };

	(void)state;
	for (int i = 0; i <= JSON_DEPTH_MAX; i++)
		json_array(&deep, NULL);
	assert_int_equal(json_end(&deep), -E2BIG);
	json_object(&left, NULL);
	assert_int_equal(json_end(&left), -EINVAL);
	fclose(left.out);
	free(text);
}

static void a_write_error_is_kept(void **state)
{
	struct json j = { .out = fopen("/dev/full", "w") };

	(void)state;
	assert_non_null(j.out);
	json_string(&j, NULL, "x");
	assert_int_equal(json_end(&j), -ENOSPC);
	fclose(j.out);
}

static void escaped_text_does_not_move_the_cursor(void **state)
{
	static const struct {
		int line;
		const char *text, *shown;
	} cases[] = {
		{ __LINE__, "/tmp/plain", "/tmp/plain" },
		{ __LINE__, "\x1b]0;x\x07", "\\x1b]0;x\\x07" },
		{ __LINE__,
		  "\xc2\x9b"
		  "31m",
		  "\\xc2\\x9b31m" }, /* C1 CSI */
		{ __LINE__,
		  "\xe2\x80\xae"
		  "gpj",
		  "\\xe2\\x80\\xaegpj" }, /* right-to-left override */
		{ __LINE__, "a\xff", "a\\xff" },
		{ __LINE__, "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ __LINE__, "0123456789abcdefghijklmnop", "0123456789abcdefghij..." },
	};
	char buf[24];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (strcmp(escape_text(buf, sizeof(buf), cases[i].text), cases[i].shown))
			fail_msg("line %d: %s", cases[i].line, buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_bytes_make_a_valid_json_string),
		cmocka_unit_test(objects_and_arrays_nest_with_their_commas),
		cmocka_unit_test(too_deep_or_left_open_is_an_error),
		cmocka_unit_test(a_write_error_is_kept),
		cmocka_unit_test(escaped_text_does_not_move_the_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
