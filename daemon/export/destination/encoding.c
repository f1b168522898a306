/* SPDX-License-Identifier: Apache-2.0 */
/* encoding.c - finds encodings by the names in the tables of encode.h. */
#include "encoding.h"

#include "daemon/encode/encode.h"

const char *const *const encoding_profiles = profile_word;
const size_t encoding_profile_count = PROFILE_MAX;

const struct encoder *encoding_find(const char *name)
{
	return encoder_find(name);
}

const char *encoding_name(size_t i)
{
	return encoders[i] ? encoders[i]->name : NULL;
}
