/* SPDX-License-Identifier: Apache-2.0 */
/* test_record_text.c - valid and malformed records, and their text form without a loss. */
#include "daemon/record/record_text.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static _Alignas(struct pia_event) unsigned char buf[RECORD_LINE_MAX];

static int parse(const char *line, const char **why)
{
	*why = "";
	return record_parse(line, buf, sizeof(buf), why);
}

static char *text_of(const void *record)
{
	char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	assert_non_null(out);
	assert_int_equal(record_write(out, record), 0);
	fclose(out);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static void lines_survive_the_round_trip(void **state)
{
	static const struct {
		int line;
		const char *text;
	} cases[] = {
		{ __LINE__,
		  "open time=123 app=1 tgid=7 tid=8 comm=cat ret=3 path=/etc/machine-id mode=0100644 "
		  "dev=254:0 ino=822 name=0xff" },
		{ __LINE__, "open path=/mnt/x//etc/machine-id root=/srv/jail" },
		{ __LINE__, "open path=//etc/machine-id" },
		{ __LINE__, "list path=/" },
		{ __LINE__, "open path=\"/a b/\\x00/memfd:x\\x2fy\\xff\\\"\\\\\"" },
		{ __LINE__, "open comm=\"a b\" ret=-2 flags=0x40 base=\"\"" },
		{ __LINE__, "open uid=4294967295 base=\"../x y\" ino=18446744073709551615" },
		{ __LINE__, "ioctl number=0x8927 sub=0x1 rdev=4095:1048575" },
		{ __LINE__, "connect number=2947 family=2" },
		{ __LINE__, "connect family=1 base=\"\\x00abstract\"" },
		{ __LINE__, "netlink flags=0x80 number=0x12 length=17" },
		{ __LINE__, "exit number=256" },
		{ __LINE__, "call number=1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *why;
		int len = parse(cases[i].text, &why);
		char *again;

		if (len < 0)
			fail_msg("line %d: %s", cases[i].line, why);
		assert_int_equal(record_check(buf, (size_t)len), 0);
		again = text_of(buf);
		if (strcmp(again, cases[i].text))
			fail_msg("line %d: written as: %s", cases[i].line, again);
		free(again);
	}
}

static void a_path_is_leaf_first_on_the_wire(void **state)
{
	static const char wire[] = "machine-id\0etc\0x\0mnt";
	struct pia_event ev;
	const char *why;
	int len = parse("open path=/mnt/x//etc/machine-id", &why);

	(void)state;
	assert_int_equal(len, sizeof(ev) + sizeof(wire));
	memcpy(&ev, buf, sizeof(ev));
	assert_int_equal(ev.cross, sizeof("machine-id\0etc"));
	assert_int_equal(ev.path.len, sizeof(wire));
	assert_memory_equal(buf + ev.path.off, wire, sizeof(wire));
}

#define U32     "use a number from 0 to 4294967295"
#define DEVICE  "use MAJOR:MINOR, for example 8:1"
#define ESCAPES "\\\\, \\\" and \\xHH"

static void bad_lines_are_refused_with_a_reason(void **state)
{
	static const struct {
		int line;
		const char *text, *why;
	} cases[] = {
		{ __LINE__, "", "the operation is missing; add one, for example open" },
		{ __LINE__, "none tgid=1", "unknown operation \"none\"" },
		{ __LINE__, "peek tgid=1", "unknown operation \"peek\"" },
		{ __LINE__, "open=1", "operation \"open\" takes no value" },
		{ __LINE__, "open colour=1", "unknown field \"colour\"" },
		{ __LINE__, "open tgid", "invalid tgid \"\": " U32 },
		{ __LINE__, "open tgid=", "invalid tgid \"\": " U32 },
		{ __LINE__, "open tgid=-1", "invalid tgid \"-1\": " U32 },
		{ __LINE__, "open tgid=+1", "invalid tgid \"+1\": " U32 },
		{ __LINE__, "open tgid=0x", "invalid tgid \"0x\": " U32 },
		{ __LINE__, "open tgid=4294967296", "invalid tgid \"4294967296\": " U32 },
		{ __LINE__, "open ino=18446744073709551616",
		  "invalid ino \"18446744073709551616\": use a number from 0 to "
		  "18446744073709551615" },
		{ __LINE__, "open ret=-2147483649",
		  "invalid ret \"-2147483649\": use a number from -2147483648 to 2147483647" },
		{ __LINE__, "open tgid=1 tgid=1", "field \"tgid\" is given twice" },
		{ __LINE__, "open flags=0x8000", "unknown flags" },
		{ __LINE__, "open dev=8", "invalid dev \"8\": " DEVICE },
		{ __LINE__, "open dev=4096:0", "invalid dev \"4096:0\": " DEVICE },
		{ __LINE__, "open base=\"x", "the closing quote is missing" },
		{ __LINE__, "open base=\"x\\\"", "the closing quote is missing" },
		{ __LINE__, "open base=\"x\"y", "a closing quote is not followed by a space" },
		{ __LINE__, "open base=x\"y",
		  "a value with a quote or a backslash must be in quotes" },
		{ __LINE__, "open base=\"\\q\"",
		  "invalid base \"\\q\": use a shorter text, with the escapes " ESCAPES },
		{ __LINE__, "open base=\"\\x1\"",
		  "invalid base \"\\x1\": use a shorter text, with the escapes " ESCAPES },
		{ __LINE__, "open comm=1234567890123456",
		  "invalid comm \"1234567890123456\": use at most 15 bytes, with the escapes " ESCAPES },
		{ __LINE__, "open path=etc", "invalid path \"etc\": use a slash at the beginning" },
		{ __LINE__, "open path=", "invalid path \"\": use an absolute path" },
		{ __LINE__, "open path", "invalid path \"\": use an absolute path" },
		{ __LINE__, "open path=//", "invalid path \"//\": use no empty component" },
		{ __LINE__, "open path=/a/", "invalid path \"/a/\": use no empty component" },
		{ __LINE__, "open path=/a//", "invalid path \"/a//\": use no empty component" },
		{ __LINE__, "open path=/a///b", "invalid path \"/a///b\": use no empty component" },
		{ __LINE__, "open path=/a//b//c",
		  "invalid path \"/a//b//c\": use at most one mount point (//)" },
		{ __LINE__, "open path=\"/a\\x00\"",
		  "invalid path \"/a\\x00\": use only the escapes " ESCAPES ", but not \\x00" },
		{ __LINE__, "open root=/a//b", "only the field path can have a mount point (//)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *why;

		if (parse(cases[i].text, &why) != -EINVAL || strcmp(why, cases[i].why))
			fail_msg("line %d: %s", cases[i].line, why);
	}
}

static void texts_that_are_too_long_are_refused(void **state)
{
	static char line[RECORD_LINE_MAX + 16];
	const char *why;

	(void)state;
	memset(line, 'a', sizeof(line) - 1);
	memcpy(line, "open base=", 10);
	assert_int_equal(parse(line, &why), -EINVAL);
	line[10 + PIA_PATH_MAX] = '\0';
	assert_int_equal(parse(line, &why), -EINVAL);
	line[10 + PIA_PATH_MAX - 1] = '\0';
	assert_int_equal(parse(line, &why), sizeof(struct pia_event) + PIA_PATH_MAX);
	assert_int_equal(record_parse(line, buf, sizeof(struct pia_event) + 10, &why), -EINVAL);
	memcpy(line, "open path=/", 11);
	assert_int_equal(parse(line, &why), sizeof(struct pia_event) + PIA_PATH_MAX - 1);
	line[10 + PIA_PATH_MAX - 1] = 'a';
	line[10 + PIA_PATH_MAX] = 'a';
	line[10 + PIA_PATH_MAX + 1] = '\0';
	assert_int_equal(parse(line, &why), -EINVAL);
}

static void the_longest_record_fits_a_line(void **state)
{
	struct pia_event ev = { .wire = PIA_WIRE, .op = PIA_OP_OPEN };
	const char *why;
	size_t len = sizeof(ev) + 3 * PIA_PATH_MAX;
	char *line;

	(void)state;
	memset(buf, 0xff, sizeof(buf));
	memset(&ev.time, 0xff,
	       offsetof(struct pia_event, flags) - offsetof(struct pia_event, time));
	memset(ev.comm, 0xff, sizeof(ev.comm) - 1);
	ev.size = (__u16)len;
	ev.path = (struct pia_tail){ sizeof(ev), PIA_PATH_MAX };
	ev.root = (struct pia_tail){ sizeof(ev) + PIA_PATH_MAX, PIA_PATH_MAX };
	ev.base = (struct pia_tail){ sizeof(ev) + 2 * PIA_PATH_MAX, PIA_PATH_MAX };
	memcpy(buf, &ev, sizeof(ev));
	for (int i = 1; i <= 3; i++)
		buf[sizeof(ev) + i * PIA_PATH_MAX - 1] = '\0';
	line = text_of(buf);
	assert_true(strlen(line) < RECORD_LINE_MAX);
	assert_int_equal(parse(line, &why), len);
	free(line);
}

static void malformed_records_are_refused(void **state)
{
	const struct pia_event good = { .size = sizeof(good) + 8,
					.wire = PIA_WIRE,
					.op = PIA_OP_OPEN,
					.path = { sizeof(good), 8 } };
	struct {
		struct pia_event ev;
		char tail[8];
	} r = { good, "id\0etc" };

	(void)state;
#define REFUSED(change)                                                  \
	do {                                                             \
		r.ev = good;                                             \
		change;                                                  \
		assert_int_equal(record_check(&r, sizeof(r)), -EBADMSG); \
	} while (0)
	r.ev = good;
	assert_int_equal(record_check(&r, sizeof(r)), 0);
	assert_int_equal(record_check(&r, sizeof(r) - 1), -EBADMSG);
	assert_int_equal(record_check(&r, 0), -EBADMSG);
	REFUSED(r.ev.size--);
	REFUSED(r.ev.size = 65535);
	REFUSED(r.ev.wire++);
	REFUSED(r.ev.op = PIA_OP_NONE);
	REFUSED(r.ev.op = PIA_OP_MAX);
	REFUSED(r.ev.flags = PIA_F_ALL + 1);
	REFUSED(r.ev.path.off = 0);
	REFUSED(r.ev.path.off = 65535);
	REFUSED(r.ev.path.len = 65535);
	REFUSED(r.ev.path.len = 2);
	REFUSED(r.ev.root = ((struct pia_tail){ sizeof(good) + 8, 1 }));
	REFUSED(r.ev.base = ((struct pia_tail){ sizeof(good) + 1, 8 }));
	REFUSED(r.ev.cross = 9);
	REFUSED(r.ev.cross = 2);
	REFUSED(memset(r.ev.comm, 'a', sizeof(r.ev.comm)));
#undef REFUSED
}

static void losses_survive_the_round_trip(void **state)
{
	struct loss loss = { .from = 5,
			     .until = UINT64_MAX,
			     .lost = { [PIA_OP_OPEN] = 3, [PIA_OP_CALL] = 1 } };
	struct loss again;
	const char *why;
	char line[256] = "";
	FILE *out = fmemopen(line, sizeof(line), "w");

	(void)state;
	assert_int_equal(record_write_loss(out, &loss), 0);
	fclose(out);
	assert_string_equal(line, "lost from=5 until=18446744073709551615 open=3 call=1\n");
	assert_int_equal(record_parse_loss(line, &again, &why), 0);
	assert_memory_equal(&loss, &again, sizeof(loss));
	assert_int_equal(record_parse_loss("open tgid=1", &again, &why), -ENOENT);
	assert_int_equal(record_parse_loss("lost from=2 until=1", &again, &why), -EINVAL);
	assert_int_equal(record_parse_loss("lost from=x", &again, &why), -EINVAL);
	assert_int_equal(record_parse_loss("lost peek=1", &again, &why), -EINVAL);
}

static void a_full_disk_is_an_error(void **state)
{
	FILE *out = fopen("/dev/full", "w");
	const char *why;

	(void)state;
	if (!out)
		skip();
	assert_true(parse("open tgid=1", &why) > 0);
	setvbuf(out, NULL, _IONBF, 0);
	assert_int_equal(record_write(out, (const void *)buf), -EIO);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_survive_the_round_trip),
		cmocka_unit_test(a_path_is_leaf_first_on_the_wire),
		cmocka_unit_test(bad_lines_are_refused_with_a_reason),
		cmocka_unit_test(texts_that_are_too_long_are_refused),
		cmocka_unit_test(the_longest_record_fits_a_line),
		cmocka_unit_test(malformed_records_are_refused),
		cmocka_unit_test(losses_survive_the_round_trip),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
