/* SPDX-License-Identifier: Apache-2.0 */
/* service.h - the daemon: audits the programs of its configuration until it is told to stop. */
/* Room daemon/service: the daemon: main loop, apps, attribution of processes to apps, reload, metrics. */
#ifndef PIAUDIT_SERVICE_H
#define PIAUDIT_SERVICE_H

struct options;

int service_run(const struct options *options); /* the exit code */

#endif
