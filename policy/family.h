/* SPDX-License-Identifier: Apache-2.0 */
/* family.h - families of generic netlink as the catalog names them, and their commands. */
#ifndef PIAUDIT_POLICY_FAMILY_H
#define PIAUDIT_POLICY_FAMILY_H

#include <piaudit/family.h>

#include "schema.h"

extern const char *const family_word[PIA_FAMILY_MAX];

/* The number of a command; @value is the number or a name. -EINVAL with a problem. */
int family_command(struct reader *r, const struct yaml_node *value, enum pia_family family,
		   uint32_t *out);

#endif
