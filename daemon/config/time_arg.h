/* SPDX-License-Identifier: Apache-2.0 */
/* time_arg.h - times on the command line: a day, a moment, or a duration before now. */
#ifndef PIAUDIT_TIME_ARG_H
#define PIAUDIT_TIME_ARG_H

#include <stdint.h>

/*
 * Parses "2026-11-23", "2026-11-23T10:00", "2026-11-23T10:00:00Z" (UTC), or "90m", "24h", "7d"
 * before @now. -EINVAL.
 */
int time_arg_time(const char *text, uint64_t now, uint64_t *out); /* ns since the epoch */

struct options;

/* Reads --since and --until; 0 without the option. -EINVAL, logged. */
int time_arg_options(const struct options *options, uint64_t now, uint64_t *since, uint64_t *until);

/* Returns SOURCE_DATE_EPOCH if set, else the clock. So one history always gives the same page. */
uint64_t time_arg_now(void);

#endif
