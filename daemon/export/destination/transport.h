/* SPDX-License-Identifier: Apache-2.0 */
/* transport.h - the ways to a destination: a struct of callbacks, one file each. */
/* Room daemon/export/destination: settings of a destination, and what every transport to one offers. */
#ifndef PIAUDIT_TRANSPORT_H
#define PIAUDIT_TRANSPORT_H

#include <stdatomic.h>
#include <stdio.h>

#include "daemon/export/spool/spool_reader.h"
#include "settings.h"

#define WHY_MAX     200 /* bytes of a reason, for people */
#define ITEM_ID_MAX 64

struct event;

enum item_state {
	ITEM_OPEN, /* not sent, or to be sent again */
	ITEM_THERE,
	ITEM_DEAD, /* refused for what it is: sending it again changes nothing */
};

/* One record, as the transport has rendered it. */
struct item {
	char *text; /* owned */
	size_t len;
	char id[ITEM_ID_MAX]; /* whoever gets it twice knows that it has it */
	enum item_state fate;
	char *why;             /* of a dead one; owned, or NULL */
	bool last;             /* of its line of the spool ... */
	struct position after; /* ... behind which this is */
};

/* What all destinations share. */
struct state_dir {
	int state; /* folder */
	int stop;  /* readable: no time is left */
	const char *host;
	const unsigned char *key; /* of pseudonyms, PROFILE_KEY bytes */
};

struct transport_ops;

struct transport {
	const struct transport_ops *ops;
	const struct destination *to;
	const struct state_dir *site;
	size_t most;          /* letters of one sending */
	uint64_t retry_after; /* ns; what the receiver asked for at the last failure */
	char why[WHY_MAX];    /* the last failure */
};

struct transport_ops {
	enum destination_type type;
	/* The members of a struct transport are filled in for it. -errno, said. */
	int (*open)(struct transport **out, const struct destination *to,
		    const struct state_dir *site);
	/* An event and its record, as @list of send has it; NULL: the record itself. */
	void (*render)(struct transport *t, const struct event *e, const struct item *record,
		       FILE *out);
	/*
	 * 0: every fate is known, or open. -EMSGSIZE: it is what is sent that was refused, or one of those together.
	 * Other -errno: nothing is known; all of it again, later. t->why then.
	 */
	int (*send)(struct transport *t, struct item **list, size_t count);
	void (*close)(struct transport *t);
};

/* Of this program: transports_net.c or transports_kafka.c. */
extern const char *const transports_program;
extern const struct transport_ops *const transports[]; /* NULL-terminated */
int transports_begin(void);

/* Keeps why; returns @err. */
int transport_fail(struct transport *t, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void item_refuse(struct item *letter, const char *why);

#endif
