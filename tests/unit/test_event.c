/* SPDX-License-Identifier: Apache-2.0 */
/* test_event.c - lines of JSON parsed back into events; privacy profiles; malformed lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "daemon/encode/encode.h"
#include "daemon/event/event_parse.c"
#include "daemon/util/sha256.h"

/* Recordings whose outputs are in tests/golden: in JSON, and in formats/ in every encoding. */
static const char *const streams[] = { "everyday", "loss", "hostile" };

struct taking {
	const struct encoder *encoder;
	FILE *out;
};

static int encode(void *context, const struct event *e)
{
	static const struct encode_options none;
	const struct taking *t = context;
	int err = encode_whole(t->encoder, e, &none, t->out);

	fputc('\n', t->out);
	return err;
}

static char *content(const char *path, size_t *len)
{
	AUTO_FILE FILE *f = fopen(path, "re");
	FILE *out;
	char *text = NULL;
	int c;

	if (!f)
		fail_msg("%s: not there: tests are run from the top", path);
	out = open_memstream(&text, len);
	while ((c = getc(f)) != EOF)
		fputc(c, out);
	fclose(out);
	return text;
}

/* The lines of @text as @encoder writes them; the caller frees the result. */
static char *encoded(const struct encoder *encoder, const char *text, size_t *len)
{
	struct taking t = { .encoder = encoder };
	char *out = NULL;

	t.out = open_memstream(&out, len);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		assert_int_equal(event_parse(line, strcspn(line, "\n"), encode, &t), 0);
	fclose(t.out);
	return out;
}

/* So an exporter writes the same as the daemon. */
static void a_parsed_line_encodes_like_its_event(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(streams); i++) {
		AUTO_FREE char *lines = NULL;
		char path[128];
		size_t len;

		snprintf(path, sizeof(path), "tests/golden/%s.json", streams[i]);
		lines = content(path, &len);
		for (size_t k = 1; encoders[k]; k++) {
			AUTO_FREE char *expected = NULL, *made = NULL;
			size_t expected_len, made_len;

			snprintf(path, sizeof(path), "tests/golden/formats/%s.%s", streams[i],
				 encoders[k]->name);
			expected = content(path, &expected_len);
			made = encoded(encoders[k], lines, &made_len);
			if (made_len != expected_len || memcmp(made, expected, made_len))
				fail_msg("%s: not what the line says", path);
			free(made);
			made = NULL;
		}
	}
}

/* All lines but summaries: the rows of their tables are events of their own. */
static void json_lines_round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(streams); i++) {
		AUTO_FREE char *lines = NULL;
		char path[128], *end;
		size_t len, made_len;
		AUTO_FREE char *made = NULL;

		snprintf(path, sizeof(path), "tests/golden/%s.json", streams[i]);
		lines = content(path, &len);
		end = strstr(lines, "{\"schema\":\"piaudit.event/1\",\"type\":\"summary\"");
		assert_non_null(end);
		*end = 0;
		made = encoded(encoders[0], lines, &made_len);
		assert_string_equal(made, lines);
	}
}

static int keep(void *context, const struct event *e)
{
	(void)e;
	++*(int *)context;
	return 0;
}

static void malformed_lines_are_refused(void **state)
{
#define HEAD "{\"schema\":\"piaudit.event/1\",\"type\":\"access\""
	static const struct {
		int line;
		const char *text;
	} cases[] = {
		{ __LINE__, "" },
		{ __LINE__, "[]" },
		{ __LINE__, "{\"schema\":\"piaudit.event/1\"}" },
		{ __LINE__, "{\"schema\":\"piaudit.event/2\",\"type\":\"access\"}" },
		{ __LINE__, "{\"schema\":\"piaudit.event/1\",\"type\":\"gossip\"}" },
		{ __LINE__, HEAD },
		{ __LINE__, HEAD "}{}" },
		{ __LINE__, HEAD ",\"app\":\"a\",\"app\":\"b\"}" },
		{ __LINE__, HEAD ",\"app\":\"a\\u0000b\"}" },
		{ __LINE__, HEAD ",\"app\":\"\xff\"}" },
	};
	int taken = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (event_parse(cases[i].text, strlen(cases[i].text), keep, &taken) != -EBADMSG)
			fail_msg("%s:%d: taken", __FILE__, cases[i].line);
	assert_int_equal(taken, 0);
}

static int look_at_odd(void *context, const struct event *e)
{
	++*(int *)context;
	assert_string_equal(event_text(e, "later"), "new");
	assert_string_equal(event_text(e, "list"), "a;b,c");
	assert_string_equal(event_text(e, "process.exe"), "/\xff");
	assert_null(event_item(e, "process.exe_hex"));
	assert_null(event_item(e, "bad\"name"));
	assert_null(event_item(e, ":message"));
	assert_null(event_item(e, "deep.er.still"));
	assert_string_equal(event_text(e, "object"), "x");
	assert_int_equal(e->severity, SEVERITY_CRITICAL);
	assert_int_equal(e->time, 1500000000);
	return -ECANCELED;
}

static void keys_of_another_version_are_kept(void **state)
{
	static const char line[] = HEAD
		",\"time\":\"1970-01-01T00:00:01.5Z\",\"later\":\"new\",\"list\":[\"a,b\",\"c\"],"
		"\"process\":{\"exe\":\"/?\",\"exe_hex\":\"2fff\"},\"bad\\\"name\":1,"
		"\":message\":\"forged\",\"deep\":{\"er\":{\"still\":1}},\"object\":\"x\","
		"\"object_hex\":\"no hex\",\"severity\":\"critical\"}";
	int taken = 0;

	(void)state;
	assert_int_equal(event_parse(line, strlen(line), look_at_odd, &taken), -ECANCELED);
	assert_int_equal(taken, 1);
}

/* A line with more keys than an event has room for is refused without an overrun. */
static void a_line_with_too_many_values_is_refused(void **state)
{
	char line[8192] = HEAD;
	size_t used = strlen(line);
	int taken = 0;

	(void)state;
	for (int i = 0; i < EVENT_ITEMS_MAX + 1; i++)
		used += (size_t)snprintf(line + used, sizeof(line) - used, ",\"k%d\":1", i);
	snprintf(line + used, sizeof(line) - used, "}");
	assert_int_equal(event_parse(line, strlen(line), keep, &taken), -E2BIG);
	assert_int_equal(taken, 0);
}

static const unsigned char key[PROFILE_KEY] = "a key of thirty-two bytes, or so";

static const char line_of_alice[] = HEAD
	",\"app\":\"mail\",\"process\":{\"pid\":7,\"exe\":\"/home/alice/bin/x\",\"comm\":\"x\"},"
	"\"uid\":1000,\"category\":\"contacts\",\"object\":\"/run/user/1000/a /root/b /rooted\","
	"\"host\":\"pc\",\"machine\":\"cafe\",\"boot\":\"b007\",\"later\":\"alice\"}";

static int pseudonyms(void *context, const struct event *e)
{
	struct event own = *e;

	own.kept = NULL; /* texts that are kept from here on belong to @own, the rest is borrowed */
	*(bool *)context = true;
	assert_int_equal(event_profile(&own, PROFILE_PSEUDONYMOUS, key), 0);
	assert_string_equal(event_text(&own, "process.exe"), "~/bin/x");
	assert_string_equal(event_text(&own, "object"), "/run/user/~/a ~/b /rooted");
	assert_int_equal(event_item(&own, "uid")->type, FIELD_NUMBER);
	assert_int_not_equal(event_number(&own, "uid"), 1000);
	assert_in_range(event_number(&own, "uid"), 1, UINT32_MAX);
	assert_int_equal(strlen(event_text(&own, "host")), 32);
	assert_int_equal(strlen(event_text(&own, "machine")), 32);
	assert_int_equal(strlen(event_text(&own, "boot")), 32);
	assert_null(event_item(&own, "later"));
	assert_int_equal(event_number(&own, "process.pid"), 7);
	event_free(&own);
	return 0;
}

static int least(void *context, const struct event *e)
{
	static const char *const gone[] = { "process.pid", "process.exe", "process.comm", "uid",
					    "object",      "host",        "later" };
	struct event own = *e;

	own.kept = NULL;
	*(bool *)context = true;
	assert_int_equal(event_profile(&own, PROFILE_MINIMAL, key), 0);
	for (size_t i = 0; i < ARRAY_SIZE(gone); i++)
		assert_null(event_item(&own, gone[i]));
	assert_string_equal(event_text(&own, "app"), "mail");
	assert_string_equal(event_text(&own, "category"), "contacts");
	/* Events of one machine stay together, but differ from those of another profile or key. */
	assert_int_equal(strlen(event_text(&own, "machine")), 32);
	assert_int_equal(strlen(event_text(&own, "boot")), 32);
	event_free(&own);
	return 0;
}

static void profiles_remove_their_fields(void **state)
{
	bool asked = false;

	(void)state;
	assert_int_equal(event_parse(line_of_alice, strlen(line_of_alice), pseudonyms, &asked), 0);
	assert_true(asked);
	asked = false;
	assert_int_equal(event_parse(line_of_alice, strlen(line_of_alice), least, &asked), 0);
	assert_true(asked);
}

static void user_names_are_removed_from_paths(void **state)
{
	static const struct {
		int line;
		const char *path, *told;
	} cases[] = {
		{ __LINE__, "/home/alice", "~" },
		{ __LINE__, "/home/alice/.config/x", "~/.config/x" },
		{ __LINE__, "/home/", "/home/" },
		{ __LINE__, "/homes/alice", "/homes/alice" },
		{ __LINE__, "/root/x", "~/x" },
		{ __LINE__, "/rooted", "/rooted" },
		{ __LINE__, "/run/media/alice/disk/x", "/run/media/~/disk/x" },
		{ __LINE__, "/tmp/user/1000/x", "/tmp/user/~/x" },
		{ __LINE__, "/var/mail/alice", "/var/mail/~" },
		{ __LINE__, "/var/spool/cron/crontabs/alice", "/var/spool/cron/crontabs/~" },
		{ __LINE__, "/var/lib/AccountsService/icons/alice",
		  "/var/lib/AccountsService/icons/~" },
		{ __LINE__, "/run/screen/S-alice/1.tty", "/run/screen/S-~/1.tty" },
		{ __LINE__, "/srv/data/alice.txt", "/srv/data/alice.txt" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct event e = { .count = 1 };

		e.items[0] = (struct event_item){ .name = "object",
						  .type = FIELD_BYTES,
						  .text = cases[i].path };
		assert_int_equal(event_profile(&e, PROFILE_PSEUDONYMOUS, key), 0);
		if (strcmp(event_text(&e, "object"), cases[i].told) != 0)
			fail_msg("line %d: %s", cases[i].line, event_text(&e, "object"));
		event_free(&e);
	}
}

static void keyed_digests_are_those_of_the_standard(void **state)
{
	static const struct {
		size_t key_len;
		const char *key, *text, *digest;
	} cases[] = { /* RFC 4231: test case 2, and 6 with a key that is longer than a block */
		      { 4, "Jefe", "what do ya want for nothing?",
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		      { 131, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" }
	};
	unsigned char out[SHA256_BYTES];
	char text[SHA256_TEXT_MAX], long_key[131];

	(void)state;
	memset(long_key, 0xaa, sizeof(long_key));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		sha256_hmac(cases[i].key ?: long_key, cases[i].key_len, cases[i].text,
			    strlen(cases[i].text), out);
		for (size_t k = 0; k < sizeof(out); k++)
			snprintf(text + 2 * k, 3, "%02x", out[k]);
		assert_string_equal(text, cases[i].digest);
	}
}

/* For each verdict, direct is at least as severe as exposed. A finding is never informational. */
static void severity_follows_verdict_and_grade(void **state)
{
	(void)state;
	for (int v = 0; v < VERDICT_MAX; v++) {
		assert_true(severity_of(v, GRADE_DIRECT, false) >=
			    severity_of(v, GRADE_EXPOSED, false));
		for (int g = 0; g < GRADE_MAX; g++)
			assert_true(severity_of(v, g, true) >= SEVERITY_LOW);
		assert_int_equal(severity_of(v, GRADE_AMBIENT, false), SEVERITY_INFO);
	}
	assert_int_equal(severity_of(VERDICT_DECLARED, GRADE_DIRECT, false), SEVERITY_INFO);
	assert_int_equal(severity_of(VERDICT_UNDECLARED, GRADE_DIRECT, true), SEVERITY_HIGH);
	assert_int_equal(severity_named("nonsense"), SEVERITY_INFO);
}

/* Exporters make events in several threads. */
static void events_without_room_share_no_place(void **state)
{
	struct event one = { .count = EVENT_ITEMS_MAX }, other = { .count = EVENT_ITEMS_MAX };
	struct event_item *item = event_add(&one, "count", FIELD_NUMBER);

	(void)state;
	item->number = 1;
	event_add_number(&other, "seq", 2);
	assert_int_equal(item->number, 1);
	assert_string_equal(item->name, "count");
	assert_int_equal(one.error, -E2BIG);
	assert_int_equal(other.error, -E2BIG);
	event_add_text(&one, "id", "x");
	assert_int_equal(item->number, 0);
	assert_int_equal(one.count, EVENT_ITEMS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_parsed_line_encodes_like_its_event),
		cmocka_unit_test(json_lines_round_trip),
		cmocka_unit_test(malformed_lines_are_refused),
		cmocka_unit_test(keys_of_another_version_are_kept),
		cmocka_unit_test(a_line_with_too_many_values_is_refused),
		cmocka_unit_test(events_without_room_share_no_place),
		cmocka_unit_test(profiles_remove_their_fields),
		cmocka_unit_test(user_names_are_removed_from_paths),
		cmocka_unit_test(keyed_digests_are_those_of_the_standard),
		cmocka_unit_test(severity_follows_verdict_and_grade),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
