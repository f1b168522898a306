/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_client.h - for tests: messages as clients of a message bus write them. */
#ifndef PIAUDIT_DBUS_CLIENT_H
#define PIAUDIT_DBUS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SENT_MAX 8192

/* The bytes that a client has sent. */
struct sent {
	unsigned char bytes[SENT_MAX];
	size_t len;
	bool big; /* the next bytes are big-endian */
};

/* A method call. A field that it does not have is NULL. */
struct sent_call {
	unsigned char type; /* 0: a call */
	const char *path, *interface, *member, *destination;
	const char *args[3]; /* texts, up to the first NULL */
};

static inline void sent_number(struct sent *s, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		s->bytes[s->len++] = (unsigned char)(n >> 8 * (s->big ? 3 - i : i));
}

static inline void sent_pad(struct sent *s, size_t from, size_t width)
{
	while ((s->len - from) % width)
		s->bytes[s->len++] = 0;
}

static inline void sent_text(struct sent *s, const char *text)
{
	sent_number(s, (uint32_t)strlen(text));
	memcpy(s->bytes + s->len, text, strlen(text) + 1);
	s->len += strlen(text) + 1;
}

static inline void sent_field(struct sent *s, size_t from, unsigned char code, const char *text)
{
	if (!text)
		return;
	sent_pad(s, from, 8);
	s->bytes[s->len++] = code;
	s->bytes[s->len++] = 1;
	s->bytes[s->len++] = code == 8 ? 'g' : code == 1 ? 'o' : 's';
	s->bytes[s->len++] = 0;
	if (code != 8) {
		sent_text(s, text);
		return;
	}
	s->bytes[s->len++] = (unsigned char)strlen(text);
	memcpy(s->bytes + s->len, text, strlen(text) + 1);
	s->len += strlen(text) + 1;
}

static inline void sent_number_at(struct sent *s, size_t at, size_t n)
{
	size_t len = s->len;

	s->len = at;
	sent_number(s, (uint32_t)n);
	s->len = len;
}

static inline void send_call(struct sent *s, struct sent_call c)
{
	size_t from = s->len, body, count = 0;

	while (count < 3 && c.args[count])
		count++;
	s->bytes[s->len++] = s->big ? 'B' : 'l';
	s->bytes[s->len++] = c.type ?: 1;
	s->bytes[s->len++] = 0;
	s->bytes[s->len++] = 1;
	sent_number(s, 0);
	sent_number(s, 7);
	sent_number(s, 0);
	sent_field(s, from, 1, c.path ?: "/");
	sent_field(s, from, 2, c.interface);
	sent_field(s, from, 3, c.member);
	sent_field(s, from, 6, c.destination);
	if (count)
		sent_field(s, from, 8, (const char *[]){ "", "s", "ss", "sss" }[count]);
	sent_number_at(s, from + 12, s->len - from - 16);
	sent_pad(s, from, 8);
	body = s->len;
	for (size_t i = 0; i < count; i++) {
		sent_pad(s, from, 4);
		sent_text(s, c.args[i]);
	}
	sent_number_at(s, from + 4, s->len - body);
}

/* The beginning of a stream, as sd-bus writes it in one piece. */
static inline void send_auth(struct sent *s)
{
	static const char auth[] = "\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n";

	memcpy(s->bytes + s->len, auth, sizeof(auth) - 1);
	s->len += sizeof(auth) - 1;
}

#endif
