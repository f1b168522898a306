/* SPDX-License-Identifier: Apache-2.0 */
/* exec_filter_map.h - programs that the kernel takes into the audit as they start, and lets go again. */
#ifndef PIAUDIT_EXEC_FILTER_MAP_H
#define PIAUDIT_EXEC_FILTER_MAP_H

#include <piaudit/exec_keys.h>

#include "probes.h"

/*
 * From now on who starts with one of @keys is audited, as PIA_APP_OPEN, from before its first instruction. What was
 * told before and is not among them holds no more; between the two no program is missed. -E2BIG, -ENOMEM, said.
 */
int exec_filter_map_set(struct probes *probes, const struct pia_bind *keys, size_t count);

/* Whose the program is that a process runs: as long as it runs that one, and no other. */
void exec_filter_map_decide(struct probes *probes, uint32_t tgid,
			    const struct pia_program *program);

/* What a process runs now, as far as the kernel audits it. False: it has ended, or is not audited. */
bool exec_filter_map_program(const struct probes *probes, uint32_t tgid, struct pia_program *out);

#endif
