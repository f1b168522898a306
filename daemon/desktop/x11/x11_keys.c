/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x11_keys.c - requests for keys of other programs: selected or grabbed, core protocol and XInput.
 */
#include "x11_private.h"

/* Source: X Window System Protocol; XInput 1.5 and 2.4. */
/* Index of the event mask among a window's attributes; values come in this order */
#define EVENT_MASK    11
#define CORE_KEYS     0x3 /* KeyPress, KeyRelease */
#define ANY_KEY       0
#define DEVICE_KEYS   1 /* after XInput's first event: DeviceKeyPress, DeviceKeyRelease */
#define DEVICE_KEYS_N 2
#define GRAB_KEYCODE  1 /* a type of grab of XIPassiveGrabDevice */

/* XI_KeyPress, XI_KeyRelease, XI_RawKeyPress, XI_RawKeyRelease: in a mask's first two bytes. */
#define XI_KEYS     (1u << 2 | 1u << 3)
#define XI_RAW_KEYS (1u << 13 | 1u << 14)

static bool is_others(const struct x11_request *r, uint32_t window)
{
	return x11_whose(r, window) != X11_OWN;
}

static const char *x11_keys_place(const struct x11_request *r, uint32_t window)
{
	return x11_whose(r, window) == X11_ROOT ? "all windows" : "another program's window";
}

/* True if the list in the request ends after the bytes that were kept or captured. */
static bool beyond(const struct x11_request *r, uint64_t end)
{
	if (end <= r->have)
		return false;
	if (end <= r->length)
		r->out->lost(r->out->context);
	return true;
}

void x11_event_mask(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 4), mask = x11_get32(r, 8);
	size_t at = 12 + 4 * (size_t)__builtin_popcount(mask & ((1u << EVENT_MASK) - 1));

	if (!(mask & 1u << EVENT_MASK) || !is_others(r, window) || beyond(r, at + 4))
		return;
	if (x11_get32(r, at) & CORE_KEYS)
		x11_tell(r, REQ_KEYS_STREAM, "key events of %s", x11_keys_place(r, window));
}

/* A grab on the client's own window, as for menus, receives only keys typed into that window. */
void x11_grab_keyboard(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 4);

	if (is_others(r, window))
		x11_tell(r, REQ_KEYS_STREAM, "GrabKeyboard of %s", x11_keys_place(r, window));
}

void x11_grab_key(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 4);

	if (is_others(r, window))
		x11_tell(r, r->bytes[10] == ANY_KEY ? REQ_KEYS_STREAM : REQ_KEYS_CHOSEN,
			 "GrabKey of %s", x11_keys_place(r, window));
}

/* XInput 1: a list of device << 8 | event number. */
void x11_select_extension(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 4), first = r->server->xinput_event + DEVICE_KEYS;
	size_t count = x11_get16(r, 8);

	if (!is_others(r, window))
		return;
	for (size_t i = 0; i < count && !beyond(r, 12 + 4 * ((uint64_t)i + 1)); i++) {
		if ((x11_get32(r, 12 + 4 * i) & 0xff) - first >= DEVICE_KEYS_N)
			continue;
		x11_tell(r, REQ_KEYS_STREAM, "device key events of %s", x11_keys_place(r, window));
		return;
	}
}

static bool has_keys(const struct x11_request *r, size_t at, size_t units, bool root)
{
	unsigned int mask = units ? r->bytes[at] | (unsigned int)r->bytes[at + 1] << 8 : 0;

	return mask & (XI_KEYS | (root ? XI_RAW_KEYS : 0));
}

/* XInput 2: masks of any length, each for one device. */
void x11_select_events(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 4);
	bool root = x11_whose(r, window) == X11_ROOT;
	uint64_t at = 12;

	if (!is_others(r, window))
		return;
	for (size_t left = x11_get16(r, 8); left; left--) {
		size_t units;

		if (beyond(r, at + 4))
			return;
		units = x11_get16(r, (size_t)at + 2);
		if (units && beyond(r, at + 8))
			return;
		if (has_keys(r, (size_t)at + 4, units, root)) {
			x11_tell(r, REQ_KEYS_STREAM, "XInput key events of %s",
				 x11_keys_place(r, window));
			return;
		}
		at += 4 + 4 * (uint64_t)units;
	}
}

void x11_grab_device(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 4);
	size_t units = x11_get16(r, 22);

	if (!is_others(r, window) || (units && beyond(r, 28)))
		return;
	if (has_keys(r, 24, units, false))
		x11_tell(r, REQ_KEYS_STREAM, "XIGrabDevice of %s", x11_keys_place(r, window));
}

void x11_passive_grab(const struct x11_request *r)
{
	uint32_t window = x11_get32(r, 8);

	if (r->bytes[26] == GRAB_KEYCODE && is_others(r, window))
		x11_tell(r, x11_get32(r, 16) == ANY_KEY ? REQ_KEYS_STREAM : REQ_KEYS_CHOSEN,
			 "XIPassiveGrabDevice of %s", x11_keys_place(r, window));
}
