/* SPDX-License-Identifier: Apache-2.0 */
/* test_session_output.c - a recording has the bytes of messages only with --messages. */
#include "daemon/session/session_output.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include <piaudit/auto.h>

#define TEXT   2000 /* bytes of a long string in a record */
#define SECRET "secret bytes"

/* A message with two long strings. Its bytes lie behind them, or before them. */
struct message {
	struct pia_event ev;
	char tails[2 * TEXT + sizeof(SECRET)];
};

static void make(struct message *m, bool bytes_first)
{
	const uint16_t head = sizeof(m->ev), len = sizeof(SECRET) - 1;
	const uint16_t texts = bytes_first ? head + len : head;

	memset(m, 0, sizeof(*m));
	m->ev = (struct pia_event){ .size = (uint16_t)(head + 2 * TEXT + len),
				    .wire = PIA_WIRE,
				    .op = PIA_OP_MESSAGE,
				    .app = 1,
				    .tgid = 5,
				    .tid = 5,
				    .length = len,
				    .path = { texts, TEXT },
				    .base = { (uint16_t)(texts + TEXT), TEXT },
				    .data = { bytes_first ? head : head + 2 * TEXT, len } };
	memset((char *)m + m->ev.path.off, 'a', TEXT - 1);
	memset((char *)m + m->ev.base.off, 'b', TEXT - 1);
	memcpy((char *)m + m->ev.data.off, SECRET, len);
}

/* The line of the record; the caller frees it. */
static char *recorded(const struct message *m, bool messages)
{
	const struct options options = { .messages = messages };
	struct session_output c;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	session_output_record(&c, &options, out);
	assert_int_equal(session_output_feed(&c, &m->ev), 0);
	assert_int_equal(c.records, 1);
	fclose(out);
	return text;
}

static void bytes_of_a_message_are_left_out(void **state)
{
	struct message m;

	(void)state;
	for (int i = 0; i < 4; i++) {
		bool messages = i & 1;
		AUTO_FREE char *text = NULL;

		make(&m, i & 2);
		text = recorded(&m, messages);
		assert_memory_equal(text, "message ", 8);
		assert_non_null(strstr(text, "aaaa"));
		assert_non_null(strstr(text, "bbbb"));
		assert_int_equal(strstr(text, SECRET) != NULL, messages);
		assert_int_equal(strstr(text, " data=") != NULL, messages);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_of_a_message_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
