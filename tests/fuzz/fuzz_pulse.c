/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_pulse.c - random bytes as a client's stream to PulseAudio, in random pieces, with holes. */
#include "fuzz_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_stream(&pulse_decoder, data, size);
	return 0;
}
