/* SPDX-License-Identifier: Apache-2.0 */
/* x11_client.h - requests of an X client, and a server to send them to. */
#ifndef PIAUDIT_TEST_X11_CLIENT_H
#define PIAUDIT_TEST_X11_CLIENT_H

#include <string.h>

#include "daemon/desktop/x11/x11_info.h"

#define BASE  0x400000u /* the client's own ids begin here */
#define OTHER 0x600000u
#define ROOT  0x50du

/* Numbers as Xvfb has them. */
static struct x11_server server = {
	.roots = { ROOT },
	.root_count = 1,
	.id_mask = 0x1fffff,
	.wm_check = OTHER + 9,
	.atoms = { [X11_CLIPBOARD] = 237,
		   [X11_UTF8_STRING] = 238,
		   [X11_TARGETS] = 241,
		   [X11_TIMESTAMP] = 242,
		   [X11_MULTIPLE] = 243,
		   [X11_SAVE_TARGETS] = 244,
		   [X11_DELETE] = 245,
		   [X11_XDND] = 246,
		   [X11_CLIENT_LIST] = 247,
		   [X11_NET_WM_NAME] = 249 },
	.majors = { [X11_BIG_REQUESTS] = 133,
		    [X11_SHM] = 130,
		    [X11_XFIXES] = 138,
		    [X11_XINPUT] = 131,
		    [X11_RECORD] = 146,
		    [X11_COMPOSITE] = 142,
		    [X11_DAMAGE] = 143,
		    [X11_DRI3] = 149,
		    [X11_RENDER] = 139 },
	.xinput_event = 66,
	.owners = { { OTHER + 1, 1 }, { OTHER + 1, 1 } },
};

struct stream {
	unsigned char bytes[16384];
	size_t len;
	bool big_endian;
};

static void put(struct stream *s, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		s->bytes[s->len++] =
			(unsigned char)(value >> 8 * (s->big_endian ? size - 1 - i : i));
}

/* A request with 32-bit words behind its head. */
#define request(s, opcode, data, ...)                                   \
	put_request(s, opcode, data, (const uint32_t[]){ __VA_ARGS__ }, \
		    sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void put_request(struct stream *s, uint8_t opcode, uint8_t data, const uint32_t *words,
			size_t count)
{
	put(s, opcode, 1);
	put(s, data, 1);
	put(s, 1 + count, 2);
	for (size_t i = 0; i < count; i++)
		put(s, words[i], 4);
}

static void put_setup(struct stream *s)
{
	put(s, s->big_endian ? 'B' : 'l', 1);
	put(s, 0xff, 1); /* unused: libX11 does not set it */
	put(s, 11, 2);
	put(s, 0, 2);
	put(s, 18, 2);
	put(s, 16, 2);
	put(s, 0, 2);
	memcpy(s->bytes + s->len, "MIT-MAGIC-COOKIE-1\0\0\x18\0\6\0\1\0\0\0\1\0\0\0\1\0\0", 36);
	s->len += 36;
}

static inline void convert(struct stream *s, uint32_t selection, uint32_t target)
{
	request(s, 24, 0, BASE + 1, selection, target, 239, 0);
}

static void create_window(struct stream *s, uint32_t id)
{
	request(s, 1, 0, id, ROOT, 0, 0x00010001, 0, 0, 0);
}

#endif
