/* SPDX-License-Identifier: Apache-2.0 */
/* option_values.h - options with a fixed set of values. */
#ifndef PIAUDIT_OPTION_VALUES_H
#define PIAUDIT_OPTION_VALUES_H

#include <stddef.h>

struct verb;

#define FAIL_ON_DEFAULT                                                                          \
	(1u << VERDICT_UNDECLARED | 1u << VERDICT_OUT_OF_SCENARIO | 1u << VERDICT_WRONG_METHOD | \
	 1u << VERDICT_OVER_RETENTION)

struct option_values {
	const char *option;
	const char *kind; /* of a word, for messages */
	const char *const *words;
	size_t word_count;
	/* The words that @verb allows, one bit each. */
	unsigned int (*taken)(const struct verb *verb);
	const char *none; /* the word for none of them, or NULL */
	const char *see;  /* the command that lists them if they are many, or NULL */
};

/* NULL for an option without a fixed set of values. */
const struct option_values *option_values_of(const char *option);

/* Returns the index of @text among the words that @verb allows. -EINVAL, logged. */
int option_value(const struct verb *verb, const char *option, const char *text);

/* The same for "a,b", or the word for none: one bit each. Changes @list. 0 or -EINVAL, logged. */
int option_value_list(const struct verb *verb, const char *option, char *list, unsigned int *out);

#endif
