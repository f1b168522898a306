/* SPDX-License-Identifier: Apache-2.0 */
/* exec_filter_map.h - the keys of programs that the kernel starts to audit at exec. */
#ifndef PIAUDIT_EXEC_FILTER_MAP_H
#define PIAUDIT_EXEC_FILTER_MAP_H

#include <piaudit/exec_keys.h>

#include "probes.h"

/*
 * From now on a program that matches one of @keys is audited from before its first instruction, as
 * PIA_APP_OPEN. Earlier keys that are not among @keys are removed. No program is missed during the
 * change. -E2BIG, -ENOMEM, logged.
 */
int exec_filter_map_set(struct probes *probes, const struct pia_bind *keys, size_t count);

/*
 * Assigns the current program of a process to an app. This ends when the process executes another
 * program.
 */
void exec_filter_map_decide(struct probes *probes, uint32_t tgid,
			    const struct pia_program *program);

/* The current program of a process. False: it has ended, or is not audited. */
bool exec_filter_map_program(const struct probes *probes, uint32_t tgid, struct pia_program *out);

#endif
