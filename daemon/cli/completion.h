/* SPDX-License-Identifier: Apache-2.0 */
/* completion.h - what a shell needs to complete the words of a command line. */
#ifndef PIAUDIT_COMPLETION_H
#define PIAUDIT_COMPLETION_H

#include <stddef.h>
#include <stdio.h>

struct verb; /* cmd.h */

/* A script for bash, made from @verbs and their options; -EIO where it could not be written. */
int completion_bash(FILE *out, const struct verb *verbs, size_t count);

#endif
