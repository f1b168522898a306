/* SPDX-License-Identifier: Apache-2.0 */
/* encode.h - the encodings of an event: one file and one row each, pure: an event and options in, bytes out. */
/* Room daemon/encode: one file per output format; pure: event in, bytes out. */
#ifndef PIAUDIT_ENCODE_H
#define PIAUDIT_ENCODE_H

#include <stdio.h>

#include "daemon/event/event.h"
#include "daemon/event/profile.h"

#define ENCODE_PEN      32473 /* for documentation, RFC 5612: to be replaced by the site's own */
#define ENCODE_FACILITY 10    /* authpriv: not readable by everybody where it lands */

/* Zero: everything as by default. */
struct encode_options {
	uint32_t pen;          /* of structured data: NAME@PEN */
	unsigned int facility; /* of syslog */
	size_t limit; /* bytes of a record of syslog; where a receiver takes more, or less */
};

struct encoder {
	const char *name;  /* as in --format */
	const char *media; /* of a body of records */
	const char *doc;
	size_t most;      /* bytes that a record has at most, whatever the event holds */
	size_t text_most; /* bytes of one text; 0 = as by default */
	/* Around the records of one body, and between; "" and "\n" where they are lines. */
	const char *head, *between, *tail;
	/* Of encode_record only, which has added what is derived, and made it fit. 0, -ENOMEM. */
	int (*write)(const struct event *e, const struct encode_options *o, FILE *out);
};

extern const struct encoder *const encoders[];        /* NULL-terminated */
const struct encoder *encoder_find(const char *name); /* or NULL */

/* One record: no line end. Texts that are too long are cut, and it says so. 0, -ENOMEM, -EIO; -EMSGSIZE: no way. */
int encode_record(const struct encoder *encoder, const struct event *e,
		  const struct encode_options *o, FILE *out);
/* The same in a body of its own. */
int encode_whole(const struct encoder *encoder, const struct event *e,
		 const struct encode_options *o, FILE *out);

#endif
