/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_top.c - shows the most frequent accesses of the last seconds, from the daemon. */
#include <stdio.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "argument.h"
#include "cmd.h"
#include "daemon/config/options.h"
#include "daemon/control/control_client.h"

#define REFRESH 1               /* seconds */
#define CLEAR   "\033[H\033[2J" /* moves the cursor to the corner, clears the screen */

int cmd_top(const struct options *o)
{
	struct control_query query = cmd_query(o);
	bool live = !o->once && !o->output && o->format == FORMAT_TEXT && isatty(STDOUT_FILENO);

	if (argument_none(o))
		return EXIT_USAGE;
	if (!live)
		return control_ask(&query, "top");
	for (;;) {
		AUTO_FREE char *body = NULL;
		size_t length = 0;
		int code = control_fetch(&query, "top", &body, &length);

		if (code)
			return code;
		if (printf("%s%s", CLEAR, body) < 0 || fflush(stdout))
			return EXIT_INTERNAL;
		sleep(REFRESH);
	}
}
