/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_x11.c - random bytes as a client's stream to an X server, in random calls, with holes:
 * requests are plausible. */
#include "fuzz_cuts.h"

#include "daemon/desktop/x11/x11_info.h"

#define KNOWN     1
#define TOLD      2
#define HOLE_UNIT 0x10000001u /* bytes; gives holes of all sizes, even beyond 32 bits */

/* Small numbers, since the fuzzer finds them without help. */
static const struct x11_server server = {
	.roots = { 2 },
	.root_count = 1,
	.id_mask = 0xffff,
	.wm_check = 0x30009,
	.atoms = { [X11_CLIPBOARD] = 40,
		   [X11_TARGETS] = 41,
		   [X11_DELETE] = 42,
		   [X11_XDND] = 43,
		   [X11_CLIENT_LIST] = 44,
		   [X11_NET_WM_NAME] = 45 },
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
	.owners = { { 0x10001, 1 }, { 0x10001, 2 } },
	.holders = { { 0x10000, 7 }, { 0x20000, 8 } },
	.holder_count = 2,
};

static const unsigned char setup[] = { 'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

static void on_asked(void *told, const struct server_request *asked)
{
	for (const char *c = asked->detail; *c; c++)
		demand(*c >= ' ' && *c < 0x7f, "a detail that cannot be read");
	told_asked(told, asked);
}

/* The second byte says whether the server is known (KNOWN), and whether it has identified the
 * client (TOLD). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct server_state facts = { .x11 = size > 1 && data[1] & KNOWN ? &server : NULL,
					    .connected = size > 1 && data[1] & TOLD ? 7 : 0 };
	const struct fuzz fuzz = {
		.decoder = &x11_decoder,
		.facts = &facts,
		.asked = on_asked,
		.begin = setup,
		.begin_len = sizeof(setup),
		.calls = true,
		.step = 1,
		.hole = HOLE_UNIT,
		.least = 4,
		.most = 1,
	};

	return size < 2 ? 0 : fuzz_run(&fuzz, 1, data, size);
}
