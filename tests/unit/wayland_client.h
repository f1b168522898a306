/* SPDX-License-Identifier: Apache-2.0 */
/* wayland_client.h - for tests: requests as a Wayland client writes them. */
#ifndef PIAUDIT_WAYLAND_CLIENT_H
#define PIAUDIT_WAYLAND_CLIENT_H

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#define STREAM_MAX 8192
#define OFFER      0xff000000u /* the first id that a compositor gives to an object */

/* The bytes that a client sends. A descriptor travels with the first byte of its message. */
struct stream {
	unsigned char bytes[STREAM_MAX];
	unsigned char fds[STREAM_MAX];
	size_t len;
};

static void put_word(struct stream *s, uint32_t word)
{
	memcpy(s->bytes + s->len, &word, sizeof(word));
	s->len += sizeof(word);
}

/* @shape: "u" is a word, "s" a string, "h" a descriptor. */
static void put(struct stream *s, uint32_t object, uint32_t opcode, const char *shape, ...)
{
	size_t start = s->len;
	uint32_t head;
	va_list args;

	put_word(s, object);
	put_word(s, 0);
	va_start(args, shape);
	for (const char *c = shape; *c; c++) {
		const char *text = *c == 's' ? va_arg(args, const char *) : NULL;
		size_t len = text ? strlen(text) + 1 : 0;

		if (*c == 'u')
			put_word(s, va_arg(args, uint32_t));
		if (*c == 'h')
			s->fds[start]++;
		if (!text)
			continue;
		put_word(s, (uint32_t)len);
		memcpy(s->bytes + s->len, text, len);
		s->len += (len + 3) / 4 * 4;
	}
	va_end(args);
	head = (uint32_t)(s->len - start) << 16 | opcode;
	memcpy(s->bytes + start + 4, &head, sizeof(head));
}

static void put_bind(struct stream *s, const char *interface, uint32_t version, uint32_t id)
{
	put(s, 2, 0, "usuu", 7u, interface, version, id);
}

static void put_begin(struct stream *s)
{
	put(s, 1, 1, "u", 2u);
	put(s, 1, 0, "u", 3u);
	put_bind(s, "wl_shm", 1, 4);
	put_bind(s, "wl_compositor", 4, 5);
	put_bind(s, "wl_seat", 5, 6);
}

#endif
