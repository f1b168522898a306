/* SPDX-License-Identifier: Apache-2.0 */
/* argument.h - checks the arguments of a verb that are no options, and logs faults. */
#ifndef PIAUDIT_ARGUMENT_H
#define PIAUDIT_ARGUMENT_H

#include <stddef.h>

struct options;

/* Returns name @i of a table, NULL behind the last one. */
typedef const char *(*argument_name_fn)(size_t i);

/* For a verb without arguments. Returns EXIT_USAGE if there is one. */
int argument_none(const struct options *options);
/* Logs that @command, such as "list fields", does not take @argument. Returns EXIT_USAGE. */
int argument_extra(const char *command, const char *argument);
/*
 * Finds the first argument in a table. -1: it is missing or unknown. The log line calls it @noun,
 * and has the nearest name or all names.
 */
int argument_find(const struct options *options, const char *noun, argument_name_fn name);

#endif
