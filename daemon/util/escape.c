/* SPDX-License-Identifier: Apache-2.0 */
/* escape.c - makes strings from untrusted sources harmless for a terminal. */
#include "escape.h"

#include <piaudit/auto.h>

#include <stdbool.h>
#include <string.h>

#include "json.h"

/*
 * Characters that change how other characters are displayed: the first and last of each range, as
 * UTF-8.
 */
static const struct {
	const char *first, *last;
} hidden[] = {
	{ "\x01", "\x1f" }, /* C0 */
	{ "\x7f", "\x7f" },
	{ "\xc2\x80", "\xc2\x9f" },         /* C1, such as CSI */
	{ "\xe2\x80\x8b", "\xe2\x80\x8f" }, /* zero width, direction marks */
	{ "\xe2\x80\xa8", "\xe2\x80\xae" }, /* line separators, embeddings, overrides */
	{ "\xe2\x81\xa0", "\xe2\x81\xaf" }, /* joiners, isolates */
	{ "\xef\xbb\xbf", "\xef\xbb\xbf" }, /* byte order mark */
	{ "\xef\xbf\xb9", "\xef\xbf\xbb" }, /* interlinear annotation */
};

static bool harmless(const char *text, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		if (strlen(hidden[i].first) == len && memcmp(text, hidden[i].first, len) >= 0 &&
		    memcmp(text, hidden[i].last, len) <= 0)
			return false;
	return true;
}

/*
 * Writes one character of @text in its harmless form to @out. Returns how many bytes of @text it
 * used.
 */
static size_t escape_one(const char *text, char out[4 * 4 + 1])
{
	size_t len = json_utf8(text), taken = len ? len : 1;

	if (len && harmless(text, len)) {
		memcpy(out, text, len);
		out[len] = 0;
		return len;
	}
	for (size_t i = 0; i < taken; i++)
		snprintf(out + 4 * i, 5, "\\x%02x", (unsigned char)text[i]);
	return taken;
}

void escape_put(FILE *out, const char *text)
{
	char shown[4 * 4 + 1];

	while (*text) {
		text += escape_one(text, shown);
		fputs(shown, out);
	}
}

const char *escape_text(char *buf, size_t size, const char *text)
{
	char shown[4 * 4 + 1];
	size_t used = 0;

	buf[0] = 0;
	while (*text) {
		size_t taken = escape_one(text, shown), len = strlen(shown);

		/* Keeps space for the dots, unless the text ends here. */
		if (used + len + (text[taken] ? 4 : 1) > size) {
			memcpy(buf + used, "...", used + 4 <= size ? 4 : 1);
			return buf;
		}
		memcpy(buf + used, shown, len + 1);
		used += len;
		text += taken;
	}
	return buf;
}
