/* SPDX-License-Identifier: Apache-2.0 */
/* time_arg.h - a time as people say it: a day, a moment, or how long ago. */
#ifndef PIAUDIT_TIME_ARG_H
#define PIAUDIT_TIME_ARG_H

#include <stdint.h>

/* "2026-11-23", "2026-11-23T10:00", "2026-11-23T10:00:00Z" (UTC), or "90m", "24h", "7d" before @now. -EINVAL. */
int time_arg_time(const char *text, uint64_t now, uint64_t *out); /* ns since the epoch */

struct options;

/* --since and --until, 0 where they are not given. -EINVAL, said. */
int time_arg_options(const struct options *options, uint64_t now, uint64_t *since, uint64_t *until);

/* The clock, or what SOURCE_DATE_EPOCH says: one history and one moment give one page. */
uint64_t time_arg_now(void);

#endif
