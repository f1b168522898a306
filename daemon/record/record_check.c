/* SPDX-License-Identifier: Apache-2.0 */
/* record_check.c - the only place that checks whether bytes are a valid record. All later code
 * may trust them. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <piaudit/event.h>

#include "record_text.h"

static bool tail_ok(const unsigned char *bytes, size_t size, struct pia_tail tail)
{
	if (!tail.len)
		return true;
	return tail.off >= sizeof(struct pia_event) && tail.len <= PIA_PATH_MAX &&
	       (size_t)tail.off + tail.len <= size && !bytes[tail.off + tail.len - 1];
}

static bool data_ok(const struct pia_event *ev)
{
	if (!ev->data.len)
		return true;
	if (ev->op == PIA_OP_MESSAGE ? ev->data.len > ev->length : ev->op > PIA_OP_EXEC)
		return false;
	return ev->data.off >= sizeof(*ev) && ev->data.len <= PIA_DATA_MAX &&
	       (size_t)ev->data.off + ev->data.len <= ev->size;
}

/* An offset in the path must lie between two components. */
static bool place_ok(const unsigned char *bytes, const struct pia_event *ev, size_t place)
{
	return place <= ev->path.len && (!place || !bytes[ev->path.off + place - 1]);
}

static const char *tails_fault(const unsigned char *bytes, const struct pia_event *ev)
{
	if (!tail_ok(bytes, ev->size, ev->path) || !tail_ok(bytes, ev->size, ev->root) ||
	    !tail_ok(bytes, ev->size, ev->base))
		return "a string lies outside the record, is too long, or has no NUL at its end";
	if (!data_ok(ev))
		return "data is not allowed, lies outside the record, or is longer than its message";
	if (!place_ok(bytes, ev, ev->cross))
		return "the mount point does not lie between two path components";
	if (!place_ok(bytes, ev, ev->chroot))
		return "the root directory does not lie between two path components";
	if (!memchr(ev->comm, '\0', sizeof(ev->comm)))
		return "comm has no NUL at its end";
	return NULL;
}

const char *record_fault(const void *bytes, size_t len)
{
	struct pia_event ev;

	if (len < sizeof(ev))
		return "too short for a record";
	/* Copied, because bytes from outside can be unaligned. */
	memcpy(&ev, bytes, sizeof(ev));
	if (ev.size != len)
		return "the size in the record differs from its length";
	if (ev.wire != PIA_WIRE)
		return "unknown version of the record format";
	if (ev.op == PIA_OP_NONE || ev.op >= PIA_OP_MAX)
		return "unknown operation";
	if (ev.flags & ~PIA_F_ALL)
		return "unknown flags";
	return tails_fault(bytes, &ev);
}

int record_check(const void *bytes, size_t len)
{
	return record_fault(bytes, len) ? -EBADMSG : 0;
}
