/* SPDX-License-Identifier: Apache-2.0 */
/* test_wayland.c - requests of Wayland clients: any cut gives the same result. */
#include "daemon/desktop/wayland/wayland.c"

#include "wayland_listener.h"

/* The requests of wl-paste in sway. */
static void stream_control(struct stream *s)
{
	put_begin(s);
	put_bind(s, "wl_data_device_manager", 1, 7);
	put_bind(s, "zwlr_data_control_manager_v1", 2, 8);
	put_bind(s, "zwp_primary_selection_device_manager_v1", 1, 9);
	put(s, 8, 1, "uu", 10u, 6u);
	put(s, OFFER + 1, 1, "");
	put(s, OFFER, 0, "sh", "text/plain;charset=utf-8");
	put(s, 1, 0, "u", 11u);
}

/*
 * A toolkit such as GTK 3: it accepts the offer and reads its content, then the primary selection.
 */
static void stream_toolkit(struct stream *s)
{
	put_begin(s);
	put_bind(s, "wl_data_device_manager", 3, 7);
	put_bind(s, "zwp_primary_selection_device_manager_v1", 1, 9);
	put(s, 7, 1, "uu", 10u, 6u);
	put(s, 9, 1, "uu", 11u, 6u);
	put(s, 4, 0, "uhu", 12u, 4096u);
	put(s, OFFER + 2, 0, "us", 40u, "text/plain;charset=utf-8");
	put(s, OFFER + 2, 1, "sh", "text/plain;charset=utf-8");
	put(s, OFFER + 3, 0, "sh", "UTF8_STRING");
	put(s, OFFER + 2, 2, "");
}

/* Compositors pass on any type, and some owners have one answer for all types. */
static void stream_odd_types(struct stream *s)
{
	put_begin(s);
	put_bind(s, "wl_data_device_manager", 3, 7);
	put(s, OFFER, 1, "sh", "x");
	put(s, OFFER, 1, "sh", "a b");
}

static void stream_drag(struct stream *s)
{
	put_begin(s);
	put_bind(s, "wl_data_device_manager", 3, 7);
	put(s, OFFER, 0, "us", 40u, "text/uri-list");
	put(s, OFFER, 4, "uu", 3u, 1u);
	put(s, OFFER, 1, "sh", "text/uri-list");
	put(s, OFFER, 3, "");
	put(s, OFFER, 2, "");
	put(s, OFFER, 1, "sh", "text/html"); /* the id now belongs to another offer */
}

/*
 * Before version 3 only the accept is a sign of a drag, and GTK 3 sends it for the clipboard too.
 */
static void stream_old(struct stream *s)
{
	put_begin(s);
	put_bind(s, "wl_data_device_manager", 1, 7);
	put(s, OFFER, 1, "sh", "text/plain");
	put(s, OFFER + 1, 0, "us", 300u, "text/plain");
	put(s, OFFER + 1, 1, "sh", "text/plain");
}

static void stream_grim(struct stream *s)
{
	put_begin(s);
	put_bind(s, "zwlr_screencopy_manager_v1", 1, 8);
	put(s, 8, 0, "uuu", 9u, 0u, 7u);
	put(s, 8, 1, "uuuuuuu", 10u, 0u, 7u, 0u, 0u, 10u, 10u);
	put(s, 4, 0, "uhu", 11u, 4096u);
	put(s, 9, 0, "u", 12u);
	put(s, 8, 2, "");
	put(s, 8, 0, "uuu", 13u, 0u, 7u); /* the id now belongs to another object */
}

static void stream_capture(struct stream *s)
{
	put_begin(s);
	put_bind(s, "ext_output_image_capture_source_manager_v1", 1, 7);
	put_bind(s, "ext_image_copy_capture_manager_v1", 1, 8);
	put(s, 7, 0, "uu", 9u, 6u);
	put(s, 8, 0, "uuu", 10u, 9u, 0u);
	put(s, 10, 0, "u", 11u);
	put(s, 11, 1, "u", 20u);
	put(s, 11, 3, "");
	put(s, 11, 0, "");
	put(s, 10, 0, "u", 11u);
	put(s, 11, 3, "");
	put_bind(s, "weston_capture_v1", 1, 30);
	put(s, 30, 1, "uuu", 6u, 1u, 31u);
	put(s, 31, 1, "u", 20u);
}

static void stream_windows_and_keys(struct stream *s)
{
	put_begin(s);
	put_bind(s, "zwlr_foreign_toplevel_manager_v1", 3, 7);
	put_bind(s, "zwp_input_method_manager_v2", 1, 8);
	put(s, 8, 0, "uu", 6u, 9u);
	put(s, 9, 5, "u", 10u);
	put(s, 9, 3, "u", 1u);
	put(s, 9, 6, "");
}

/* Similar bytes: an object of the client, another request, a length that is read as a string. */
static void stream_silent(struct stream *s)
{
	put_begin(s);
	put_bind(s, "zwp_virtual_keyboard_manager_v1", 1, 7);
	put(s, 7, 0, "uu", 6u, 8u);
	put(s, 8, 0, "uhu", 1u, 100u);
	put(s, 5, 0, "u", 9u);
	put(s, 9, 1, "uuu", 10u, 0u, 0u);
	put(s, OFFER, 0, "us", 300u, "  ");
	put(s, OFFER, 2, "sh", "text/plain");
	put(s, 12, 0, "sh", "text/plain");
	put(s, 13, 2, "s", "a title of a window");
	put(s, 1, 0, "u", 11u);
}

static void stream_no_descriptor(struct stream *s)
{
	put_begin(s);
	put(s, OFFER, 0, "s", "text/plain");
	put(s, OFFER, 1, "s", "text/plain");
}

/*
 * More bytes than are kept. Then a string that ends long before its length, as a compositor reads
 * it.
 */
static void stream_long(struct stream *s)
{
	char text[600];
	uint32_t nul = 0;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	put(s, OFFER, 1, "sh", text);
	memcpy(text, "text/plain", 10);
	put(s, OFFER, 1, "sh", text);
	memcpy(s->bytes + s->len - 600 + 10, &nul, sizeof(nul));
}

static const struct {
	int line;
	void (*make)(struct stream *s);
	const char *told;
} streams[] = {
	{ __LINE__, stream_control,
	  "watch: data control: get_data_device\n"
	  "transfer: clipboard or primary selection as text/plain;charset=utf-8\n" },
	{ __LINE__, stream_toolkit,
	  "clipboard: clipboard as text/plain;charset=utf-8\n"
	  "primary: primary selection as UTF8_STRING\n" },
	{ __LINE__, stream_odd_types, "clipboard: clipboard as x\nclipboard: clipboard as a b\n" },
	{ __LINE__, stream_drag,
	  "drag: drag and drop as text/uri-list\nclipboard: clipboard as text/html\n" },
	{ __LINE__, stream_old,
	  "clipboard: clipboard as text/plain\n"
	  "transfer: clipboard or drag and drop as text/plain\n" },
	{ __LINE__, stream_grim,
	  "screen: zwlr_screencopy: capture_output\n"
	  "screen: zwlr_screencopy: capture_output_region\n" },
	{ __LINE__, stream_capture,
	  "screen: ext_image_copy_capture: capture\nscreen: ext_image_copy_capture: capture\n"
	  "screen: weston_capture: capture\n" },
	{ __LINE__, stream_windows_and_keys,
	  "windows: zwlr_foreign_toplevel_manager_v1\n"
	  "input method: zwp_input_method_manager_v2: get_input_method\n"
	  "keys: zwp_input_method_v2: grab_keyboard\n" },
	{ __LINE__, stream_silent, "" },
	{ __LINE__, stream_no_descriptor, "" },
	{ __LINE__, stream_long,
	  "clipboard: clipboard as "
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
	  "clipboard: clipboard as text/plain\n" },
};

static void test_any_cut(void **state)
{
	static struct listener l;

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(streams); k++) {
		struct stream s = { .len = 0 };

		streams[k].make(&s);
		for (size_t cut = 0; cut < s.len; cut++) {
			listener_open(&l);
			if (cut)
				feed_call(&l, &s, 0, cut);
			feed_call(&l, &s, cut, s.len);
			check(&l, streams[k].told, streams[k].line, cut);
			listener_open(&l);
			if (cut)
				feed_piece(&l, &s, 0, cut, (const size_t[]){ 0, s.len });
			feed_piece(&l, &s, cut, s.len, (const size_t[]){ 0, s.len });
			check(&l, streams[k].told, streams[k].line, cut);
		}
	}
}

static void test_in_steps(void **state)
{
	static struct listener l;

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(streams); k++) {
		struct stream s = { .len = 0 };

		streams[k].make(&s);
		for (size_t step = 1; step < 64; step++) {
			listener_open(&l);
			for (size_t at = 0; at < s.len; at += step)
				feed_call(&l, &s, at, at + step < s.len ? at + step : s.len);
			check(&l, streams[k].told, streams[k].line, step);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_cut),
		cmocka_unit_test(test_in_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
