/* SPDX-License-Identifier: Apache-2.0 */
/* time_arg.c - times on the command line. */
#include "time_arg.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"
#include "daemon/util/log.h"
#include "options.h"
#include "policy/units.h"

#define SECOND_NS 1000000000ull

static int ago(const char *text, uint64_t now, uint64_t *out)
{
	uint64_t ns;

	/* A number without a unit could be a date that was cut off. */
	if (isdigit((unsigned char)text[strlen(text) - 1]) || units_time(text, &ns))
		return -EINVAL;
	*out = ns < now ? now - ns : 0;
	return 0;
}

int time_arg_time(const char *text, uint64_t now, uint64_t *out)
{
	static const char *const forms[] = {
		"%Y-%m-%d",          "%Y-%m-%dT%H:%M",     "%Y-%m-%dT%H:%MZ",
		"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ",
	};

	/* strptime would also accept blanks and signs. */
	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, forms[i], &tm);
		time_t t;

		if (!end || *end)
			continue;
		t = timegm(&tm);
		if (t < 0)
			return -EINVAL;
		*out = (uint64_t)t * SECOND_NS;
		return 0;
	}
	return ago(text, now, out);
}

static int time_arg_one(const char *option, const char *text, uint64_t now, uint64_t *out)
{
	*out = 0;
	if (!text || !time_arg_time(text, now, out))
		return 0;
	return log_err(0,
		       "invalid %s \"%s\": use a time, for example 2026-11-23 or 2026-11-23T10:00:00Z, or "
		       "a duration before now, for example 90m, 24h or 7d",
		       option, text),
	       -EINVAL;
}

int time_arg_options(const struct options *options, uint64_t now, uint64_t *since, uint64_t *until)
{
	int err = time_arg_one("--since", options->since, now, since);

	err = err ?: time_arg_one("--until", options->until, now, until);
	if (!err && *until && *since >= *until)
		err = log_err(0, "invalid --until \"%s\": use a time after --since \"%s\"",
			      options->until, options->since),
		err = -EINVAL;
	return err;
}

uint64_t time_arg_now(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *end = NULL;
	unsigned long long seconds =
		epoch && isdigit((unsigned char)*epoch) ? strtoull(epoch, &end, 10) : 0;

	return end && !*end && seconds < UINT64_MAX / SECOND_NS ? seconds * SECOND_NS
								: clock_ns(CLOCK_REALTIME);
}
