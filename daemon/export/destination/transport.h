/* SPDX-License-Identifier: Apache-2.0 */
/* transport.h - the transports to a destination: a struct of callbacks, one file each. */
/* Room daemon/export/destination: settings of a destination, and the interface of transports. */
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
	ITEM_OPEN, /* not sent yet, or to be sent again */
	ITEM_THERE,
	ITEM_DEAD, /* refused because of its content: sending it again is useless */
};

/* One record, as the transport has rendered it. */
struct item {
	char *text; /* owned */
	size_t len;
	char id[ITEM_ID_MAX]; /* a receiver recognizes duplicates by it */
	enum item_state fate;
	char *why;             /* reason of a dead item; owned, or NULL */
	bool last;             /* the last item of its line of the spool */
	struct position after; /* the position after that line */
};

/* Shared by all destinations. */
struct state_dir {
	int state; /* descriptor of the folder */
	int stop;  /* readable: workers must end now */
	const char *host;
	const unsigned char *key; /* of pseudonyms, PROFILE_KEY bytes */
};

struct transport_ops;

struct transport {
	const struct transport_ops *ops;
	const struct destination *to;
	const struct state_dir *site;
	size_t most;          /* maximum of items in one send */
	uint64_t retry_after; /* ns; the wait requested by the receiver at the last failure */
	char why[WHY_MAX];    /* reason of the last failure */
};

struct transport_ops {
	enum destination_type type;
	/* Fills in the members of struct transport. -errno, logged. */
	int (*open)(struct transport **out, const struct destination *to,
		    const struct state_dir *site);
	/* Writes an item's text from an event and its record. NULL: the text is the record. */
	void (*render)(struct transport *t, const struct event *e, const struct item *record,
		       FILE *out);
	/*
	 * 0: each fate is set; items to be sent again stay ITEM_OPEN. -EMSGSIZE: the receiver
	 * refused the content of one or more items. Other -errno: nothing is known, so all items
	 * are sent again later. t->why has the reason.
	 */
	int (*send)(struct transport *t, struct item **list, size_t count);
	void (*close)(struct transport *t);
};

/* Of this program: transports_net.c or transports_kafka.c. */
extern const char *const transports_program;
extern const struct transport_ops *const transports[]; /* NULL-terminated */
int transports_begin(void);

/* Sets t->why; returns @err. */
int transport_fail(struct transport *t, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void item_refuse(struct item *letter, const char *why);

#endif
