/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_pipewire.c - random bytes as a client's stream to PipeWire, in random pieces, with holes. */
#include "fuzz_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_stream(&pipewire_decoder, data, size);
	return 0;
}
