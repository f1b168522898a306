/* SPDX-License-Identifier: Apache-2.0 */
/* service.h - the daemon: audits the apps of its configuration until it is stopped. */
/* Room daemon/service: the daemon: main loop, apps, attribution of processes to apps, reload, metrics. */
#ifndef PIAUDIT_SERVICE_H
#define PIAUDIT_SERVICE_H

struct options;

int service_run(const struct options *options); /* returns the exit code */

#endif
