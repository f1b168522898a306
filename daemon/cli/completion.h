/* SPDX-License-Identifier: Apache-2.0 */
/* completion.h - completion of command lines for a shell. */
#ifndef PIAUDIT_COMPLETION_H
#define PIAUDIT_COMPLETION_H

#include <stddef.h>
#include <stdio.h>

struct verb; /* cmd.h */

/* Writes a script for bash, from @verbs and their options. -EIO if a write fails. */
int completion_bash(FILE *out, const struct verb *verbs, size_t count);

#endif
