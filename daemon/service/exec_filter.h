/* SPDX-License-Identifier: Apache-2.0 */
/* exec_filter.h - makes the kernel's filter keys for new programs from the patterns of the apps. */
#ifndef PIAUDIT_EXEC_FILTER_H
#define PIAUDIT_EXEC_FILTER_H

#include <stddef.h>

#include <piaudit/exec_keys.h>

#include "policy/app.h"

/* A growing list. Zero at start. The caller owns the keys: free() them. */
struct exec_filter {
	struct pia_bind *list;
	size_t count, room;
};

/*
 * Every program that @app binds matches a key. Some programs match that @app does not bind.
 * -ENOMEM.
 */
int exec_filter_add(struct exec_filter *keys, const struct app *app);

#endif
