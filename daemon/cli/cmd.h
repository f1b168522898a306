/* SPDX-License-Identifier: Apache-2.0 */
/* cmd.h - the verbs of the command line, and their exit codes. */
/* Room daemon/cli: main() and one file per verb. */
#ifndef PIAUDIT_CMD_H
#define PIAUDIT_CMD_H

#include "daemon/config/verb.h"
#include "daemon/util/exit.h"

struct options;
struct control_query; /* control_client.h */

int cmd_run(const struct options *options);
int cmd_daemon(const struct options *options);
int cmd_pid(const struct options *options);
int cmd_policy(const struct options *options);
int cmd_list(const struct options *options);
int cmd_doctor(const struct options *options);
int cmd_record(const struct options *options);
int cmd_replay(const struct options *options);
int cmd_search(const struct options *options);
int cmd_report(const struct options *options);
int cmd_ask(const struct options *options);
int cmd_top(const struct options *options);
int cmd_scenario(const struct options *options);
int cmd_learn(const struct options *options);

/* Fills the options of a request to the daemon from the command line. */
struct control_query cmd_query(const struct options *options);

#endif
