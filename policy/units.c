/* SPDX-License-Identifier: Apache-2.0 */
/* units.c - times and sizes as people write them on the command line and in YAML files. */
#include "units.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SECOND_NS 1000000000ull

struct unit {
	const char *name;
	uint64_t worth;
};

int units_number(const char *text, char **end, uint64_t *out)
{
	/* strtoull would also accept blanks and signs. */
	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*out = strtoull(text, end, 10);
	return -errno;
}

static int units_measure(const char *text, const struct unit *units,
			 int (*compare)(const char *a, const char *b), uint64_t *out)
{
	uint64_t n;
	char *end;

	if (units_number(text, &end, &n))
		return -EINVAL;
	for (; units->name; units++) {
		/* Half of the range, so that a sum of two still fits. */
		if (compare(end, units->name) || n > INT64_MAX / units->worth)
			continue;
		*out = n * units->worth;
		return 0;
	}
	return -EINVAL;
}

int units_time(const char *text, uint64_t *ns)
{
	static const struct unit units[] = {
		{ "ms", SECOND_NS / 1000 },
		{ "s", SECOND_NS },
		{ "", SECOND_NS },
		{ "m", 60 * SECOND_NS },
		{ "h", 3600 * SECOND_NS },
		{ "d", 86400 * SECOND_NS },
		{ "w", 7 * 86400 * SECOND_NS },
		{ NULL, 0 },
	};

	return units_measure(text, units, strcmp, ns);
}

int units_size(const char *text, uint64_t *bytes)
{
	static const struct unit units[] = {
		{ "", 1 }, { "K", 1 << 10 }, { "M", 1 << 20 }, { "G", 1 << 30 }, { NULL, 0 },
	};

	return units_measure(text, units, strcasecmp, bytes);
}
