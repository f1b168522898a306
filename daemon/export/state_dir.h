/* SPDX-License-Identifier: Apache-2.0 */
/* state_dir.h - what all destinations share: the folder of the state, the key of pseudonyms, the end. */
#ifndef PIAUDIT_STATE_DIR_H
#define PIAUDIT_STATE_DIR_H

#include "daemon/export/destination/transport.h"

/*
 * The folder is made where it is not there, and locked: two that bring the same do it twice. @name: of the lock, since
 * programs of other destinations may share the folder. -errno, said.
 */
int state_dir_open(struct state_dir **out, const char *state, const char *name);
void state_dir_close(struct state_dir **site);     /* NULL-safe, nulls */
void state_dir_stop(const struct state_dir *site); /* makes stop readable */
void state_dir_go(const struct state_dir *site);   /* and not so */

#endif
