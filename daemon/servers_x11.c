/* SPDX-License-Identifier: Apache-2.0 */
/* servers_x11.c - what an X server says of itself. */
#include "servers_private.h"

#include <errno.h>

static void give(const void *facts, struct facts *out)
{
	out->x11 = facts;
}

static int ask(void *facts, const char *name, pid_t client)
{
	(void)facts;
	(void)name;
	(void)client;
	return -ENOTSUP;
}

static void save(const void *facts, FILE *out)
{
	(void)facts;
	(void)out;
}

static int load(void *facts, const struct word *word)
{
	(void)facts;
	(void)word;
	return -EINVAL;
}

const struct server_kind x11_servers = {
	.protocol = "x11",
	.size = sizeof(struct x11_server),
	.give = give,
	.ask = ask,
	.save = save,
	.load = load,
};
