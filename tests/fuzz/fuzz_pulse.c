/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_pulse.c - any bytes as what a client sends to PulseAudio, in any pieces, with holes. */
#include "fuzz_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_stream(&pulse_decoder, data, size);
	return 0;
}
