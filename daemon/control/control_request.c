/* SPDX-License-Identifier: Apache-2.0 */
/* control_request.c - one request to the daemon, and its reply, as bytes. */
#include "control_request.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <piaudit/auto.h>

#include "control.h"
#include "daemon/util/escape.h"
#include "daemon/util/exit.h"
#include "daemon/util/json.h"
#include "policy/suggest.h"

#define WORDS_MAX  4         /* FORMAT VERB ID APP */
#define ANSWER_MAX (4 << 20) /* bytes: the status of some ten thousand apps */

struct request {
	const struct control_ops *ops;
	void *context;
	char *words[WORDS_MAX + 1]; /* NULL-terminated, without the format and the verb */
};

int control_say(struct control_reply *reply, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reply->text, sizeof(reply->text), format, args);
	va_end(args);
	return code;
}

static int ask_status(const struct request *r, struct control_reply *reply)
{
	return r->ops->status(r->context, reply);
}

static int ask_top(const struct request *r, struct control_reply *reply)
{
	return r->ops->top(r->context, reply);
}

static int ask_reload(const struct request *r, struct control_reply *reply)
{
	return r->ops->reload(r->context, reply);
}

static int ask_reopen(const struct request *r, struct control_reply *reply)
{
	return r->ops->reopen(r->context, reply);
}

static int ask_begin(const struct request *r, struct control_reply *reply)
{
	return r->ops->scenario(r->context, true, r->words[0], r->words[1], reply);
}

static int ask_end(const struct request *r, struct control_reply *reply)
{
	return r->ops->scenario(r->context, false, r->words[0], r->words[1], reply);
}

static int ask_scenarios(const struct request *r, struct control_reply *reply)
{
	return r->ops->scenarios(r->context, reply);
}

static const struct verb_row {
	const char *verb;
	size_t least, most; /* number of words after the verb */
	int (*ask)(const struct request *r, struct control_reply *reply);
} verbs[] = {
	{ "status", 0, 0, ask_status },       { "top", 0, 0, ask_top },
	{ "reload", 0, 0, ask_reload },       { "reopen", 0, 0, ask_reopen },
	{ "begin", 1, 2, ask_begin },         { "end", 1, 2, ask_end },
	{ "scenarios", 0, 0, ask_scenarios },
};

static const struct verb_row *request_verb_find(const char *word)
{
	for (size_t i = 0; word && i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].verb, word))
			return &verbs[i];
	return NULL;
}

/* Exactly one blank separates words, so an empty word is an error. */
static size_t request_split(char *line, char *words[WORDS_MAX + 1])
{
	size_t count = 0;

	for (char *word; (word = strsep(&line, " "));) {
		if (!*word || count == WORDS_MAX)
			return 0;
		words[count++] = word;
	}
	return count;
}

static int dispatch(struct request *r, char *line, struct control_reply *reply)
{
	char *words[WORDS_MAX + 1] = { NULL };
	size_t count = request_split(line, words);
	const struct verb_row *row = request_verb_find(words[1]);

	if (!count || !row || count < 2 + row->least || count > 2 + row->most)
		return control_say(
			reply, EXIT_USAGE,
			"unknown request; do the command and the daemon have the same version?");
	if (!strcmp(words[0], format_word[FORMAT_JSON]))
		reply->format = FORMAT_JSON;
	else if (strcmp(words[0], format_word[FORMAT_TEXT]))
		return control_say(reply, EXIT_USAGE, "unknown format; use text or json");
	memcpy(r->words, words + 2, (count - 2) * sizeof(*words));
	return row->ask(r, reply);
}

/* A reply needs a body. If the op wrote none, its text becomes the body. */
static void request_write_text(struct control_reply *reply)
{
	struct json json = { .out = reply->out };

	if (reply->format == FORMAT_TEXT) {
		escape_put(reply->out, reply->text);
		fputc('\n', reply->out);
		return;
	}
	json_object(&json, NULL);
	json_string(&json, "text", reply->text);
	json_close(&json);
	json_end(&json);
}

/* The text must not end the first line early, so line ends in it become blanks. */
static int pack(int code, const char *text, const struct control_bytes *body,
		struct control_bytes *out)
{
	char line[CONTROL_TEXT_MAX];
	FILE *f = open_memstream(&out->bytes, &out->length);

	if (!f)
		return -ENOMEM;
	snprintf(line, sizeof(line), "%s", text);
	for (char *c = line; *c; c++)
		*c = *c == '\n' || *c == '\r' ? ' ' : *c;
	fprintf(f, "%d %zu %s\n", code, body->length, line);
	fwrite(body->bytes, 1, body->length, f);
	return fclose(f) ? -ENOMEM : 0;
}

int control_refuse(int code, const char *text, struct control_bytes *out)
{
	return pack(code, text, &(struct control_bytes){ "", 0 }, out);
}

int control_answer(const struct control_ops *ops, void *context, char *line,
		   struct control_bytes *out)
{
	AUTO_FREE char *body = NULL;
	size_t length = 0;
	struct request request = { .ops = ops, .context = context };
	struct control_reply reply = { .out = open_memstream(&body, &length) };
	int code;

	if (!reply.out)
		return -ENOMEM;
	code = dispatch(&request, line, &reply);
	if (!code && ftell(reply.out) == 0)
		request_write_text(&reply);
	if (fclose(reply.out))
		return -ENOMEM;
	if (!code && length > ANSWER_MAX)
		code = control_say(&reply, EXIT_INTERNAL, "the reply is longer than %d bytes",
				   ANSWER_MAX);
	return pack(code, reply.text, &(struct control_bytes){ body, code ? 0 : length }, out);
}
