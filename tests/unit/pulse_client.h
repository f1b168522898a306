/* SPDX-License-Identifier: Apache-2.0 */
/* pulse_client.h - the bytes that a client of PulseAudio sends. Include it behind pulse.c. */
#ifndef PIAUDIT_TEST_PULSE_CLIENT_H
#define PIAUDIT_TEST_PULSE_CLIENT_H

#include "stream_fixture.h"

static void put32(struct stream *s, uint32_t number)
{
	unsigned char bytes[4] = { number >> 24 & 0xff, number >> 16 & 0xff, number >> 8 & 0xff,
				   number & 0xff };

	put(s, bytes, sizeof(bytes));
}

static void put_head(struct stream *s, uint32_t length, uint32_t channel, uint32_t flags)
{
	put32(s, length);
	put32(s, channel);
	put32(s, 0);
	put32(s, 0);
	put32(s, flags);
}

static void put_number(struct stream *s, uint32_t number)
{
	put(s, "L", 1);
	put32(s, number);
}

static void put_text(struct stream *s, const char *text)
{
	put(s, text ? "t" : "N", 1);
	if (text)
		put(s, text, strlen(text) + 1);
}

static void put_property(struct stream *s, const char *key, const char *value)
{
	put_text(s, key);
	put_number(s, (uint32_t)strlen(value) + 1);
	put(s, "x", 1);
	put32(s, (uint32_t)strlen(value) + 1);
	put(s, value, strlen(value) + 1);
}

/* A command with the arguments in @arguments. */
static void put_command(struct stream *s, uint32_t number, const struct stream *arguments)
{
	put_head(s, (uint32_t)arguments->length + 10, 0xffffffff, 0);
	put_number(s, number);
	put_number(s, 7);
	put(s, arguments->bytes, arguments->length);
}

static void put_plain(struct stream *s, uint32_t number)
{
	struct stream none = { .length = 0 };

	put_command(s, number, &none);
}

/* A recording as libpulse 16 sends it; before version 13 the name of the stream is in front. */
struct recording {
	const char *stream, *source;
	uint32_t index, monitored;
	bool peaks;
};

static void put_recording(struct stream *s, const struct recording *r)
{
	static struct stream a;

	a.length = 0;
	if (r->stream)
		put_text(&a, r->stream);
	put(&a, "a\x03\x02\x00\x00\xac\x44", 7);
	put(&a, "m\x02\x01\x02", 4);
	put_number(&a, r->index);
	put_text(&a, r->source);
	put_number(&a, 0xffffffff);
	put(&a, "0", 1); /* corked */
	put_number(&a, 0xffffffff);
	put(&a, "0000000", 7);
	if (!r->stream) {
		put(&a, r->peaks ? "1" : "0", 1);
		put(&a, "0P", 2);
		put_property(&a, "media.name", "a recording");
		put_property(&a, "media.role", "phone");
		put_text(&a, NULL);
		put_number(&a, r->monitored);
		put(&a, "000B\x01", 5);
	}
	put_command(s, 5, &a);
}

static struct stream s;

static void begin_client(void)
{
	static struct stream a;

	s.length = a.length = 0;
	put_number(&a, 0xc0000023);
	put(&a, "x\0\0\1\0", 5);
	for (int i = 0; i < 32; i++)
		put(&a, "\xff\0\0\x14\xff\xff\xff\xff", 8); /* a cookie has any bytes */
	put_command(&s, 8, &a);
	a.length = 0;
	put(&a, "P", 1);
	put_property(&a, "application.name", "a.monitor");
	put_text(&a, NULL);
	put_command(&s, 9, &a);
}

#endif
