/* SPDX-License-Identifier: Apache-2.0 */
/* apps_attach.h - the programs of the apps that run already. */
#ifndef PIAUDIT_APPS_ATTACH_H
#define PIAUDIT_APPS_ATTACH_H

struct apps;

/* Takes in who is bound and not known yet, with descendants, threads and open files. -errno. */
int apps_seed(struct apps *apps);

/* The threads and open files of who has joined since. */
void apps_join(struct apps *apps);

#endif
