/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_ask.c - the verbs that are one request to the daemon, with the same name. */
#include "argument.h"
#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/control/control_client.h"

struct control_query cmd_query(const struct options *o)
{
	return (struct control_query){ .path = o->control,
				       .output = o->output,
				       .format = o->format };
}

int cmd_ask(const struct options *o)
{
	struct control_query query;

	if (argument_none(o))
		return EXIT_USAGE;
	query = cmd_query(o);
	return control_ask(&query, o->verb->name);
}
