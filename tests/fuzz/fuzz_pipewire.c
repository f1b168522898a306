/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_pipewire.c - any bytes as what a client sends to PipeWire, in any pieces, with holes. */
#include "fuzz_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_stream(&pipewire_decoder, data, size);
	return 0;
}
