/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_ask.c - the verbs that are one question to the daemon, of the same name. */
#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/control/control_client.h"
#include "daemon/util/log.h"

int cmd_ask(const struct options *o)
{
	if (o->word_count) {
		log_err(0, "%s: %s: unknown word (see piaudit %s --help)", o->verb->name,
			o->words[0], o->verb->name);
		return EXIT_USAGE;
	}
	return control_ask(o, o->verb->name);
}
