/* SPDX-License-Identifier: Apache-2.0 */
/* transport.c - functions that all transports share. */
#include "transport.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int transport_fail(struct transport *t, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(t->why, sizeof(t->why), format, args);
	va_end(args);
	return err;
}

void item_refuse(struct item *letter, const char *why)
{
	letter->fate = ITEM_DEAD;
	free(letter->why);
	letter->why = strdup(why); /* without memory the item is dead too, but has no reason */
}
