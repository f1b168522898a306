/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_daemon.c - audits the apps of the configuration, as a service. */
#include "argument.h"
#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/service/service.h"

int cmd_daemon(const struct options *options)
{
	return argument_none(options) ?: service_run(options);
}
