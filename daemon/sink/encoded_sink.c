/* SPDX-License-Identifier: Apache-2.0 */
/* encoded_sink.c - every encoding as a sink: makes events and encodes them as records. */
#include "encoded_sink.h"

#include <errno.h>

#include <piaudit/auto.h>

#include "daemon/encode/encode.h"
#include "daemon/event/event.h"

static int encoded_sink_put(struct sink *sink, struct event *e)
{
	static const struct encode_options none;
	int err = e->error;

	if (!err && sink->profile != PROFILE_FULL)
		err = event_profile(e, sink->profile, sink->profile_key);
	err = err ?: encode_whole(sink->encoder ?: encoders[0], e, &none, sink->out);
	if (err)
		return err;
	fputc('\n', sink->out);
	return fflush(sink->out) || ferror(sink->out) ? -EIO : 0;
}

int encoded_sink_access(struct sink *sink, const struct access *a)
{
	AUTO(event_free) struct event e = { 0 };

	if (sink->quiet)
		return 0;
	event_of_access(&e, a, sink->stamp);
	return encoded_sink_put(sink, &e);
}

int encoded_sink_loss(struct sink *sink, const struct loss *loss, uint64_t from, uint64_t until)
{
	const struct loss_told told = { loss, from, until, sink->app };
	AUTO(event_free) struct event e = { 0 };

	if (sink->quiet)
		return 0;
	event_of_loss(&e, &told, sink->stamp);
	return encoded_sink_put(sink, &e);
}

int encoded_sink_status(struct sink *sink, const struct status *status)
{
	AUTO(event_free) struct event e = { 0 };

	if (sink->quiet)
		return 0;
	event_of_status(&e, status, sink->app, sink->stamp);
	return encoded_sink_put(sink, &e);
}

/* An event cannot hold a table, so each row is an event of its own. */
static int encoded_summary(struct sink *sink, const struct summary *s)
{
	AUTO(event_free) struct event e = { 0 };
	int err;

	event_of_summary(&e, s, sink->stamp);
	err = encoded_sink_put(sink, &e);
	for (size_t i = 0; i < s->cell_count && !err; i++) {
		AUTO(event_free) struct event cell = { 0 };

		event_of_cell(&cell, s, i, sink->stamp);
		err = encoded_sink_put(sink, &cell);
	}
	return err;
}

extern const struct sink_ops sink_encoded;
const struct sink_ops sink_encoded = { .name = "encoded",
				       .stamped = true,
				       .access = encoded_sink_access,
				       .loss = encoded_sink_loss,
				       .status = encoded_sink_status,
				       .summary = encoded_summary };
