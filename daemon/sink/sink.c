/* SPDX-License-Identifier: Apache-2.0 */
/* sink.c - the kinds of sinks, and calls to all sinks of an audit. */
#include "sink.h"

#include <errno.h>
#include <string.h>

#include "daemon/encode/encode.h"

extern const struct sink_ops sink_text, sink_json, sink_encoded;

const struct sink_ops *const sink_kinds[] = { &sink_text, &sink_json, NULL };

const struct sink_ops *sink_find(const char *name)
{
	for (size_t i = 0; sink_kinds[i]; i++)
		if (!strcmp(sink_kinds[i]->name, name))
			return sink_kinds[i];
	return NULL;
}

int sink_format(struct sink *sink, const char *format)
{
	sink->ops = sink_find(format);
	if (sink->ops)
		return 0;
	sink->encoder = encoder_find(format);
	if (!sink->encoder)
		return -EINVAL;
	sink->ops = &sink_encoded;
	return 0;
}

static void sink_keep(struct sink *sink, int err)
{
	if (err && !sink->error)
		sink->error = err;
}

/* An event that no sink writes gets no number. So a missing number means a lost event. */
static void stamp(struct sinks *sinks, uint64_t time, bool notable)
{
	bool told = false;

	for (size_t i = 0; i < sinks->count; i++) {
		struct sink *sink = &sinks->list[i];

		sink->stamp = &sinks->stamp;
		told |= sink->ops->stamped && (notable || !sink->notable);
	}
	if (told)
		event_id_next(&sinks->stamp, time);
}

void sinks_access(struct sinks *sinks, const struct access *a)
{
	bool notable = a->judgement.finding || a->judgement.doubt;

	stamp(sinks, a->time, notable);
	for (size_t i = 0; i < sinks->count; i++)
		if (notable || !sinks->list[i].notable)
			sink_keep(&sinks->list[i], sinks->list[i].ops->access(&sinks->list[i], a));
}

void sinks_loss(struct sinks *sinks, const struct loss *loss, uint64_t from, uint64_t until)
{
	stamp(sinks, until, true);
	for (size_t i = 0; i < sinks->count; i++)
		if (sinks->list[i].ops->loss)
			sink_keep(&sinks->list[i],
				  sinks->list[i].ops->loss(&sinks->list[i], loss, from, until));
}

void sinks_active(struct sinks *sinks, const struct scenario_set *set, uint64_t time)
{
	for (size_t i = 0; i < sinks->count; i++)
		if (sinks->list[i].ops->active)
			sink_keep(&sinks->list[i],
				  sinks->list[i].ops->active(&sinks->list[i], set, time));
}

void sinks_status(struct sinks *sinks, const struct status *status)
{
	stamp(sinks, status->time, true);
	for (size_t i = 0; i < sinks->count; i++)
		if (sinks->list[i].ops->status)
			sink_keep(&sinks->list[i],
				  sinks->list[i].ops->status(&sinks->list[i], status));
}

void sinks_summary(struct sinks *sinks, const struct summary *summary)
{
	stamp(sinks, summary->ended, true);
	for (size_t i = 0; i < sinks->count; i++)
		if (sinks->list[i].ops->summary)
			sink_keep(&sinks->list[i],
				  sinks->list[i].ops->summary(&sinks->list[i], summary));
}

void sinks_tick(struct sinks *sinks, uint64_t now)
{
	for (size_t i = 0; i < sinks->count; i++)
		if (sinks->list[i].ops->tick)
			sinks->list[i].ops->tick(&sinks->list[i], now);
}

int sinks_error(const struct sinks *sinks)
{
	int err = 0;

	for (size_t i = 0; i < sinks->count; i++) {
		const struct sink *sink = &sinks->list[i];

		if (!sink->out)
			continue;
		if (fflush(sink->out) == EOF && !err)
			err = -errno;
		if (!err)
			err = sink->error ?: (ferror(sink->out) ? -EIO : 0);
	}
	return err;
}

void sinks_close(struct sinks *sinks)
{
	for (size_t i = 0; i < sinks->count; i++)
		if (sinks->list[i].ops->close)
			sinks->list[i].ops->close(&sinks->list[i]);
	sinks->count = 0;
}
