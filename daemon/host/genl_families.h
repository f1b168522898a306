/* SPDX-License-Identifier: Apache-2.0 */
/* genl_families.h - which numbers this kernel has given to the families of piaudit/family.h, now and as they come. */
#ifndef PIAUDIT_GENL_FAMILIES_H
#define PIAUDIT_GENL_FAMILIES_H

#include <stdint.h>

#include <piaudit/family.h>

struct families;

/* @family has the number @id from now on; PIA_FAMILY_MAX: nobody that we know has it. */
typedef void (*families_fn)(void *context, uint32_t id, enum pia_family family);

/* Tells those that are there, and listens for those that come. -errno where generic netlink cannot be had. */
int families_open(struct families **out, families_fn fn, void *context);
void families_close(struct families **families); /* NULL-safe, nulls */

/* What has come or gone meanwhile. Never waits; NULL-safe. */
void families_refresh(struct families *families);

#endif
