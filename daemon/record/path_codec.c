/* SPDX-License-Identifier: Apache-2.0 */
/* path_codec.c - converts a path of the wire to text, and back. */
#include "path_codec.h"

#include <errno.h>
#include <string.h>

#include <piaudit/event.h>

/* The start of the component that ends before @end. */
static size_t component(const unsigned char *path, size_t end)
{
	size_t start = end - 1;

	while (start && path[start - 1])
		start--;
	return start;
}

static bool path_codec_plain(const unsigned char *path, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool empty = !path[i] && (!i || !path[i - 1]);

		if (empty || path[i] == '/' || (path[i] && !record_lex_plain(path[i])))
			return false;
	}
	return true;
}

static void write_component(FILE *out, const unsigned char *c, size_t len)
{
	if (!len)
		fputs("\\x00", out);
	for (size_t i = 0; i < len; i++) {
		if (c[i] == '/')
			fputs("\\x2f", out);
		else
			record_lex_put(out, c[i]);
	}
}

void path_codec_write(FILE *out, const char *name, const unsigned char *path, size_t len,
		      size_t cross)
{
	bool bare = path_codec_plain(path, len);

	if (len == 1 && !path[0] && !cross) {
		fprintf(out, " %s=/", name);
		return;
	}
	fprintf(out, bare ? " %s=" : " %s=\"", name);
	for (size_t end = len; end;) {
		size_t start = component(path, end);

		fputs(end == cross ? "//" : "/", out);
		write_component(out, path + start, end - 1 - start);
		end = start;
	}
	if (!bare)
		putc('"', out);
}

/* A text path while it is read: components from the root to the leaf, each ended by NUL. */
struct reading {
	const struct record_word *word;
	const char *at, *end;
	unsigned char bytes[PIA_PATH_MAX];
	size_t len;
	bool crossed;
	size_t above; /* bytes before the mount point */
	const char **why;
};

static int path_codec_refuse(const struct reading *r, const char *use)
{
	return record_lex_invalid(r->why, r->word, use);
}

static int read_component(struct reading *r)
{
	size_t start = r->len;
	bool empty = false;

	if ((r->at == r->end || *r->at == '/') && r->word->value_len != 1)
		return path_codec_refuse(r, "no empty component");
	while (r->at < r->end && *r->at != '/') {
		int c = record_word_byte(r->word, &r->at);

		if (c < 0 || empty || (!c && r->len != start))
			return path_codec_refuse(
				r, "only the escapes \\\\, \\\" and \\xHH, but not \\x00");
		empty = !c;
		if (r->len + 2 > sizeof(r->bytes))
			return path_codec_refuse(r, "a shorter path");
		if (c)
			r->bytes[r->len++] = (unsigned char)c;
	}
	if (r->len == sizeof(r->bytes))
		return path_codec_refuse(r, "a shorter path");
	r->bytes[r->len++] = '\0';
	return 0;
}

static int read_path(struct reading *r)
{
	while (r->at < r->end) {
		int err;

		if (*r->at++ != '/')
			return path_codec_refuse(r, "a slash at the beginning");
		if (r->at < r->end && *r->at == '/') {
			if (r->crossed)
				return path_codec_refuse(r, "at most one mount point (//)");
			r->crossed = true;
			r->above = r->len;
			r->at++;
		}
		err = read_component(r);
		if (err)
			return err;
	}
	return r->len ? 0 : path_codec_refuse(r, "an absolute path");
}

int path_codec_parse(const struct record_word *word, unsigned char *out, size_t size, size_t *cross,
		     const char **why)
{
	struct reading r = { .word = word, .at = word->value, .why = why };
	size_t n = 0;
	int err;

	if (!word->value)
		return path_codec_refuse(&r, "an absolute path");
	r.end = r.at + word->value_len;
	err = read_path(&r);
	if (err)
		return err;
	if (r.len > size)
		return path_codec_refuse(&r, "a shorter path");
	for (size_t end = r.len; end;) {
		size_t start = component(r.bytes, end);

		memcpy(out + n, r.bytes + start, end - start);
		n += end - start;
		end = start;
	}
	*cross = r.crossed ? r.len - r.above : 0;
	return (int)n;
}
