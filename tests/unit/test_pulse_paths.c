/* SPDX-License-Identifier: Apache-2.0 */
/* test_pulse_paths.c - other ways of sound out of PulseAudio, late joins, and false lengths. */
#include "daemon/desktop/pulse/pulse.c"

#include "stream_pieces.h"

#include "pulse_client.h"

static void modules_that_let_sound_out(void **state)
{
	static const struct {
		const char *name, *heard;
	} cases[] = {
		{ "module-loopback", "sound:module-loopback;" },
		{ "module-loopback.so", "sound:module-loopback;" },
		{ "/usr/lib/pulse/modules/module-pipe-sink.so", "sound:module-pipe-sink;" },
		{ "module-native-protocol-tcp", "sound:module-native-protocol-;" },
		{ "module-http-protocol-unix", "sound:module-http-protocol-;" },
		{ "module-tunnel-sink-new", "sound:module-tunnel-sink;" },
		{ "module-rtp-send", "sound:module-rtp-send;" },
		{ "module-simple-protocol-tcp", "sound:module-simple-protocol-;" },
		{ "module-null-sink", "" },
		{ "module-loopback/module-pipe-source", "" },
		{ "module-tunnel-source", "" },
		{ NULL, "" },
	};
	static struct stream a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		begin_client();
		a.length = 0;
		put_text(&a, cases[i].name);
		put_text(&a, "sink=module-pipe-sink");
		put_command(&s, 51, &a);
		assert_heard(&s, &pulse_decoder, cases[i].heard);
	}
}

static void a_late_join_waits_for_a_command(void **state)
{
	struct recording r = { NULL, "mic", NONE, NONE, false };
	static const unsigned char sound[5000] = { 1, 2, 3 };
	struct hearing h;

	(void)state;
	hearing_begin(&h, &pulse_decoder);
	feed_part(&h, sound, sizeof(sound), sizeof(sound), true);
	feed_part(&h, sound, 4096, 9000, true);
	feed_part(&h, sound, 7, 7, true);
	s.length = 0;
	put_recording(&s, &r);
	feed_part(&h, s.bytes, s.length, s.length, true);
	assert_string_equal(h.heard, "microphone:source mic;");
	hearing_end(&h);
}

/*
 * The client is joined between the head of played sound and the sound itself. The next head is
 * recognized.
 */
static void a_player_that_is_joined_late(void **state)
{
	struct recording r = { NULL, "mic", NONE, NONE, false };
	static const unsigned char sound[5000] = { 1, 2, 3 };
	struct hearing h;

	(void)state;
	hearing_begin(&h, &pulse_decoder);
	feed_part(&h, sound, sizeof(sound), sizeof(sound), true);
	assert_false(pulse_decoder.follows(h.state));
	s.length = 0;
	put_head(&s, sizeof(sound), 0, 0);
	feed_whole(&h, &s);
	assert_true(pulse_decoder.follows(h.state));
	feed_part(&h, sound, sizeof(sound), sizeof(sound), true);
	s.length = 0;
	put_recording(&s, &r);
	feed_part(&h, s.bytes, 20, 20, true);
	feed_part(&h, s.bytes + 20, s.length - 20, s.length - 20, true);
	assert_string_equal(h.heard, "microphone:source mic;");
	hearing_end(&h);
}

static void shared_memory_is_a_loss_unless_it_is_followed(void **state)
{
	struct piece piece = { .first = true, .followed = true };
	struct hearing h;
	struct decode_out out = { hear_asked, hear_lost, &h };

	(void)state;
	begin_client();
	put_plain(&s, 101);
	assert_heard(&s, &pulse_decoder, "lost;");
	hearing_begin(&h, &pulse_decoder);
	piece.bytes = s.bytes;
	piece.copied = piece.length = piece.call = s.length;
	h.decoder->feed(h.state, NULL, &piece, &out);
	assert_string_equal(h.heard, "");
	hearing_end(&h);
}

static void false_lengths_do_no_harm(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 9, 10, 65536, 65537, 0x7fffffff, 0xffffffff };
	struct hearing h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		begin_client();
		put_head(&s, lengths[i], 0xffffffff, 0);
		put_number(&s, 5);
		put_number(&s, 7);
		put(&s, "a\x03\x02\x00\x00\xac\x44m\xff", 9);
		put(&s, "P", 1);
		put_text(&s, "key");
		put_number(&s, 4);
		put(&s, "x\xff\xff\xff\xff", 5);
		assert_true(s.length < sizeof(s.bytes));
		hearing_begin(&h, &pulse_decoder);
		feed_pieces(&h, &s, 64, true);
		hearing_end(&h);
	}
}

/* Released blocks have no length, with any value in that field. */
static void released_blocks_hide_nothing(void **state)
{
	static const uint32_t flags[] = { 0x40000000, 0xc0000000 };
	struct hearing h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		begin_client();
		put_head(&s, 4096, 7, flags[i]);
		put_plain(&s, 24);
		hearing_begin(&h, &pulse_decoder);
		feed_pieces(&h, &s, s.length, true);
		assert_non_null(strstr(h.heard, "GET_SOURCE_INFO_LIST"));
		hearing_end(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules_that_let_sound_out),
		cmocka_unit_test(a_late_join_waits_for_a_command),
		cmocka_unit_test(a_player_that_is_joined_late),
		cmocka_unit_test(shared_memory_is_a_loss_unless_it_is_followed),
		cmocka_unit_test(false_lengths_do_no_harm),
		cmocka_unit_test(released_blocks_hide_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
