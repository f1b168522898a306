/* SPDX-License-Identifier: Apache-2.0 */
/* units.h - times and sizes as people write them on the command line and in YAML files. */
#ifndef PIAUDIT_UNITS_H
#define PIAUDIT_UNITS_H

#include <stdint.h>

/* Digits only, at least one, of a number that fits; *@end points behind them. -EINVAL, -ERANGE. */
int units_number(const char *text, char **end, uint64_t *out);

/* "500ms", "90s", "10m", "1h", "7d", "2w"; without a unit: seconds. Result in ns; -EINVAL. */
int units_time(const char *text, uint64_t *ns);

/* "4096", "64K", "2M", "1G", in powers of 1024; -EINVAL. */
int units_size(const char *text, uint64_t *bytes);

#endif
