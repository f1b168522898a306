/* SPDX-License-Identifier: Apache-2.0 */
/* genl_families.h - the numbers that this kernel assigned to the families of piaudit/family.h,
 * now and later. */
#ifndef PIAUDIT_GENL_FAMILIES_H
#define PIAUDIT_GENL_FAMILIES_H

#include <stdint.h>

#include <piaudit/family.h>

struct genl_families;

/* @family has the number @id from now on. PIA_FAMILY_MAX: no family in our list has it any more. */
typedef void (*families_fn)(void *context, uint32_t id, enum pia_family family);

/*
 * Reports the existing families, and subscribes to changes. -errno if generic netlink is not
 * available.
 */
int genl_families_open(struct genl_families **out, families_fn fn, void *context);
void genl_families_close(struct genl_families **families); /* NULL-safe, nulls */

/* Reports the changes since the last call. Never waits; NULL-safe. */
void genl_families_refresh(struct genl_families *families);

#endif
