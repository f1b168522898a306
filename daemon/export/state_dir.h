/* SPDX-License-Identifier: Apache-2.0 */
/* state_dir.h - what all destinations share: the folder of the state, the key of pseudonyms, the end. */
#ifndef PIAUDIT_STATE_DIR_H
#define PIAUDIT_STATE_DIR_H

#include "daemon/export/destination/transport.h"

/*
 * The folder is made where it is not there, and locked: two that bring the same do it twice. @name: of the lock, since
 * programs of other destinations may share the folder. -errno, said.
 */
int site_open(struct site **out, const char *state, const char *name);
void site_close(struct site **site);     /* NULL-safe, nulls */
void site_stop(const struct site *site); /* makes stop readable */
void site_go(const struct site *site);   /* and not so */

#endif
