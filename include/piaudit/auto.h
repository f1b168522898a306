/* SPDX-License-Identifier: Apache-2.0 */
/* auto.h - visible ownership: an owning local is freed at every return, or passed on by TAKE. */
#ifndef PIAUDIT_AUTO_H
#define PIAUDIT_AUTO_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static inline void auto_free(void *p)
{
	free(*(void **)p);
}

static inline void auto_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void auto_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define AUTO_FREE __attribute__((cleanup(auto_free)))   /* malloc'ed memory */
#define AUTO_FILE __attribute__((cleanup(auto_fclose))) /* FILE * */
#define AUTO_FD   __attribute__((cleanup(auto_close)))  /* int, -1 = none */
#define AUTO(fn)  __attribute__((cleanup(fn)))          /* fn(&local), NULL-safe */

/* Pass an owned pointer on and set the local to NULL. */
#define TAKE(p)                             \
	({                                  \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;                 \
		taken_;                     \
	})

#endif
