/* SPDX-License-Identifier: Apache-2.0 */
/* apps_attach.h - seeds the programs of the apps that already run. */
#ifndef PIAUDIT_APPS_ATTACH_H
#define PIAUDIT_APPS_ATTACH_H

struct apps;

/*
 * Seeds the processes that an app binds and the tracker does not know, with descendants, threads
 * and open files. Returns -errno.
 */
int apps_seed(struct apps *apps);

/* Seeds the threads and open files of processes that joined since the last call. */
void apps_join(struct apps *apps);

#endif
