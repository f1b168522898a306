/* SPDX-License-Identifier: Apache-2.0 */
/* encode.h - the encodings of an event, one file and row each. Pure: event in, bytes out. */
/* Room daemon/encode: one file per output format; pure: event in, bytes out. */
#ifndef PIAUDIT_ENCODE_H
#define PIAUDIT_ENCODE_H

#include <stdio.h>

#include "daemon/event/event.h"
#include "daemon/event/profile.h"

#define ENCODE_PEN      32473 /* for documentation, RFC 5612: a site sets its own number */
#define ENCODE_FACILITY 10 /* authpriv: log files of this facility are not readable by all users */

/* Zero: the defaults. */
struct encode_options {
	uint32_t pen;          /* of structured data: NAME@PEN */
	unsigned int facility; /* of syslog */
	/* Bytes of a syslog record, for receivers with another limit. */
	size_t limit;
};

struct encoder {
	const char *name;  /* as in --format */
	const char *media; /* media type of a body of records */
	const char *doc;
	size_t most;      /* the maximum of bytes in a record, for any event */
	size_t text_most; /* the maximum of bytes in one text; 0 = default */
	/* Before, between and after the records of a body; "", "\n" and "" for lines. */
	const char *head, *between, *tail;
	/* Called only by encode_record, which adds the derived items and cuts texts. 0, -ENOMEM. */
	int (*write)(const struct event *e, const struct encode_options *o, FILE *out);
};

extern const struct encoder *const encoders[];        /* NULL-terminated */
const struct encoder *encoder_find(const char *name); /* or NULL */

/*
 * One record, without a line end. Texts that are too long are cut, and the record has "truncated".
 * 0, -ENOMEM, -EIO; -EMSGSIZE: too long even when cut. After an error other than -EIO nothing is
 * written.
 */
int encode_record(const struct encoder *encoder, const struct event *e,
		  const struct encode_options *o, FILE *out);
/* The same, with the head and the tail of a body. */
int encode_whole(const struct encoder *encoder, const struct event *e,
		 const struct encode_options *o, FILE *out);

#endif
