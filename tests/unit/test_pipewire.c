/* SPDX-License-Identifier: Apache-2.0 */
/* test_pipewire.c - requests of PipeWire clients, in any pieces, with holes, and joined late. */
#include "daemon/desktop/pipewire/pipewire.c"

#include "stream_pieces.h"

static void put32(struct stream *s, uint32_t number)
{
	put(s, &number, sizeof(number));
}

static void put_padding(struct stream *s)
{
	put(s, "\0\0\0\0\0\0\0", padded(s->length) - s->length);
}

static void put_int(struct stream *s, uint32_t number)
{
	put32(s, 4);
	put32(s, TYPE_INT);
	put32(s, number);
	put_padding(s);
}

static void put_string(struct stream *s, const char *text)
{
	put32(s, (uint32_t)strlen(text) + 1);
	put32(s, TYPE_STRING);
	put(s, text, strlen(text) + 1);
	put_padding(s);
}

static void put_message(struct stream *s, uint32_t object, uint32_t method,
			const struct stream *arguments)
{
	put32(s, object);
	put32(s, method << 24 | ((uint32_t)arguments->length + 8));
	put32(s, 3);
	put32(s, 0);
	put32(s, (uint32_t)arguments->length);
	put32(s, TYPE_STRUCT);
	put(s, arguments->bytes, arguments->length);
}

#define PROPERTIES 6

/* Names and values in turn, as a struct. */
static void put_properties(struct stream *s, const char *const *properties)
{
	static struct stream inner;
	uint32_t count = 0;

	inner.length = 0;
	while (count < PROPERTIES && properties[2 * count])
		count++;
	put_int(&inner, count);
	for (uint32_t i = 0; i < 2 * count; i++)
		put_string(&inner, properties[i]);
	put32(s, (uint32_t)inner.length);
	put32(s, TYPE_STRUCT);
	put(s, inner.bytes, inner.length);
}

static void put_create(struct stream *s, const char *factory, const char *const *properties,
		       uint32_t id)
{
	static struct stream a;

	a.length = 0;
	put_string(&a, factory);
	put_string(&a, "PipeWire:Interface:ClientNode");
	put_int(&a, 4);
	put_properties(&a, properties);
	put_int(&a, id);
	put_message(s, CORE, 6, &a);
}

/* An update with a parameter of @bulk bytes before the properties, as a converter sends it. */
static void put_update(struct stream *s, uint32_t id, const char *const *properties, size_t bulk)
{
	static struct stream a;

	a.length = 0;
	put_int(&a, 3);
	put_int(&a, 1);
	put32(&a, (uint32_t)bulk);
	put32(&a, 15);
	for (size_t i = 0; i < bulk; i += 8)
		put(&a, "\4\0\0\0\10\0\0\0", 8);
	put_properties(&a, properties);
	put_message(s, id, 2, &a);
}

static void put_port(struct stream *s, uint32_t id, uint32_t direction)
{
	static struct stream a;

	a.length = 0;
	put_int(&a, direction);
	put_int(&a, 0);
	put_message(s, id, 3, &a);
}

static void put_bind(struct stream *s, const char *type)
{
	static struct stream a;

	a.length = 0;
	put_int(&a, 35);
	put_string(&a, type);
	put_int(&a, 3);
	put_int(&a, 9);
	put_message(s, 2, 1, &a);
}

static struct stream s;

static void begin_client(void)
{
	static const char *const self[2 * PROPERTIES + 1] = { "application.name", "pw-cat",
							      "media.class", "Stream/Input/Audio" };
	static struct stream a;

	s.length = a.length = 0;
	put_int(&a, 3);
	put_message(&s, CORE, 1, &a);
	a.length = 0;
	put_properties(&a, self);
	put_message(&s, CLIENT, 2, &a);
}

typedef const char *properties_t[2 * PROPERTIES + 1];

static void a_node_is_reported_by_its_input(void **state)
{
	static const struct {
		int line;
		properties_t properties;
		const char *heard;
	} cases[] = {
		{ __LINE__,
		  { "media.class", "Stream/Input/Audio", "media.category", "Capture" },
		  "microphone:records sound;" },
		{ __LINE__,
		  { "target.object", "alsa_input.pci", "media.class", "Stream/Input/Audio" },
		  "microphone:records sound of alsa_input.pci;" },
		{ __LINE__,
		  { "stream.capture.sink", "true", "media.class", "Stream/Input/Audio" },
		  "speakers:records sound output;" },
		{ __LINE__,
		  { "node.target", "alsa_output.pci.monitor", "media.class", "Stream/Input/Audio" },
		  "speakers:records sound output of alsa_output.pci.monitor;" },
		{ __LINE__,
		  { "stream.capture.sink", "false", "media.class", "Stream/Input/Audio" },
		  "microphone:records sound;" },
		{ __LINE__, { "media.class", "Audio/Sink" }, "speakers:records sound output;" },
		{ __LINE__,
		  { "media.class", "Stream/Input/Video", "media.role", "Camera" },
		  "camera:camera stream;" },
		{ __LINE__,
		  { "media.role", "Screen", "media.class", "Stream/Input/Video" },
		  "screen:screen stream;" },
		{ __LINE__,
		  { "media.class", "Stream/Input/Video", "target.object", "v4l2_input.usb" },
		  "camera:camera stream of v4l2_input.usb;" },
		{ __LINE__,
		  { "media.class", "Stream/Input/Video", "target.object", "57" },
		  "video:video stream of 57;" },
		{ __LINE__, { "media.class", "Stream/Input/Unknown" }, "video:video stream;" },
		{ __LINE__, { "media.class", "Stream/Output/Audio", "media.role", "Music" }, "" },
		{ __LINE__, { "media.class", "Stream/Output/Video" }, "" },
		{ __LINE__, { "media.class", "Audio/Source" }, "" },
		{ __LINE__, { "media.name", "Stream/Input/Audio" }, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct hearing h;

		begin_client();
		put_create(&s, "client-node", cases[i].properties, 4);
		put_update(&s, 4, cases[i].properties, 6000);
		hearing_begin(&h, &pipewire_decoder);
		feed_whole(&h, &s);
		if (strcmp(h.heard, cases[i].heard))
			fail_msg("line %d: %s", cases[i].line, h.heard);
		hearing_end(&h);
	}
}

static const properties_t input = { "media.class", "Stream/Input/Audio" };
static const properties_t none = { "node.name", "jack" };

static void other_factories_make_no_stream(void **state)
{
	(void)state;
	begin_client();
	put_create(&s, "link-factory", input, 4);
	put_create(&s, "adapter", input, 5);
	assert_heard(&s, &pipewire_decoder, "");
}

static void a_class_may_come_later(void **state)
{
	(void)state;
	begin_client();
	put_create(&s, "client-node", none, 4);
	put_update(&s, 4, input, 800);
	put_update(&s, 4, input, 0);
	assert_heard(&s, &pipewire_decoder, "microphone:records sound;");
	/* The same id, another node. */
	put_create(&s, "client-node", input, 4);
	assert_heard(&s, &pipewire_decoder, "microphone:records sound;microphone:records sound;");
}

static void a_filter_records_by_its_ports(void **state)
{
	(void)state;
	begin_client();
	put_create(&s, "client-node", none, 4);
	put_port(&s, 4, 1);
	put_port(&s, 7, 0);
	assert_heard(&s, &pipewire_decoder, "");
	put_port(&s, 4, 0);
	put_port(&s, 4, 0);
	assert_heard(&s, &pipewire_decoder, "sound:an input port for sound;");
}

#define FOUR \
	"microphone:records sound;microphone:records sound;microphone:records sound;microphone:records sound;"
#define MANY FOUR FOUR FOUR FOUR /* NODES_MAX of them */

/* Among many nodes a filter is forgotten, so its input is not known. */
static void a_filter_among_many_is_a_loss(void **state)
{
	(void)state;
	begin_client();
	put_create(&s, "client-node", none, 4);
	for (uint32_t i = 0; i < NODES_MAX; i++)
		put_create(&s, "client-node", input, 100 + i);
	assert_heard(&s, &pipewire_decoder, MANY);
	put_port(&s, 4, 1);
	assert_heard(&s, &pipewire_decoder, MANY);
	put_port(&s, 4, 0);
	assert_heard(&s, &pipewire_decoder, MANY "lost;");
}

static void a_bound_interface_is_reported_once(void **state)
{
	(void)state;
	begin_client();
	put_bind(&s, "PipeWire:Interface:Core");
	put_bind(&s, "PipeWire:Interface:Metadata");
	assert_heard(&s, &pipewire_decoder, "");
	put_bind(&s, "PipeWire:Interface:Node");
	put_bind(&s, "PipeWire:Interface:Device");
	put_bind(&s, "PipeWire:Interface:Client");
	put_bind(&s, "PipeWire:Interface:Client");
	assert_heard(&s, &pipewire_decoder, "devices:registry;clients:clients;");
}

static void any_pieces_give_the_same_result(void **state)
{
	static const properties_t screen = { "media.role", "Screen", "media.class",
					     "Stream/Input/Video" };

	(void)state;
	begin_client();
	put_create(&s, "client-node", input, 4);
	put_update(&s, 4, input, 600);
	put_bind(&s, "PipeWire:Interface:Client");
	put_create(&s, "client-node", screen, 5);
	assert_heard_in_any_pieces(
		&s, &pipewire_decoder,
		"microphone:records sound;clients:clients;screen:screen stream;");
}

static void a_late_join_waits_for_a_message(void **state)
{
	static const unsigned char tail[3000] = { 1, 2, 3 };
	struct hearing h;

	(void)state;
	hearing_begin(&h, &pipewire_decoder);
	feed_part(&h, tail, sizeof(tail), sizeof(tail), true);
	feed_part(&h, tail, 11, 11, true);
	s.length = 0;
	put_update(&s, 4, input, 600);
	feed_part(&h, s.bytes, s.length, s.length, true);
	assert_string_equal(h.heard, "microphone:records sound;");
	hearing_end(&h);
}

static void bytes_that_are_not_copied_are_skipped(void **state)
{
	struct hearing h;
	size_t head;

	(void)state;
	/* Inside a message that ends within the same piece: nothing is lost. */
	hearing_begin(&h, &pipewire_decoder);
	s.length = 0;
	put_update(&s, 4, none, 9000);
	feed_part(&h, s.bytes, 4096, s.length, true);
	s.length = 0;
	put_create(&s, "client-node", input, 5);
	feed_whole(&h, &s);
	assert_string_equal(h.heard, "microphone:records sound;");
	/*
	 * With the head of the next message: the position in the stream is lost, which is reported
	 * once.
	 */
	s.length = 0;
	put_update(&s, 4, none, 3000);
	head = s.length;
	put_create(&s, "client-node", input, 6);
	feed_part(&h, s.bytes, head + 10, s.length, true);
	feed_part(&h, s.bytes + head, s.length - head, s.length - head, false);
	feed_part(&h, s.bytes + head, s.length - head, s.length - head, true);
	assert_string_equal(h.heard, "microphone:records sound;lost;microphone:records sound;");
	hearing_end(&h);
}

static void a_class_that_was_not_seen_is_a_loss(void **state)
{
	struct hearing h;

	(void)state;
	hearing_begin(&h, &pipewire_decoder);
	s.length = 0;
	put_create(&s, "client-node", input, 4);
	feed_part(&h, s.bytes, 100, s.length, true);
	assert_string_equal(h.heard, "lost;");
	hearing_end(&h);
}

static void a_hole_loses_only_its_own_requests(void **state)
{
	struct hearing h;
	size_t half;

	(void)state;
	hearing_begin(&h, &pipewire_decoder);
	s.length = 0;
	put_update(&s, 4, input, 4000);
	half = 2011;
	feed_part(&h, s.bytes, half, half, true);
	feed_hole(&h, 1003);
	feed_part(&h, s.bytes + half + 1003, s.length - half - 1003, s.length - half - 1003, true);
	assert_string_equal(h.heard, "microphone:records sound;");
	feed_hole(&h, 8);
	feed_hole(&h, 0);
	assert_string_equal(h.heard, "microphone:records sound;lost;");
	hearing_end(&h);
}

static void false_lengths_do_no_harm(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 7, 8, 255, 256, 257, 0xffffff, 0xffffffff };
	struct hearing h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths) * 2; i++) {
		uint32_t length = lengths[i / 2];

		begin_client();
		put32(&s, i & 1 ? 4 : CORE);
		put32(&s, (i & 1 ? 2u : 6u) << 24 | 400);
		put32(&s, 1);
		put32(&s, 0);
		put32(&s, 392);
		put32(&s, TYPE_STRUCT);
		put_string(&s, "media.class");
		put32(&s, length);
		put32(&s, TYPE_STRING);
		for (int k = 0; k < 90; k++)
			put(&s, "media.cl", 8);
		hearing_begin(&h, &pipewire_decoder);
		feed_pieces(&h, &s, 64, true);
		hearing_end(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_is_reported_by_its_input),
		cmocka_unit_test(other_factories_make_no_stream),
		cmocka_unit_test(a_class_may_come_later),
		cmocka_unit_test(a_filter_records_by_its_ports),
		cmocka_unit_test(a_filter_among_many_is_a_loss),
		cmocka_unit_test(a_bound_interface_is_reported_once),
		cmocka_unit_test(any_pieces_give_the_same_result),
		cmocka_unit_test(a_late_join_waits_for_a_message),
		cmocka_unit_test(bytes_that_are_not_copied_are_skipped),
		cmocka_unit_test(a_class_that_was_not_seen_is_a_loss),
		cmocka_unit_test(a_hole_loses_only_its_own_requests),
		cmocka_unit_test(false_lengths_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
