/* SPDX-License-Identifier: Apache-2.0 */
/* state_dir.h - shared by all destinations: state folder, key of pseudonyms, stop event. */
#ifndef PIAUDIT_STATE_DIR_H
#define PIAUDIT_STATE_DIR_H

#include "daemon/export/destination/transport.h"

/*
 * Creates the folder if it is absent, and locks it: two exporters would send everything twice.
 * @name: of the lock, since exporters with other destinations may share the folder. -errno, logged.
 */
int state_dir_open(struct state_dir **out, const char *state, const char *name);
void state_dir_close(struct state_dir **site);     /* NULL-safe, nulls */
void state_dir_stop(const struct state_dir *site); /* makes site->stop readable */
void state_dir_go(const struct state_dir *site);   /* makes site->stop not readable */

#endif
