/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_wayland.c - random bytes as a client's stream to a compositor, in random calls, with
 * holes: requests are plausible. */
#include "fuzz_cuts.h"

/* wl_display.get_registry */
static const unsigned char registry[] = { 1, 0, 0, 0, 1, 0, 12, 0, 2, 0, 0, 0 };

/* The second byte is the number of descriptors with each call. A detail may contain any bytes:
 * compositors accept them, and sinks escape them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct fuzz fuzz = {
		.decoder = &wayland_decoder,
		.asked = told_asked,
		.begin = registry,
		.begin_len = sizeof(registry),
		.step = 1,
		.least = 8,
		.most = 2, /* the request, and a loss */
		.fds = size > 1 ? data[1] : 0,
	};

	return size < 2 ? 0 : fuzz_run(&fuzz, 1, data, size);
}
