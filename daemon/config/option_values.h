/* SPDX-License-Identifier: Apache-2.0 */
/* option_values.h - options with a fixed set of values. */
#ifndef PIAUDIT_OPTION_VALUES_H
#define PIAUDIT_OPTION_VALUES_H

struct verb;

#define FAIL_ON_DEFAULT                                                                          \
	(1u << VERDICT_UNDECLARED | 1u << VERDICT_OUT_OF_SCENARIO | 1u << VERDICT_WRONG_METHOD | \
	 1u << VERDICT_OVER_RETENTION)

struct option_values {
	const char *option;
	const char *const *words;
	/* The words that @verb allows, one bit each. */
	unsigned int (*taken)(const struct verb *verb);
	const char *none; /* the word for none of them, or NULL */
};

/* NULL for an option without a fixed set of values. */
const struct option_values *option_values_of(const char *option);

/* Returns the index of @text among the words that @verb allows. -EINVAL, logged. */
int option_value(const struct verb *verb, const char *option, const char *text);

#endif
