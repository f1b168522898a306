/* SPDX-License-Identifier: Apache-2.0 */
/* probes_maps.c - memory shared with the loaded kernel half: pages and the ring. */
#include "probes_private.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/util/clock.h"
#include "daemon/util/log.h"

#define CLOCK_EVERY 64 /* records; so many are judged in a fraction of a millisecond */

/* An error ends the reading of the ring. The record counts as read. */
static int ring_record(void *context, void *bytes, size_t len)
{
	struct probes *p = context;
	int err = p->fn(p->context, bytes, len);

	p->fed++;
	if (err || p->fed % CLOCK_EVERY || clock_ns(CLOCK_MONOTONIC) < p->until)
		return err;
	p->cut = true;
	return -EAGAIN;
}

/* On failure NULL, with errno. */
static void *probes_maps_share(const struct bpf_map *map, size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);

	return at == MAP_FAILED ? NULL : at;
}

static void unshare(void *at, size_t size)
{
	if (at)
		munmap(at, size);
}

int probes_maps_open(struct probes *p)
{
	p->control = probes_maps_share(p->skel->maps.controls, sizeof(*p->control));
	p->repeats = probes_maps_share(p->skel->maps.repeats, PIA_REPEATS * sizeof(*p->repeats));
	if (!p->control || !p->repeats)
		return log_err(-errno, "probes: shared memory cannot be mapped");
	p->control->epoch = p->control->round = 1;
	p->control->self = getpid();
	p->ring = ring_buffer__new(bpf_map__fd(p->skel->maps.events), ring_record, p, NULL);
	return p->ring ? 0 : log_err(-errno, "probes: ring buffer cannot be opened");
}

void probes_maps_close(struct probes *p)
{
	ring_buffer__free(p->ring);
	p->ring = NULL;
	unshare(p->control, sizeof(*p->control));
	unshare(p->repeats, PIA_REPEATS * sizeof(*p->repeats));
	p->control = NULL;
	p->repeats = NULL;
}
