/* SPDX-License-Identifier: Apache-2.0 */
/* option_values.h - options whose value is one of a few words. */
#ifndef PIAUDIT_OPTION_VALUES_H
#define PIAUDIT_OPTION_VALUES_H

struct verb;

#define FAIL_ON_DEFAULT                                                                          \
	(1u << VERDICT_UNDECLARED | 1u << VERDICT_OUT_OF_SCENARIO | 1u << VERDICT_WRONG_METHOD | \
	 1u << VERDICT_OVER_RETENTION)

struct option_values {
	const char *option;
	const char *const *words;
	unsigned int (*taken)(const struct verb *verb); /* which of them: a bit each */
	const char *none;                               /* the word for none of them, or NULL */
};

/* NULL where a value of @option is no such word. */
const struct option_values *option_values_of(const char *option);

/* The place of @text among the words that @verb takes; -EINVAL, and the line is said. */
int option_value(const struct verb *verb, const char *option, const char *text);

#endif
