/* SPDX-License-Identifier: Apache-2.0 */
/* test_pulse.c - requests of PulseAudio clients, in any pieces, with holes, and joined late. */
#include "daemon/desktop/pulse/pulse.c"

#include "stream_pieces.h"

#include "pulse_client.h"

static const char *expected(enum pia_request what, const char *detail)
{
	static char text[512];

	snprintf(text, sizeof(text), "%s:%s;", heard_word[what], detail);
	return text;
}

static const struct {
	int line;
	struct recording recording;
	enum pia_request what;
	const char *detail;
} recordings[] = {
	{ __LINE__, { NULL, NULL, NONE, NONE, false }, REQ_MICROPHONE, "default source" },
	{ __LINE__, { NULL, "", NONE, NONE, false }, REQ_MICROPHONE, "default source" },
	{ __LINE__, { NULL, "mic", NONE, NONE, false }, REQ_MICROPHONE, "source mic" },
	{ __LINE__,
	  { NULL, "@DEFAULT_SOURCE@", NONE, NONE, false },
	  REQ_MICROPHONE,
	  "source @DEFAULT_SOURCE@" },
	{ __LINE__,
	  { NULL, "speaker.monitor", NONE, NONE, false },
	  REQ_SPEAKERS,
	  "source speaker.monitor" },
	{ __LINE__,
	  { NULL, "@DEFAULT_MONITOR@", NONE, NONE, false },
	  REQ_SPEAKERS,
	  "source @DEFAULT_MONITOR@" },
	{ __LINE__, { NULL, "monitor", NONE, NONE, false }, REQ_MICROPHONE, "source monitor" },
	{ __LINE__, { NULL, "3", NONE, NONE, false }, REQ_SOUND, "source 3" },
	{ __LINE__, { NULL, NULL, 3, NONE, false }, REQ_SOUND, "source 3" },
	{ __LINE__, { NULL, "1", NONE, 4, false }, REQ_SPEAKERS, "sound of one program" },
	{ __LINE__, { NULL, "mic", NONE, NONE, true }, REQ_MICROPHONE, "source mic, peak level" },
	{ __LINE__,
	  { NULL, NULL, NONE, 4, true },
	  REQ_SPEAKERS,
	  "sound of one program, peak level" },
	{ __LINE__, { "old", "mic", NONE, NONE, false }, REQ_MICROPHONE, "source mic" },
	{ __LINE__, { "old", "x.monitor", NONE, NONE, false }, REQ_SPEAKERS, "source x.monitor" },
};

static void a_recording_is_reported_with_its_source(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(recordings); i++) {
		const char *text = expected(recordings[i].what, recordings[i].detail);
		struct hearing h;

		begin_client();
		put_recording(&s, &recordings[i].recording);
		hearing_begin(&h, &pulse_decoder);
		feed_whole(&h, &s);
		if (strcmp(h.heard, text))
			fail_msg("line %d: %s", recordings[i].line, h.heard);
		hearing_end(&h);
	}
}

static void playback_is_not_reported(void **state)
{
	static struct stream a;
	static const uint32_t silent[] = {
		2, 3, 4, 15, 17, 18, 29, 31, 34, 35, 36, 41, 60, 103, 104
	};

	(void)state;
	begin_client();
	a.length = 0;
	put(&a, "a\x03\x02\x00\x00\xac\x44m\x02\x01\x02", 11);
	put_number(&a, NONE);
	put_text(&a, "speaker.monitor");
	for (size_t i = 0; i < ARRAY_SIZE(silent); i++)
		put_command(&s, silent[i], &a);
	put_head(&s, 3000, 0, 0);
	for (int i = 0; i < 300; i++)
		put(&s, "\0\0\0\x0a\xff\xff\xff\xff\0\0", 10);
	put_head(&s, 16, 0, 0x80000000);
	put(&s, "0123456789abcdef", 16);
	put_head(&s, 0, 0xffffffff, 0x40000000);
	put_head(&s, 0, 0xffffffff, 0xc0000000);
	assert_heard(&s, &pulse_decoder, "");
	put_plain(&s, 24);
	assert_heard(&s, &pulse_decoder, expected(REQ_AUDIO_DEVICES, "GET_SOURCE_INFO_LIST"));
}

static void lists_are_of_devices_or_of_programs(void **state)
{
	static const struct {
		uint32_t command;
		enum pia_request what;
		const char *name;
	} cases[] = {
		{ 20, REQ_AUDIO_DEVICES, "GET_SERVER_INFO" },
		{ 22, REQ_AUDIO_DEVICES, "GET_SINK_INFO_LIST" },
		{ 28, REQ_AUDIO_CLIENTS, "GET_CLIENT_INFO_LIST" },
		{ 30, REQ_AUDIO_CLIENTS, "GET_SINK_INPUT_INFO_LIST" },
		{ 89, REQ_AUDIO_DEVICES, "GET_CARD_INFO_LIST" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		begin_client();
		put_plain(&s, cases[i].command);
		assert_heard(&s, &pulse_decoder, expected(cases[i].what, cases[i].name));
	}
}

static void a_moved_recording_is_reported_again(void **state)
{
	static struct stream a;
	struct recording r = { NULL, "mic", NONE, NONE, false };

	(void)state;
	a.length = 0;
	put_number(&a, 1);
	put_number(&a, NONE);
	put_text(&a, "speaker.monitor");
	begin_client();
	put_command(&s, 68, &a);
	assert_heard(&s, &pulse_decoder, "");
	put_recording(&s, &r);
	put_command(&s, 68, &a);
	assert_heard(&s, &pulse_decoder,
		     "microphone:source mic;speakers:source speaker.monitor, after a move;");
}

static void any_pieces_give_the_same_result(void **state)
{
	struct recording mic = { NULL, "mic", NONE, NONE, false };
	struct recording heard = { NULL, "speaker.monitor", NONE, NONE, true };

	(void)state;
	begin_client();
	put_recording(&s, &mic);
	put_head(&s, 40, 3, 0);
	put(&s, "\0\0\0\x0a\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0abcdefghijabcdefghij", 40);
	put_plain(&s, 28);
	put_recording(&s, &heard);
	assert_heard_in_any_pieces(
		&s, &pulse_decoder,
		"microphone:source mic;clients:GET_CLIENT_INFO_LIST;speakers:source speaker.monitor, peak level;");
}

static void a_hole_loses_only_its_own_requests(void **state)
{
	struct recording r = { NULL, "mic", NONE, NONE, false };
	struct hearing h;

	(void)state;
	/* In sound of known length nothing is lost. */
	hearing_begin(&h, &pulse_decoder);
	begin_client();
	put_head(&s, 10000, 0, 0);
	feed_whole(&h, &s);
	feed_hole(&h, 10000);
	s.length = 0;
	put_recording(&s, &r);
	feed_whole(&h, &s);
	assert_string_equal(h.heard, "microphone:source mic;");
	/*
	 * Elsewhere the position in the stream is lost, once, until a system call begins with a
	 * command.
	 */
	feed_hole(&h, 100);
	feed_hole(&h, 0);
	feed_part(&h, s.bytes + 9, s.length - 9, s.length - 9, false);
	feed_whole(&h, &s);
	assert_string_equal(h.heard, "microphone:source mic;lost;microphone:source mic;");
	hearing_end(&h);
}

static void a_cut_command_is_reported_as_far_as_known(void **state)
{
	struct recording r = { NULL, "mic", NONE, NONE, false };
	struct hearing h;

	(void)state;
	s.length = 0;
	put_recording(&s, &r);
	for (size_t copied = 30; copied < s.length; copied++) {
		hearing_begin(&h, &pulse_decoder);
		feed_part(&h, s.bytes, copied, s.length, true);
		assert_true(strcmp(h.heard, copied < 51 ? "sound:a source;"
							: "microphone:source mic;") == 0);
		hearing_end(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_recording_is_reported_with_its_source),
		cmocka_unit_test(playback_is_not_reported),
		cmocka_unit_test(lists_are_of_devices_or_of_programs),
		cmocka_unit_test(a_moved_recording_is_reported_again),
		cmocka_unit_test(any_pieces_give_the_same_result),
		cmocka_unit_test(a_hole_loses_only_its_own_requests),
		cmocka_unit_test(a_cut_command_is_reported_as_far_as_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
