/* SPDX-License-Identifier: Apache-2.0 */
/* record_text.c - converts raw records to text, and back. */
#include "record_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/summary.h>

#include "op_names.h"
#include "path_codec.h"

/*
 * A record that is written as text. The head is copied, because bytes from outside can be
 * unaligned.
 */
struct history_query {
	struct pia_event ev;
	const unsigned char *bytes;
};

/* A record that is built from text. */
struct draft {
	struct pia_event ev;
	unsigned char *buf;
	size_t size, used;
	const char **why;
};

struct record_field;
struct format {
	void (*write)(FILE *out, const struct record_field *f, const struct history_query *v);
	int (*parse)(struct draft *d, const struct record_field *f, const struct record_word *word);
};

struct record_field {
	const char *name;
	size_t offset, width;
	const struct format *format;
};

static uint64_t record_text_number_of(const struct record_field *f, const struct history_query *v)
{
	union {
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
	} n = { .u64 = 0 };

	memcpy(&n, (const char *)&v->ev + f->offset, f->width);
	return f->width == 2 ? n.u16 : f->width == 4 ? n.u32 : n.u64;
}

static void number_set(struct draft *d, const struct record_field *f, uint64_t value)
{
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;
	const void *from = f->width == 2 ? &u16 : f->width == 4 ? (void *)&u32 : (void *)&value;

	memcpy((char *)&d->ev + f->offset, from, f->width);
}

static void write_as(FILE *out, const char *form, const struct record_field *f, uint64_t n)
{
	if (!n)
		return;
	fprintf(out, " %s=", f->name);
	fprintf(out, form, n);
}

static void write_decimal(FILE *out, const struct record_field *f, const struct history_query *v)
{
	write_as(out, "%" PRIu64, f, record_text_number_of(f, v));
}

static void write_signed(FILE *out, const struct record_field *f, const struct history_query *v)
{
	write_as(out, "%" PRId64, f, (uint64_t)(int64_t)(int32_t)record_text_number_of(f, v));
}

static void write_hex(FILE *out, const struct record_field *f, const struct history_query *v)
{
	write_as(out, "%#" PRIx64, f, record_text_number_of(f, v));
}

static void write_octal(FILE *out, const struct record_field *f, const struct history_query *v)
{
	write_as(out, "%#" PRIo64, f, record_text_number_of(f, v));
}

static void write_number(FILE *out, const struct record_field *f, const struct history_query *v)
{
	write_as(out,
		 v->ev.op == PIA_OP_IOCTL || v->ev.op == PIA_OP_NETLINK ? "%#" PRIx64 : "%" PRIu64,
		 f, record_text_number_of(f, v));
}

static void write_device(FILE *out, const struct record_field *f, const struct history_query *v)
{
	uint64_t n = record_text_number_of(f, v);

	if (n)
		fprintf(out, " %s=%" PRIu64 ":%" PRIu64, f->name, n >> 20, n & 0xfffff);
}

static int parse_within(struct draft *d, const struct record_field *f,
			const struct record_word *word, int64_t min, uint64_t max)
{
	char use[64];
	uint64_t n;

	if (!record_word_number(word, min, max, &n)) {
		number_set(d, f, n);
		return 0;
	}
	snprintf(use, sizeof(use), "a number from %" PRId64 " to %" PRIu64, min, max);
	return record_lex_invalid(d->why, word, use);
}

static int parse_number(struct draft *d, const struct record_field *f,
			const struct record_word *word)
{
	return parse_within(d, f, word, 0, UINT64_MAX >> (64 - 8 * f->width));
}

static int parse_signed(struct draft *d, const struct record_field *f,
			const struct record_word *word)
{
	return parse_within(d, f, word, INT32_MIN, INT32_MAX);
}

static int parse_device(struct draft *d, const struct record_field *f,
			const struct record_word *word)
{
	uint32_t dev;

	if (!word->value || record_word_device(word, &dev))
		return record_lex_invalid(d->why, word, "MAJOR:MINOR, for example 8:1");
	number_set(d, f, dev);
	return 0;
}

static struct pia_tail tail_of(const struct record_field *f, const struct history_query *v)
{
	struct pia_tail tail;

	memcpy(&tail, (const char *)&v->ev + f->offset, sizeof(tail));
	return tail;
}

/* Adds a tail to the draft. Returns the place for its bytes, or NULL if they do not fit. */
static unsigned char *tail_add(struct draft *d, const struct record_field *f, size_t len)
{
	struct pia_tail tail = { .off = (__u16)d->used, .len = (__u16)len };

	if (len > PIA_DATA_MAX || len > d->size - d->used)
		return NULL;
	memcpy((char *)&d->ev + f->offset, &tail, sizeof(tail));
	d->used += len;
	return d->buf + tail.off;
}

static void record_text_write_text(FILE *out, const struct record_field *f,
				   const struct history_query *v)
{
	struct pia_tail tail = tail_of(f, v);

	if (tail.len)
		record_lex_text(out, f->name, v->bytes + tail.off, tail.len - 1u);
}

static int record_text_parse_text(struct draft *d, const struct record_field *f,
				  const struct record_word *word)
{
	char value[PIA_PATH_MAX];
	int len = record_word_text(word, value, sizeof(value));
	unsigned char *to = len < 0 ? NULL : tail_add(d, f, (size_t)len + 1);

	if (!to)
		return record_lex_invalid(d->why, word,
					  "a shorter text, with the escapes \\\\, \\\" and \\xHH");
	memcpy(to, value, (size_t)len + 1);
	return 0;
}

static void write_bytes(FILE *out, const struct record_field *f, const struct history_query *v)
{
	struct pia_tail tail = tail_of(f, v);

	if (tail.len)
		record_lex_text(out, f->name, v->bytes + tail.off, tail.len);
}

static int parse_bytes(struct draft *d, const struct record_field *f,
		       const struct record_word *word)
{
	char value[PIA_DATA_MAX + 1];
	int len = record_word_text(word, value, sizeof(value));
	unsigned char *to = len < 0 ? NULL : tail_add(d, f, (size_t)len);

	if (!to)
		return record_lex_invalid(d->why, word,
					  "fewer bytes, with the escapes \\\\, \\\" and \\xHH");
	memcpy(to, value, (size_t)len);
	return 0;
}

static void write_comm(FILE *out, const struct record_field *f, const struct history_query *v)
{
	if (v->ev.comm[0])
		record_lex_text(out, f->name, v->ev.comm, strlen(v->ev.comm));
}

static int parse_comm(struct draft *d, const struct record_field *f, const struct record_word *word)
{
	(void)f;
	if (record_word_text(word, d->ev.comm, sizeof(d->ev.comm)) < 0)
		return record_lex_invalid(
			d->why, word, "at most 15 bytes, with the escapes \\\\, \\\" and \\xHH");
	return 0;
}

static void write_path(FILE *out, const struct record_field *f, const struct history_query *v)
{
	struct pia_tail tail = tail_of(f, v);
	bool main_path = f->offset == offsetof(struct pia_event, path);

	if (tail.len)
		path_codec_write(out, f->name, v->bytes + tail.off, tail.len,
				 main_path ? v->ev.cross : 0);
}

static int parse_path(struct draft *d, const struct record_field *f, const struct record_word *word)
{
	unsigned char bytes[PIA_PATH_MAX], *to;
	size_t cross;
	int len = path_codec_parse(word, bytes, sizeof(bytes), &cross, d->why);

	if (len < 0)
		return len;
	to = tail_add(d, f, (size_t)len);
	if (!to)
		return record_lex_invalid(d->why, word, "a shorter path");
	memcpy(to, bytes, (size_t)len);
	if (f->offset == offsetof(struct pia_event, path))
		d->ev.cross = (__u16)cross;
	else if (cross)
		return record_lex_refuse(d->why, "only the field path can have a mount point (//)");
	return 0;
}

static const struct format decimal = { write_decimal, parse_number };
static const struct format signed_decimal = { write_signed, parse_signed };
static const struct format hex = { write_hex, parse_number };
static const struct format octal = { write_octal, parse_number };
static const struct format op_number = { write_number, parse_number };
static const struct format device = { write_device, parse_device };
static const struct format path = { write_path, parse_path };
static const struct format text = { record_text_write_text, record_text_parse_text };
static const struct format raw = { write_bytes, parse_bytes };
static const struct format comm = { write_comm, parse_comm };

/*
 * The text form of the wire. Fields that are zero are omitted. Size, wire, op and cross follow from
 * the rest of the line.
 */
static const struct record_field wire_fields[] = {
#define FIELD(name, member, format)                                                                \
	{                                                                                          \
		name, offsetof(struct pia_event, member), sizeof(((struct pia_event *)0)->member), \
			&format                                                                    \
	}
	FIELD("time", time, decimal),
	FIELD("app", app, decimal),
	FIELD("tgid", tgid, decimal),
	FIELD("tid", tid, decimal),
	FIELD("start", start, decimal),
	FIELD("uid", uid, decimal),
	FIELD("comm", comm, comm),
	FIELD("ret", ret, signed_decimal),
	FIELD("flags", flags, hex),
	FIELD("number", number, op_number),
	FIELD("sub", sub, op_number),
	FIELD("length", length, decimal),
	FIELD("family", family, decimal),
	FIELD("path", path, path),
	FIELD("root", root, path),
	FIELD("chroot", chroot, decimal),
	FIELD("base", base, text),
	FIELD("mode", mode, octal),
	FIELD("rdev", rdev, device),
	FIELD("dev", file.dev, device),
	FIELD("ino", file.ino, decimal),
	FIELD("parent", file.parent, decimal),
	FIELD("mount", file.mount, decimal),
	FIELD("name", file.name, hex),
	FIELD("data", data, raw),
	FIELD("marks", marks, decimal),
	FIELD("more", more, decimal),
#undef FIELD
};
_Static_assert(ARRAY_SIZE(wire_fields) <= 32, "wire_fields seen on a line are counted in 32 bits");

static int op_find(const struct record_word *word)
{
	for (int op = PIA_OP_NONE + 1; op < PIA_OP_MAX; op++)
		if (record_word_is(word, class_word[op]))
			return op;
	return PIA_OP_NONE;
}

static int written(FILE *out)
{
	return putc('\n', out) == EOF || ferror(out) ? -EIO : 0;
}

int record_write(FILE *out, const struct pia_event *ev)
{
	struct history_query v = { .ev = *ev, .bytes = (const unsigned char *)ev };

	fputs(class_word[v.ev.op], out);
	for (size_t i = 0; i < ARRAY_SIZE(wire_fields); i++)
		wire_fields[i].format->write(out, &wire_fields[i], &v);
	return written(out);
}

static int unknown_field(const char **why, const struct record_word *word)
{
	return record_lex_refuse(why, "unknown field \"%.*s\"", record_lex_shown(word->name_len),
				 word->name);
}

static int parse_field(struct draft *d, const struct record_word *word, uint32_t *seen)
{
	for (size_t i = 0; i < ARRAY_SIZE(wire_fields); i++) {
		if (!record_word_is(word, wire_fields[i].name))
			continue;
		if (*seen & 1u << i)
			return record_lex_refuse(d->why, "field \"%s\" is given twice",
						 wire_fields[i].name);
		*seen |= 1u << i;
		return wire_fields[i].format->parse(d, &wire_fields[i], word);
	}
	return unknown_field(d->why, word);
}

/* The first word of a line is the operation. */
static int parse_op(const char **line, struct draft *d)
{
	struct record_word word;
	int more = record_lex_next(line, &word, d->why);

	if (more < 0)
		return more;
	if (!more)
		return record_lex_refuse(d->why,
					 "the operation is missing; add one, for example open");
	if (word.value)
		return record_lex_refuse(d->why, "operation \"%.*s\" takes no value",
					 record_lex_shown(word.name_len), word.name);
	d->ev.op = (__u8)op_find(&word);
	if (d->ev.op == PIA_OP_NONE)
		return record_lex_refuse(d->why, "unknown operation \"%.*s\"",
					 record_lex_shown(word.name_len), word.name);
	return 0;
}

int record_parse(const char *line, void *buf, size_t size, const char **why)
{
	struct draft d = { .buf = buf, .size = size, .used = sizeof(d.ev), .why = why };
	struct record_word word;
	uint32_t seen = 0;
	int more;

	if (strnlen(line, RECORD_LINE_MAX) == RECORD_LINE_MAX || size < sizeof(d.ev))
		return record_lex_refuse(why, "the line is too long");
	d.ev.wire = PIA_WIRE;
	more = parse_op(&line, &d);
	if (more)
		return more;
	while ((more = record_lex_next(&line, &word, why)) > 0) {
		int err = parse_field(&d, &word, &seen);

		if (err)
			return err;
	}
	if (more < 0)
		return more;
	d.ev.size = (__u16)d.used;
	memcpy(buf, &d.ev, sizeof(d.ev));
	*why = record_fault(buf, d.used);
	return *why ? -EINVAL : (int)d.used;
}

int record_write_loss(FILE *out, const struct loss *loss)
{
	fprintf(out, "lost from=%" PRIu64 " until=%" PRIu64, loss->from, loss->until);
	for (int op = PIA_OP_NONE + 1; op < PIA_OP_MAX; op++)
		if (loss->lost[op])
			fprintf(out, " %s=%" PRIu64, class_word[op], loss->lost[op]);
	return written(out);
}

int record_parse_loss(const char *line, struct loss *loss, const char **why)
{
	struct loss read = { 0 };
	struct record_word word;
	int more;

	if (record_lex_next(&line, &word, why) <= 0 || word.value || !record_word_is(&word, "lost"))
		return -ENOENT;
	while ((more = record_lex_next(&line, &word, why)) > 0) {
		int op = op_find(&word);
		uint64_t *to = record_word_is(&word, "from")    ? &read.from
			       : record_word_is(&word, "until") ? &read.until
			       : op != PIA_OP_NONE              ? &read.lost[op]
								: NULL;

		if (!to)
			return unknown_field(why, &word);
		if (record_word_number(&word, 0, UINT64_MAX, to))
			return record_lex_invalid(why, &word, "a number from 0 on");
	}
	if (more < 0)
		return more;
	if (read.from > read.until)
		return record_lex_refuse(why, "the time span is invalid: until is before from");
	*loss = read;
	return 0;
}
