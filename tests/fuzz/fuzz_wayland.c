/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_wayland.c - any bytes as what a client sends to a compositor, in any calls, with holes: what is told is sane. */
#include "fuzz_cuts.h"

/* wl_display.get_registry */
static const unsigned char registry[] = { 1, 0, 0, 0, 1, 0, 12, 0, 2, 0, 0, 0 };

/* The second byte: descriptors with each call. A detail has any bytes: a compositor takes them too, and sinks escape. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct fuzz fuzz = {
		.decoder = &wayland_decoder,
		.asked = told_asked,
		.begin = registry,
		.begin_len = sizeof(registry),
		.step = 1,
		.least = 8,
		.most = 2, /* what it asks, and that it was lost */
		.fds = size > 1 ? data[1] : 0,
	};

	return size < 2 ? 0 : fuzz_run(&fuzz, 1, data, size);
}
