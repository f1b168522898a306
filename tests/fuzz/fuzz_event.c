/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_event.c - random bytes as a line of JSON; every parsed event fits every encoding, under
 * every profile. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/encode/encode.h"

static int encode(void *context, const struct event *e)
{
	static const struct encode_options none;

	(void)context;
	for (size_t i = 0; encoders[i]; i++) {
		AUTO_FREE char *text = NULL;
		size_t len = 0;
		FILE *f = open_memstream(&text, &len);
		int err = encode_record(encoders[i], e, &none, f);

		fclose(f);
		/* -E2BIG: with its derived values, the event has more values than fit. */
		if ((err && err != -E2BIG) || len > encoders[i]->most)
			abort();
		if (!err && strcmp(encoders[i]->name, "journald") && memchr(text, '\n', len))
			abort();
	}
	return 0;
}

static int profile(void *context, const struct event *e)
{
	static const unsigned char key[PROFILE_KEY] = "key";
	struct event own = *e;

	(void)context;
	own.kept = NULL;
	if (event_profile(&own, PROFILE_PSEUDONYMOUS, key) ||
	    event_profile(&own, PROFILE_MINIMAL, key))
		abort();
	encode(NULL, &own);
	event_free(&own);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	event_parse((const char *)data, size, encode, NULL);
	event_parse((const char *)data, size, profile, NULL);
	return 0;
}
