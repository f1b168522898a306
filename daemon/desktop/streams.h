/* SPDX-License-Identifier: Apache-2.0 */
/* streams.h - the streams from audited processes to servers, and the decoder of each. */
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
 * Decodes a checked record of PIA_OP_MESSAGE; requests go to @out. @kind: the kind of the sources
 * of this protocol. False: the policy has no source for this server, so the kernel may drop the
 * stream.
 */
bool streams_feed(struct streams *streams, const struct pia_event *ev, const struct decode_out *out,
		  enum source_kind *kind);

/* While recording: requests the facts of the record's server, for the recording. */
void streams_meet(struct server_info *servers, const struct pia_event *ev);

#endif
