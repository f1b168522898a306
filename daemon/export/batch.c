/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c - makes items from lines of the spool. */
#include "batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/encode/encode.h"
#include "daemon/util/sha256.h"

struct making {
	struct batch *batch;
	struct transport *transport;
	const struct spool_line *line;
	size_t part; /* index of the event in the line */
};

static struct item *batch_add_one(struct batch *b)
{
	size_t room = b->room ? b->room * 2 : 64;
	struct item *list = b->list;

	if (b->count == b->room) {
		list = reallocarray(list, room, sizeof(*list));
		if (!list)
			return NULL;
		b->room = room;
	}
	list[b->count] = (struct item){ 0 };
	b->list = list;
	return &list[b->count++];
}

/* Without an id, an event gets a hash of its line: the same id each time it is read. */
static void name(struct item *letter, const struct event *e, const struct making *m)
{
	const char *id = e ? event_text(e, "id") : NULL;
	char text[SHA256_TEXT_MAX];
	struct sha256 hash;

	if (id && strlen(id) < sizeof(letter->id)) {
		memcpy(letter->id, id, strlen(id) + 1);
		return;
	}
	sha256_begin(&hash);
	sha256_add(&hash, m->line->text, m->line->len);
	sha256_add(&hash, &m->part, sizeof(m->part));
	sha256_text(&hash, text);
	snprintf(letter->id, sizeof(letter->id), "%.32s", text);
}

static int encode(struct item *letter, const struct event *e, const struct destination *to)
{
	struct encode_options options = { .pen = to->pen,
					  .facility = to->facility,
					  .limit = to->limit };
	FILE *out = open_memstream(&letter->text, &letter->len);
	int err;

	if (!out)
		return -ENOMEM;
	err = encode_record(to->encoder, e, &options, out);
	return fclose(out) ? -ENOMEM : err;
}

static int render(struct item *letter, const struct event *e, struct transport *t)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return -ENOMEM;
	t->ops->render(t, e, letter, out);
	if (fclose(out))
		return -ENOMEM;
	free(letter->text);
	letter->text = TAKE(text);
	letter->len = len;
	return 0;
}

/* Keeps the line as it is in the spool, for the dead letters. */
static int keep_line(struct item *letter, const struct making *m, const char *why)
{
	free(letter->text);
	letter->len = m->line->len;
	letter->text = strndup(m->line->text, m->line->len);
	if (!letter->text)
		return -ENOMEM;
	item_refuse(letter, why);
	return 0;
}

static int batch_take(void *context, const struct event *e)
{
	struct making *m = context;
	struct transport *t = m->transport;
	struct item *letter = batch_add_one(m->batch);
	struct event cut = *e;
	int err;

	if (!letter)
		return -ENOMEM;
	cut.kept = NULL; /* the texts are borrowed */
	name(letter, e, m);
	m->part++;
	err = event_profile(&cut, t->to->profile, t->site->key);
	err = err ?: encode(letter, &cut, t->to);
	if (!err && t->ops->render)
		err = render(letter, &cut, t);
	event_free(&cut);
	if (err == -EMSGSIZE)
		err = keep_line(letter, m, "too long for a record of this encoding");
	m->batch->bytes += letter->len;
	return err;
}

int batch_add(struct batch *b, struct transport *t, const struct spool_line *line)
{
	struct making m = { .batch = b, .transport = t, .line = line };
	size_t before = b->count;
	int err = event_parse(line->text, line->len, batch_take, &m);

	if (err == -EBADMSG) {
		struct item *letter = batch_add_one(b);

		if (!letter)
			return -ENOMEM;
		name(letter, NULL, &m);
		err = keep_line(letter, &m, "the line of the spool is not an event");
	}
	if (err)
		return err;
	if (b->count > before) {
		struct item *last = &b->list[b->count - 1];

		last->last = true;
		last->after = line->after;
	}
	return 0;
}

void batch_clear(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		free(b->list[i].text);
		free(b->list[i].why);
	}
	b->count = 0;
	b->bytes = 0;
}

void batch_free(struct batch *b)
{
	batch_clear(b);
	free(b->list);
	*b = (struct batch){ 0 };
}
