/* SPDX-License-Identifier: Apache-2.0 */
/* pulse.c - decoder of PulseAudio's native protocol, client side. pipewire-pulse speaks it too. */
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/desktop/framing.h"

/*
 * A frame begins with five big-endian numbers of 32 bits: length, channel, two of an offset, flags.
 * On the command channel it holds values, each after a letter for its type. A command is its
 * number, a tag and its arguments.
 */
#define HEAD_SIZE        20
#define LENGTH_MAX       (16u << 20) /* the limit of a server */
#define COMMAND_MAX      (64u << 10) /* of a command; commands have some hundred bytes */
#define COMMAND_MIN      10
#define COMMANDS_CHANNEL 0xffffffffu
#define CHANNEL_MAX      1024 /* highest stream number; streams are counted up */
#define SEEK_MAX         3    /* highest seek mode in the flags of played sound */
/* The bytes are in shared memory; the frame has only their place */
#define FLAG_SHARED 0x80000000u
/* Releases shared memory. No bytes follow, even if the length field is not 0. */
#define FLAG_RELEASE 0x40000000u
/* Revokes shared memory. No bytes follow here either. */
#define FLAG_REVOKE 0xc0000000u
#define NONE        0xffffffffu /* an index that is not given */

/*
 * Bytes kept of a command. The arguments that matter are at its front, except the monitored stream.
 * That one comes after the client's properties, which have about 700 bytes in Chromium.
 */
#define KEPT 2048

struct pulse {
	struct framing frames;
	bool command;  /* the frame is a command, not played sound */
	bool records;  /* the client made a recording stream */
	bool followed; /* data through shared memory comes as a stream of its own */
	size_t kept;
	unsigned char bytes[KEPT];
};

static uint32_t be32(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* The arguments of a command while they are read. Type 0: the end, or an invalid argument. */
struct values {
	const unsigned char *at, *end;
};

struct value {
	char type;
	const unsigned char *bytes;
	size_t size;
};

#define TYPE_NUMBER   'L'
#define TYPE_TEXT     't'
#define TYPE_NO_TEXT  'N'
#define TYPE_TRUE     '1'
#define TYPE_FALSE    '0'
#define TYPE_SPEC     'a'
#define TYPE_CHANNELS 'm'
#define TYPE_PROPS    'P'

/* Bytes after the letter. Types with their own length are in value_size. */
static const struct {
	char type;
	unsigned char size;
} fixed_sizes[] = {
	{ TYPE_NUMBER, 4 }, { TYPE_NO_TEXT, 0 }, { TYPE_TRUE, 0 }, { TYPE_FALSE, 0 },
	{ TYPE_SPEC, 6 },   { 'B', 1 },          { 'R', 8 },       { 'r', 8 },
	{ 'U', 8 },         { 'T', 8 },          { 'V', 4 },
};

/* Properties: a text, a length and that many bytes, repeated until a value that is no text. */
static bool props_size(const unsigned char *at, size_t room, size_t *size)
{
	size_t used = 0;

	while (used < room && at[used] != TYPE_NO_TEXT) {
		const unsigned char *nul = memchr(at + used, '\0', room - used);
		size_t head = nul ? (size_t)(nul - at) + 1 + 5 + 5 : room + 1; /* L size x size */

		if (head > room || be32(at + head - 4) > room - head)
			return false;
		used = head + be32(at + head - 4);
	}
	*size = used + 1;
	return used < room;
}

/* Bytes of a value after its letter. False: bytes are missing, or the type is not known. */
static bool value_size(char type, const unsigned char *at, size_t room, size_t *size)
{
	const unsigned char *nul;

	for (size_t i = 0; i < ARRAY_SIZE(fixed_sizes); i++) {
		if (fixed_sizes[i].type != type)
			continue;
		*size = fixed_sizes[i].size;
		return *size <= room;
	}
	if (type == TYPE_TEXT) {
		nul = memchr(at, '\0', room);
		*size = nul ? (size_t)(nul - at) + 1 : 0;
		return nul;
	}
	if (type == TYPE_CHANNELS && room) {
		*size = 1u + at[0];
		return *size <= room;
	}
	return type == TYPE_PROPS && props_size(at, room, size);
}

static struct value next(struct values *v)
{
	struct value none = { 0, NULL, 0 }, value = { 0, v->at + 1, 0 };
	size_t room = (size_t)(v->end - v->at);

	if (!room || !value_size((char)*v->at, value.bytes, room - 1, &value.size)) {
		v->at = v->end;
		return none;
	}
	value.type = (char)*v->at;
	v->at += 1 + value.size;
	return value;
}

static uint32_t next_number(struct values *v)
{
	struct value value = next(v);

	return value.type == TYPE_NUMBER ? be32(value.bytes) : NONE;
}

/* "": no text; NULL: not known. */
static const char *next_text(struct values *v)
{
	struct value value = next(v);

	return value.type == TYPE_TEXT      ? (const char *)value.bytes
	       : value.type == TYPE_NO_TEXT ? ""
					    : NULL;
}

static void pulse_tell(const struct decode_out *out, enum pia_request what, const char *detail)
{
	struct server_request asked = { .what = what, .detail = detail };

	out->asked(out->context, &asked);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The request for a source, from the name that the client uses. */
static enum pia_request source_word(const char *name, uint32_t index)
{
	if (!name || (!*name && index != NONE) ||
	    (*name && strspn(name, "0123456789") == strlen(name)))
		return REQ_SOUND;
	return ends_with(name, ".monitor") || strcmp(name, "@DEFAULT_MONITOR@") == 0
		       ? REQ_SPEAKERS
		       : REQ_MICROPHONE;
}

static void tell_source(const struct decode_out *out, const char *name, uint32_t index,
			const char *how)
{
	char detail[320];

	if (!name)
		snprintf(detail, sizeof(detail), "a source%s", how);
	else if (*name)
		snprintf(detail, sizeof(detail), "source %.250s%s", name, how);
	else if (index != NONE)
		snprintf(detail, sizeof(detail), "source %u%s", index, how);
	else
		snprintf(detail, sizeof(detail), "default source%s", how);
	pulse_tell(out, source_word(name, index), detail);
}

/* Before version 13 the name of the stream comes first. The types show which version it is. */
static void pulse_record(struct pulse *p, struct values *v, const struct decode_out *out)
{
	const char *name = NULL;
	uint32_t index = NONE;
	struct value value = next(v);
	bool level = false;
	int flags = 0;

	p->records = true;
	if (value.type == TYPE_TEXT || value.type == TYPE_NO_TEXT)
		value = next(v);
	if (value.type == TYPE_SPEC && next(v).type == TYPE_CHANNELS) {
		index = next_number(v);
		name = next_text(v);
	}
	/*
	 * maxlength, corked, fragsize, seven flags of version 12, then whether only peaks are sent
	 */
	do {
		value = next(v);
		flags += value.type == TYPE_TRUE || value.type == TYPE_FALSE;
		level |= flags == 9 && value.type == TYPE_TRUE;
	} while (value.type && value.type != TYPE_PROPS);
	if (value.type == TYPE_PROPS && next_number(v) != NONE)
		pulse_tell(out, REQ_SPEAKERS,
			   level ? "sound of one program, peak level" : "sound of one program");
	else
		tell_source(out, name, index, level ? ", peak level" : "");
}

/* Most probably moves its own recording. A mixer moves streams of others, and records nothing. */
static void move(struct pulse *p, struct values *v, const struct decode_out *out)
{
	uint32_t index;

	if (!p->records)
		return;
	next(v);
	index = next_number(v);
	tell_source(out, next_text(v), index, ", after a move");
}

/*
 * Modules that send sound out of the server or let others in, by the beginning of their names. A
 * server also accepts a path with the name of the file.
 */
static void pulse_load(struct pulse *p, struct values *v, const struct decode_out *out)
{
	static const char *const modules[] = {
		"module-rtp-send",        "module-simple-protocol-", "module-native-protocol-",
		"module-esound-protocol", "module-http-protocol-",   "module-cli",
		"module-loopback",        "module-tunnel-sink",      "module-pipe-sink",
		"module-raop-sink",       "module-jack-sink",
	};
	const char *path = next_text(v), *slash = path ? strrchr(path, '/') : NULL;
	const char *name = slash ? slash + 1 : path;

	(void)p;
	for (size_t i = 0; name && i < ARRAY_SIZE(modules); i++)
		if (strncmp(name, modules[i], strlen(modules[i])) == 0)
			pulse_tell(out, REQ_SOUND, modules[i]);
}

/* The client moves to a ring in shared memory, where most requests need no system call. */
static void leave(struct pulse *p, struct values *v, const struct decode_out *out)
{
	(void)v;
	if (!p->followed)
		out->lost(out->context);
}

/* Numbers: pulsecore/native-common.h. Commands that only play or set are not listed. */
static const struct command {
	const char *name; /* for people */
	enum pia_request what;
	void (*read)(struct pulse *p, struct values *v, const struct decode_out *out);
} commands[] = {
	[5] = { .read = pulse_record },
	[10] = { "LOOKUP_SINK", REQ_AUDIO_DEVICES, NULL },
	[11] = { "LOOKUP_SOURCE", REQ_AUDIO_DEVICES, NULL },
	[20] = { "GET_SERVER_INFO", REQ_AUDIO_DEVICES, NULL },
	[21] = { "GET_SINK_INFO", REQ_AUDIO_DEVICES, NULL },
	[22] = { "GET_SINK_INFO_LIST", REQ_AUDIO_DEVICES, NULL },
	[23] = { "GET_SOURCE_INFO", REQ_AUDIO_DEVICES, NULL },
	[24] = { "GET_SOURCE_INFO_LIST", REQ_AUDIO_DEVICES, NULL },
	/* A program asks for its own client or stream; only a list covers all. */
	[28] = { "GET_CLIENT_INFO_LIST", REQ_AUDIO_CLIENTS, NULL },
	[30] = { "GET_SINK_INPUT_INFO_LIST", REQ_AUDIO_CLIENTS, NULL },
	[32] = { "GET_SOURCE_OUTPUT_INFO_LIST", REQ_AUDIO_CLIENTS, NULL },
	[51] = { .read = pulse_load },
	[68] = { .read = move },
	[88] = { "GET_CARD_INFO", REQ_AUDIO_DEVICES, NULL },
	[89] = { "GET_CARD_INFO_LIST", REQ_AUDIO_DEVICES, NULL },
	[101] = { .read = leave },
};

static int64_t pulse_length_of(const unsigned char *head, bool joining)
{
	uint32_t length = be32(head), channel = be32(head + 4), flags = be32(head + 16);
	bool still = !be32(head + 8) && !be32(head + 12);

	if (channel == COMMANDS_CHANNEL && still && !flags && length >= COMMAND_MIN &&
	    length <= COMMAND_MAX)
		return length;
	if (!joining && (flags == FLAG_RELEASE || flags == FLAG_REVOKE))
		return 0;
	if (joining || length > LENGTH_MAX)
		return -1;
	/* The offset cannot be checked: in a release it names the shared block. */
	return length || flags & (FLAG_SHARED | FLAG_RELEASE) ? (int64_t)length : -1;
}

/* A client sends the head of played sound as a system call of its own. */
static bool heads_sound(const unsigned char *head)
{
	return be32(head) && be32(head) <= LENGTH_MAX && be32(head + 4) <= CHANNEL_MAX &&
	       !be32(head + 8) && !be32(head + 12) && be32(head + 16) <= SEEK_MAX;
}

static void pulse_begin(void *state, const unsigned char *head)
{
	struct pulse *p = state;

	p->command = be32(head + 4) == COMMANDS_CHANNEL && !be32(head + 16);
	p->kept = 0;
}

static void pulse_bytes(void *state, const unsigned char *more, size_t count,
			const struct decode_out *out)
{
	struct pulse *p = state;
	size_t room = sizeof(p->bytes) - p->kept;

	(void)out;
	if (!p->command)
		return;
	count = count < room ? count : room;
	memcpy(p->bytes + p->kept, more, count);
	p->kept += count;
}

static void pulse_end(void *state, const struct decode_out *out)
{
	struct pulse *p = state;
	struct values v = { p->bytes, p->bytes + p->kept };
	const struct command *command;
	uint32_t number;

	if (!p->command)
		return;
	p->command = false;
	number = next_number(&v);
	next(&v); /* the tag of its answer */
	if (number >= ARRAY_SIZE(commands))
		return;
	command = &commands[number];
	if (command->read)
		command->read(p, &v, out);
	else if (command->what)
		pulse_tell(out, command->what, command->name);
}

/* After missing bytes the position in the command is not known, so the command ends here. */
static void pulse_unread(void *state, size_t count, const struct decode_out *out)
{
	struct pulse *p = state;

	(void)count;
	if (p->command && p->kept < COMMAND_MIN)
		out->lost(out->context);
	else
		pulse_end(state, out);
	p->command = false;
}

static const struct frame_shape shape = { HEAD_SIZE,   pulse_length_of, pulse_begin,
					  pulse_bytes, pulse_unread,    pulse_end };

static void pulse_feed(void *state, const struct server_state *facts, const struct piece *piece,
		       const struct decode_out *out)
{
	struct pulse *p = state;

	(void)facts;
	p->followed |= piece->followed;
	if (piece->first && piece->call == HEAD_SIZE && piece->copied == HEAD_SIZE &&
	    !p->frames.have && heads_sound(piece->bytes))
		p->frames.sure = true;
	framing_feed(&p->frames, &shape, p, piece, out);
}

static void pulse_hole(void *state, size_t count, const struct decode_out *out)
{
	struct pulse *p = state;

	framing_hole(&p->frames, &shape, p, count, out);
}

static bool pulse_follows(const void *state)
{
	return framing_follow(&((const struct pulse *)state)->frames);
}

/* Patience 2: if the stream is joined between a head and its sound, the second call is a head. */
const struct decoder pulse_decoder = { "pulse",    sizeof(struct pulse), 2,
				       pulse_feed, pulse_hole,           pulse_follows };
