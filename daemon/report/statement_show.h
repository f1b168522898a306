/* SPDX-License-Identifier: Apache-2.0 */
/* statement_show.h - a statement as it was understood: for people, for machines, and as YAML that parses back. */
#ifndef PIAUDIT_STATEMENT_SHOW_H
#define PIAUDIT_STATEMENT_SHOW_H

#include <stdio.h>

#include "daemon/util/json.h"
#include "policy/policy.h"

int statement_show_text(FILE *out, const struct policy *policy); /* -ENOMEM, -EIO */
int statement_show_json(FILE *out, const struct policy *policy);
int statement_show_yaml(FILE *out, const struct policy *policy);

/* One scenario as `list scenarios` has it, groups expanded to what they list. */
void statement_show_scenario(struct json *j, const struct scenario *s);
size_t statement_show_listed(const struct scenario *s); /* declarations, groups expanded */

#endif
