/* SPDX-License-Identifier: Apache-2.0 */
/* exec_filter.h - from what binds programs to apps to what makes the kernel look at a program that starts. */
#ifndef PIAUDIT_EXEC_FILTER_H
#define PIAUDIT_EXEC_FILTER_H

#include <stddef.h>

#include <piaudit/exec_keys.h>

#include "policy/app.h"

/* A growing list. Zero at start; the keys are owned: free() them. */
struct exec_filter {
	struct pia_bind *list;
	size_t count, room;
};

/* No program that @app binds starts without one of them; some start with one that it does not bind. -ENOMEM. */
int exec_filter_add(struct exec_filter *keys, const struct app *app);

#endif
