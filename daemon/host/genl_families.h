/* SPDX-License-Identifier: Apache-2.0 */
/* genl_families.h - which numbers this kernel has given to the families of piaudit/family.h, now and as they come. */
#ifndef PIAUDIT_GENL_FAMILIES_H
#define PIAUDIT_GENL_FAMILIES_H

#include <stdint.h>

#include <piaudit/family.h>

struct genl_families;

/* @family has the number @id from now on; PIA_FAMILY_MAX: nobody that we know has it. */
typedef void (*families_fn)(void *context, uint32_t id, enum pia_family family);

/* Tells those that are there, and listens for those that come. -errno where generic netlink cannot be had. */
int genl_families_open(struct genl_families **out, families_fn fn, void *context);
void genl_families_close(struct genl_families **families); /* NULL-safe, nulls */

/* What has come or gone meanwhile. Never waits; NULL-safe. */
void genl_families_refresh(struct genl_families *families);

#endif
