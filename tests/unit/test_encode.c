/* SPDX-License-Identifier: Apache-2.0 */
/* test_encode.c - in no encoding can a name exceed its record, end it, or forge another value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "daemon/config/options.h"
#include "daemon/encode/encode.c"

#define LONG_MAX_TEXT (64u << 10)

static const struct encode_options none;

/* Texts that mean something in some encoding. Each is tested alone, and repeated up to 64 KiB. */
static const char *const hostile[] = {
	"\"",
	"|",
	"\n",
	"[",
	"]",
	"\\",
	"=",
	"\t",
	"\r",
	" ",
	"\xff",
	"{",
	"}",
	",",
	"<",
	"%s",
	"'",
	"\x7f",
	"\x01",
	"\xc3",
	"\xe4\xb8\xad",
	"\xf0\x9f\x98\x80",
	"\xed\xa0\x80",
	"\xc0\x80",
	"x=1 suid=0",
	"\"] forged",
};

/* An access with @text in every field that a program controls. Free it with event_free(). */
static void access_named(struct event *e, const char *text)
{
	static const char *const names[] = { "process.exe", "process.comm", "object" };

	*e = (struct event){ .type = EVENT_ACCESS,
			     .severity = SEVERITY_HIGH,
			     .time = 1795442324000000007ull };
	event_add_time(e, "time", e->time);
	event_add_text(e, "app", "app");
	event_add_text(e, "category", "machine_id");
	event_add_text(e, "kind", "file");
	event_add_text(e, "verdict", "undeclared");
	event_add(e, "finding", FIELD_BOOL)->number = 1;
	event_add(e, "scenario", FIELD_SCENARIOS)->text = "one,two";
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		event_add(e, names[i], FIELD_BYTES)->text = text;
	event_add_number(e, "process.pid", 12);
	event_add_number(e, "uid", 1000);
	event_add_text(e, "id", "01a208b3-b220-7617-a912-0b1f17631f05");
	event_add_number(e, "seq", 1);
}

/* The caller frees the result. */
static char *encoded(const struct encoder *encoder, const struct event *e,
		     const struct encode_options *o, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	assert_int_equal(encode_record(encoder, e, o, f), 0);
	fclose(f);
	return text;
}

/* A record is one line of UTF-8. An entry of the journal is not: it has counted bytes. */
static void check(const struct encoder *encoder, const char *text, size_t len, const char *name)
{
	if (len > encoder->most || !len)
		fail_msg("%s of %.16s: %zu bytes", encoder->name, name, len);
	if (!strcmp(encoder->name, "journald"))
		return;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == 0x7f || (c < 0x20 && !(c == '\t' && !strcmp(encoder->name, "leef"))))
			fail_msg("%s of %.16s: byte %02x", encoder->name, name, c);
	}
	if (strlen(text) != len || !json_utf8_all(text))
		fail_msg("%s of %.16s: no UTF-8", encoder->name, name);
}

static void no_name_forges_a_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++)
		for (size_t k = 0; encoders[k]; k++) {
			struct event e;
			size_t len;
			AUTO_FREE char *text = NULL;

			access_named(&e, hostile[i]);
			text = encoded(encoders[k], &e, &none, &len);
			check(encoders[k], text, len, hostile[i]);
			event_free(&e);
		}
}

/* A name of 64 KiB is cut so that the record keeps its limit, and the record says so. */
static void no_name_is_too_long(void **state)
{
	char *name = malloc(LONG_MAX_TEXT + 1);

	(void)state;
	assert_non_null(name);
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		size_t one = strlen(hostile[i]), used = 0;
		struct event e;

		for (; used + one <= LONG_MAX_TEXT; used += one)
			memcpy(name + used, hostile[i], one);
		name[used] = 0;
		access_named(&e, name);
		for (size_t k = 0; encoders[k]; k++) {
			size_t len;
			AUTO_FREE char *text = encoded(encoders[k], &e, &none, &len);

			check(encoders[k], text, len, hostile[i]);
			if (!memmem(text, len, "runcated", 8) && !memmem(text, len, "TRUNCATED", 9))
				fail_msg("%s: cut, and not said", encoders[k]->name);
		}
		event_free(&e);
	}
	free(name);
}

/* An event that is as full as possible, with valid names. */
static void no_event_is_too_full(void **state)
{
	char *text = malloc(LONG_MAX_TEXT + 1), names[EVENT_ITEMS_MAX][64];
	struct event e;

	(void)state;
	assert_non_null(text);
	memset(text, 1, LONG_MAX_TEXT);
	text[LONG_MAX_TEXT] = 0;
	access_named(&e, text);
	/* Leave room for derived values, and for the note that the record was cut. */
	for (size_t i = 0; e.count < EVENT_ITEMS_MAX - 12; i++) {
		snprintf(names[i], sizeof(names[i]), "a_name_that_is_rather_long_%zu", i);
		event_add_text(&e, names[i], text);
	}
	for (size_t k = 0; encoders[k]; k++) {
		size_t len;
		AUTO_FREE char *out = encoded(encoders[k], &e, &none, &len);

		check(encoders[k], out, len, "everything");
	}
	event_free(&e);
	free(text);
}

/* Every encoding has every field of the table by some name, without code for that field. */
static void every_field_is_in_every_encoding(void **state)
{
	struct event e = { .type = EVENT_ACCESS };
	char values[64][48];

	(void)state;
	assert_true(field_count <= ARRAY_SIZE(values));
	for (size_t i = 0; i < field_count; i++) {
		struct event_item *item = event_add(&e, fields[i].name, fields[i].type);

		snprintf(values[i], sizeof(values[i]), "value-of-%zu-", i);
		item->text = values[i];
		item->number = 777000 + i;
	}
	for (size_t k = 0; encoders[k]; k++) {
		size_t len;
		AUTO_FREE char *text = encoded(encoders[k], &e, &none, &len);

		for (size_t i = 0; i < field_count; i++) {
			char number[32];

			snprintf(number, sizeof(number), "%zu", 777000 + i);
			/* Times and booleans have no unique text to search for. */
			if (fields[i].type == FIELD_TIME || fields[i].type == FIELD_BOOL)
				continue;
			if (!strstr(text, values[i]) && !strstr(text, number))
				fail_msg("%s: not in %s", fields[i].name, encoders[k]->name);
		}
	}
	event_free(&e);
}

/* A probe is reported neither as success nor as failure. */
static void outcomes_follow_grades(void **state)
{
	static const struct {
		int line;
		enum grade grade;
		bool finding;
		const char *ecs, *ocsf, *action;
	} cases[] = {
		{ __LINE__, GRADE_DIRECT, false, "success", "\"status_id\":1,",
		  "\"action_id\":1," },
		{ __LINE__, GRADE_EXPOSED, false, "success", "\"status_id\":1,",
		  "\"action_id\":1," },
		{ __LINE__, GRADE_PROBE, false, "unknown", "\"status_id\":0,", "\"action_id\":0," },
		{ __LINE__, GRADE_AMBIENT, false, "unknown", "\"status_id\":0,",
		  "\"action_id\":0," },
		{ __LINE__, GRADE_ATTEMPTED, false, "failure", "\"status_id\":2,",
		  "\"action_id\":2," },
		/* In a finding, status_id is the state of its handling: new. */
		{ __LINE__, GRADE_PROBE, true, "unknown", "\"status_id\":1,", "\"action_id\":0," },
		{ __LINE__, GRADE_ATTEMPTED, true, "failure", "\"status_id\":1,",
		  "\"action_id\":2," },
		{ __LINE__, GRADE_DIRECT, true, "success", "\"status_id\":1,", "\"action_id\":1," },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(event_free) struct event e = { 0 };
		AUTO_FREE char *ecs = NULL, *ocsf = NULL;
		char outcome[64];
		size_t len;

		access_named(&e, "x");
		for (size_t k = 0; k < e.count; k++)
			if (!strcmp(e.items[k].name, "finding"))
				e.items[k].number = cases[i].finding;
		event_add_text(&e, "grade", grade_word[cases[i].grade]);
		ecs = encoded(encoder_find("ecs"), &e, &none, &len);
		ocsf = encoded(encoder_find("ocsf"), &e, &none, &len);
		snprintf(outcome, sizeof(outcome), "\"outcome\":\"%s\"", cases[i].ecs);
		if (!strstr(ecs, outcome) || !strstr(ocsf, cases[i].ocsf) ||
		    !strstr(ocsf, cases[i].action))
			fail_msg("row of line %d: %s %s", cases[i].line, ecs, ocsf);
	}
}

static void options_are_used(void **state)
{
	const struct encode_options o = { .pen = 12345, .facility = 13, .limit = 700 };
	const struct encoder *syslog = encoder_find("syslog");
	struct event e;
	size_t len;
	AUTO_FREE char *text = NULL;

	(void)state;
	access_named(&e, "/a/name/of/some/length");
	text = encoded(syslog, &e, &o, &len);
	assert_memory_equal(text,
			    "<107>1 2026-11-23T13:58:44.000000Z unknown piaudit - PI.FINDING "
			    "[piaudit@12345 ",
			    78);
	assert_true(len <= 700);
	event_free(&e);
}

/* A record that cannot fit is refused, not sent in part. */
static void records_that_cannot_fit_are_refused(void **state)
{
	const struct encode_options o = { .limit = 64 };
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	struct event e;

	(void)state;
	access_named(&e, "/x");
	for (size_t k = 0; encoders[k]; k++)
		assert_int_equal(encode_record(encoders[k], &e, &o, f), -EMSGSIZE);
	fclose(f);
	assert_int_equal(len, 0);
	free(text);
	event_free(&e);
}

/* The values of --format are the names of the encoders. */
static void every_encoding_is_a_format(void **state)
{
	size_t k = 1; /* 0 is piaudit's own JSON, which is always a format */

	(void)state;
	for (int i = FORMAT_ECS; i < FORMAT_MAX; i++, k++) {
		assert_non_null(encoders[k]);
		assert_string_equal(format_word[i], encoders[k]->name);
	}
	assert_null(encoders[k]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_name_forges_a_value),
		cmocka_unit_test(no_name_is_too_long),
		cmocka_unit_test(no_event_is_too_full),
		cmocka_unit_test(every_field_is_in_every_encoding),
		cmocka_unit_test(outcomes_follow_grades),
		cmocka_unit_test(options_are_used),
		cmocka_unit_test(records_that_cannot_fit_are_refused),
		cmocka_unit_test(every_encoding_is_a_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
