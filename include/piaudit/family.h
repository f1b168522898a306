/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* family.h - families of generic netlink: the kernel numbers them at run time, the wire format has
 * fixed numbers. */
#ifndef PIAUDIT_FAMILY_H
#define PIAUDIT_FAMILY_H

/* Takes the place of nlmsg_type in a record and in the catalog: PIA_FAMILY | enum pia_family. */
#define PIA_FAMILY 0x8000u /* above GENL_MAX_ID, 1023 */

enum pia_family { PIA_FAMILY_NL80211, PIA_FAMILY_MAX };

#endif
