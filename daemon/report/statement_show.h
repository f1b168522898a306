/* SPDX-License-Identifier: Apache-2.0 */
/* statement_show.h - prints a statement as it was parsed: as text, JSON or YAML. */
#ifndef PIAUDIT_STATEMENT_SHOW_H
#define PIAUDIT_STATEMENT_SHOW_H

#include <stdio.h>

#include "daemon/util/json.h"
#include "policy/policy.h"

int statement_show_text(FILE *out, const struct policy *policy); /* -ENOMEM, -EIO */
int statement_show_json(FILE *out, const struct policy *policy);
int statement_show_yaml(FILE *out, const struct policy *policy);

/*
 * Writes one scenario in the format of `list scenarios`. Groups are expanded to the categories that
 * they list.
 */
void statement_show_scenario(struct json *j, const struct scenario *s);
/* Number of declarations, groups expanded. */
size_t statement_show_listed(const struct scenario *s);

#endif
