/* SPDX-License-Identifier: Apache-2.0 */
/* hash.h - uthash, but an entry without memory does not end the program. */
#ifndef PIAUDIT_HASH_H
#define PIAUDIT_HASH_H

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/*
 * Adds the entry under its member @key. False: no memory. Then the table is unchanged, and the
 * caller still owns the entry.
 */
#define HASH_ENTER(head, key, entry)                                  \
	({                                                            \
		HASH_ADD(hh, head, key, sizeof((entry)->key), entry); \
		(entry)->hh.tbl != NULL;                              \
	})
/* The same, with a key of @len bytes at @at, which lives as long as the entry. */
#define HASH_ENTER_AT(head, at, len, entry)                \
	({                                                 \
		HASH_ADD_KEYPTR(hh, head, at, len, entry); \
		(entry)->hh.tbl != NULL;                   \
	})

#endif
