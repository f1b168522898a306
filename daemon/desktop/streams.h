/* SPDX-License-Identifier: Apache-2.0 */
/* streams.h - the streams that audited processes send to servers, and who reads which. */
#ifndef PIAUDIT_STREAMS_H
#define PIAUDIT_STREAMS_H

#include <piaudit/event.h>

#include "decoder.h"
#include "policy/catalog.h"

struct server_info;
struct streams;

int streams_open(struct streams **out, struct server_info *servers); /* @servers borrowed */
void streams_close(struct streams **streams);                        /* NULL-safe, nulls */

/*
 * A checked record of PIA_OP_MESSAGE: what it asks goes to @out. @kind: that sources of its protocol have. False where
 * the policy has no interest in that server, and the kernel may be told so.
 */
bool streams_feed(struct streams *streams, const struct pia_event *ev, const struct decode_out *out,
		  enum source_kind *kind);

/* In a recording what servers say of themselves is asked for too: that of this record's. */
void streams_meet(struct server_info *servers, const struct pia_event *ev);

#endif
