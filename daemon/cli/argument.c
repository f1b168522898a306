/* SPDX-License-Identifier: Apache-2.0 */
/* argument.c - checks the arguments of a verb that are no options, and logs faults. */
#include "argument.h"

#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/util/log.h"
#include "policy/suggest.h"

#define NAMES_MAX 256 /* bytes of all names of a table, for a log line */

int argument_extra(const char *command, const char *argument)
{
	log_err(0, "%s takes no arguments: \"%s\"", command, argument);
	return EXIT_USAGE;
}

int argument_none(const struct options *options)
{
	if (!options->word_count)
		return EXIT_CLEAN;
	return argument_extra(options->verb->name, options->words[0]);
}

static const char *argument_names(char buf[NAMES_MAX], argument_name_fn name)
{
	size_t used = 0;

	for (size_t i = 0; name(i) && used < NAMES_MAX; i++)
		used += (size_t)snprintf(buf + used, NAMES_MAX - used, "%s%s", i ? ", " : "",
					 name(i));
	return buf;
}

int argument_find(const struct options *options, const char *noun, argument_name_fn name)
{
	const char *value = options->word_count ? options->words[0] : "";
	char names[NAMES_MAX];
	struct suggest guess;

	if (!options->word_count) {
		log_err(0, "%s is missing; add one of %s", noun, argument_names(names, name));
		return -1;
	}
	suggest_start(&guess, value);
	for (size_t i = 0; name(i); i++) {
		if (!strcmp(name(i), value))
			return (int)i;
		suggest_offer(&guess, name(i));
	}
	log_err(0, "unknown %s \"%s\"%s", noun, value, suggest_fix(&guess, NULL));
	return -1;
}
