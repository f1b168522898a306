/* SPDX-License-Identifier: Apache-2.0 */
/* session.h - a live audit, from the first check to the last line. */
/* Room daemon/session: run, --pid and record: one live audit with its child, outputs and exit code. */
#ifndef PIAUDIT_SESSION_H
#define PIAUDIT_SESSION_H

#include <stdbool.h>

#include "daemon/config/options.h"

/*
 * Judges or records a command (options->words) or running processes (options->pids). Returns the
 * exit code.
 */
int session_run(const struct options *options, bool record);

#endif
