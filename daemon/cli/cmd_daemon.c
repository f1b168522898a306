/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_daemon.c - audits the apps of the configuration, as a service. */
#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/service/service.h"
#include "daemon/util/log.h"

int cmd_daemon(const struct options *options)
{
	if (options->word_count) {
		log_err(0, "daemon: %s: it takes no words (see piaudit daemon --help)",
			options->words[0]);
		return EXIT_USAGE;
	}
	return service_run(options);
}
