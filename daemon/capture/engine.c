/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - runs the kernel half: records, losses, and the data that user space adds to them. */
#include "engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/capture/probes/probes.h"
#include "daemon/desktop/pulse/pulse_shm.h"
#include "daemon/desktop/server_info.h"
#include "daemon/host/genl_families.h"
#include "daemon/host/host.h"
#include "daemon/record/record_text.h"
#include "daemon/util/clock.h"
#include "daemon/util/dispatch.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"
#include "repeat_counts.h"
#include "usdt_scan.h"

struct engine {
	struct engine_config config;
	struct host *host;
	struct server_info *servers;
	struct probes *probes;
	struct genl_families *families;
	struct pulse_shm *rings;
	struct repeat_counts *repeats; /* counted in the kernel */
	uint64_t told;                 /* time of the last report of repeats; CLOCK_BOOTTIME, ns */
	struct pia_count counted[PIA_OP_MAX]; /* the counts at the last span of losses */
};

int engine_exit(int err)
{
	return err == -EPERM ? EXIT_PRIVILEGE : err == -ENOTSUP ? EXIT_KERNEL : EXIT_INTERNAL;
}

static void family_numbered(void *context, uint32_t id, enum pia_family family)
{
	probes_family(context, id, family);
}

static int engine_load(struct engine *e)
{
	struct probes_config config = { .catalog = e->config.catalog,
					.ring_bytes = e->config.ring_bytes,
					.exec_filter_on = e->config.exec_filter_on };
	int err = host_open(&e->host, e->config.catalog);

	if (err) {
		log_err(err, "host: facts about this machine cannot be read");
		return EXIT_INTERNAL;
	}
	if (server_info_open(&e->servers, true))
		return EXIT_INTERNAL;
	err = probes_open(&e->probes, &config);
	if (err)
		return engine_exit(err);
	if (pulse_shm_open(&e->rings) || repeat_counts_open(&e->repeats, probes_repeats(e->probes)))
		return EXIT_INTERNAL;
	err = genl_families_open(&e->families, family_numbered, e->probes);
	if (err)
		log_warn("netlink families: cannot be read, so requests to Wi-Fi (nl80211) are not "
			 "seen: %s",
			 strerror(-err));
	return EXIT_CLEAN;
}

int engine_open(struct engine **out, const struct engine_config *config)
{
	AUTO(engine_close) struct engine *e = calloc(1, sizeof(*e));
	int code;

	if (!e)
		return EXIT_INTERNAL;
	e->config = *config;
	code = engine_load(e);
	if (!code)
		*out = TAKE(e);
	return code;
}

void engine_close(struct engine **engine)
{
	struct engine *e = *engine;

	if (!e)
		return;
	repeat_counts_close(&e->repeats);
	pulse_shm_close(&e->rings);
	genl_families_close(&e->families);
	probes_close(&e->probes);
	server_info_close(&e->servers);
	host_close(&e->host);
	free(e);
	*engine = NULL;
}

bool engine_incomplete(const struct engine *e)
{
	for (size_t i = 0; i < probes_count(e->probes); i++)
		if (probes_state(e->probes, i)->required && !probes_state(e->probes, i)->attached)
			return true;
	return false;
}

struct probes *engine_probes(const struct engine *e)
{
	return e->probes;
}

struct host *engine_host(const struct engine *e)
{
	return e->host;
}

struct server_info *engine_servers(const struct engine *e)
{
	return e->servers;
}

void engine_ignore_file(void *context, const struct pia_file *file, enum pia_ignored_kind kind)
{
	struct engine *e = context;

	probes_ignore_file(e->probes, file, kind);
}

/*
 * A loss is reported before the records that follow it: its span must be known when they are
 * judged.
 */
static void tell_losses(struct engine *e)
{
	struct pia_count now[PIA_OP_MAX];
	struct loss loss = { 0 };

	if (!probes_loss_span(e->probes, &loss.from, &loss.until))
		return;
	probes_counts(e->probes, now);
	for (size_t i = 0; i < PIA_OP_MAX; i++)
		loss.lost[i] = now[i].lost - e->counted[i].lost;
	memcpy(e->counted, now, sizeof(now));
	/*
	 * Also if nothing new was counted: the previous report can have included these losses, but
	 * not this span.
	 */
	e->config.loss(e->config.context, &loss);
}

static int feed_shared(void *context, const struct pia_event *ev)
{
	struct engine *e = context;

	return e->config.feed(e->config.context, ev);
}

/* A count that was just taken can lie in a span of losses that began meanwhile. */
static int feed_counted(void *context, const struct pia_event *ev)
{
	tell_losses(context);
	return feed_shared(context, ev);
}

static void tell_counted(struct engine *e, uint64_t now)
{
	if (now < e->told + ENGINE_TELL_NS)
		return;
	e->told = now;
	repeat_counts_tell(e->repeats, feed_counted, e);
}

/*
 * Feeds a checked record, after the pending repeats of its process. The record gets flags if its
 * process may have made marks before, or if its shared memory is read from now on.
 */
static int feed_record(struct engine *e, const struct pia_event *ev)
{
	union record_room room;
	/*
	 * A joined process may have made marks before in any case, so its fork record needs no
	 * flag.
	 */
	uint32_t flags = usdt_scan_feed(e->probes, ev) && ev->op != PIA_OP_FORK ? PIA_F_UNMARKED
										: 0;

	repeat_counts_before(e->repeats, ev, feed_counted, e);
	repeat_counts_keep(e->repeats, ev);
	if (ev->op == PIA_OP_EXIT)
		pulse_shm_end(e->rings, ev->tgid, ev->time, feed_shared, e);
	if (pulse_shm_follow(e->rings, ev))
		flags |= PIA_F_FOLLOWED;
	if (!flags)
		return feed_shared(e, ev);
	memcpy(room.bytes, ev, ev->size);
	room.ev.flags |= flags;
	return feed_shared(e, &room.ev);
}

static int engine_feed(void *context, const void *bytes, size_t len)
{
	struct engine *e = context;

	tell_losses(e);
	if (record_check(bytes, len)) {
		/* Later records are still fed. */
		e->config.malformed(e->config.context);
		return 0;
	}
	/* Here too, because in a steady flow of records probes_poll does not return. */
	tell_counted(e, ((const struct pia_event *)bytes)->time);
	return feed_record(e, bytes);
}

static int engine_poll(void *context, uint64_t until)
{
	struct engine *e = context;
	uint64_t now;
	int n;

	tell_losses(e);
	n = probes_poll(e->probes, engine_feed, e, until);
	if (n < 0)
		return log_err(n, "ring buffer: cannot be read");
	now = clock_ns(CLOCK_BOOTTIME);
	pulse_shm_read(e->rings, now, feed_shared, e);
	tell_counted(e, now);
	host_refresh(e->host);
	genl_families_refresh(e->families);
	return n;
}

static bool engine_arm(void *context, uint64_t until)
{
	struct engine *e = context;

	return probes_arm(e->probes, until);
}

static void engine_disarm(void *context)
{
	struct engine *e = context;

	probes_disarm(e->probes);
}

int engine_join(struct engine *e, struct dispatch *dispatch)
{
	struct dispatch_work work = { .fd = probes_fd(e->probes),
				      .work = engine_poll,
				      .arm = engine_arm,
				      .disarm = engine_disarm,
				      .context = e };

	return dispatch_work(dispatch, &work);
}

int engine_drain(struct engine *e, uint64_t until)
{
	int n;

	do
		n = engine_poll(e, until);
	while (n > 0 && clock_ns(CLOCK_MONOTONIC) < until);
	return n < 0 ? n : 0;
}

bool engine_behind(const struct engine *e)
{
	return probes_behind(e->probes);
}

void engine_flush_counts(struct engine *e)
{
	repeat_counts_tell(e->repeats, feed_counted, e);
}

void engine_end(struct engine *e)
{
	/*
	 * Detach first: while audited processes still make records, the ring never becomes empty.
	 */
	probes_detach(e->probes);
	engine_drain(e, UINT64_MAX);
	engine_flush_counts(e);
	pulse_shm_end(e->rings, 0, clock_ns(CLOCK_BOOTTIME), feed_shared, e);
	tell_losses(e);
}
