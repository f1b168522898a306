/* SPDX-License-Identifier: Apache-2.0 */
/* record_lex.c - reads and writes the words of a line in a recorded stream. */
#include "record_lex.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Characters of a 64-bit number in any base that strtoull reads here, NUL included. */
#define DIGITS_MAX 24

#define RECORD_REASON_MAX 192 /* bytes of a reason, with a field and its value */

static bool record_lex_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int record_lex_refuse(const char **why, const char *format, ...)
{
	static char reason[RECORD_REASON_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	*why = reason;
	return -EINVAL;
}

int record_lex_invalid(const char **why, const struct record_word *word, const char *use)
{
	return record_lex_refuse(
		why, "invalid %.*s \"%.*s\": use %s", record_lex_shown(word->name_len), word->name,
		record_lex_shown(word->value ? word->value_len : 0), word->value ?: "", use);
}

static int quoted_value(const char **at, struct record_word *word, const char **why)
{
	const char *p = *at + 1;

	word->quoted = true;
	word->value = p;
	while (*p && *p != '"')
		p += *p == '\\' && p[1] ? 2 : 1;
	if (!*p)
		return record_lex_refuse(why, "the closing quote is missing");
	word->value_len = (size_t)(p - word->value);
	*at = p + 1;
	if (**at && !record_lex_blank(**at))
		return record_lex_refuse(why, "a closing quote is not followed by a space");
	return 1;
}

static int plain_value(const char **at, struct record_word *word, const char **why)
{
	const char *p = *at;

	word->value = p;
	for (; *p && !record_lex_blank(*p); p++)
		if (*p == '"' || *p == '\\')
			return record_lex_refuse(
				why, "a value with a quote or a backslash must be in quotes");
	word->value_len = (size_t)(p - word->value);
	*at = p;
	return 1;
}

int record_lex_next(const char **at, struct record_word *word, const char **why)
{
	const char *p = *at;

	while (record_lex_blank(*p))
		p++;
	if (!*p || *p == '#') {
		*at = p + strlen(p);
		return 0;
	}
	*word = (struct record_word){ .name = p };
	while (*p && *p != '=' && !record_lex_blank(*p))
		p++;
	word->name_len = (size_t)(p - word->name);
	*at = p;
	if (*p != '=')
		return 1;
	*at = ++p;
	return *p == '"' ? quoted_value(at, word, why) : plain_value(at, word, why);
}

bool record_word_is(const struct record_word *word, const char *name)
{
	return strlen(name) == word->name_len && !memcmp(word->name, name, word->name_len);
}

/* strtoull alone would accept blanks, signs and overflow. */
static int record_lex_number(const char *text, size_t len, uint64_t *out)
{
	char digits[DIGITS_MAX], *end;

	if (!len || len >= sizeof(digits) || !isdigit((unsigned char)*text))
		return -EINVAL;
	memcpy(digits, text, len);
	digits[len] = '\0';
	errno = 0;
	*out = strtoull(digits, &end, 0);
	return errno || *end || strlen(digits) != len ? -EINVAL : 0;
}

int record_word_number(const struct record_word *word, int64_t min, uint64_t max, uint64_t *out)
{
	uint64_t n;

	if (!word->value || word->quoted || !word->value_len)
		return -EINVAL;
	if (*word->value == '-') {
		if (min >= 0 || record_lex_number(word->value + 1, word->value_len - 1, &n) ||
		    n > -(uint64_t)min)
			return -EINVAL;
		*out = -n;
		return 0;
	}
	if (record_lex_number(word->value, word->value_len, &n) || n > max)
		return -EINVAL;
	*out = n;
	return 0;
}

int record_word_device(const struct record_word *word, uint32_t *dev)
{
	const char *text = word->value ? word->value : word->name;
	size_t len = word->value ? word->value_len : word->name_len;
	const char *colon = memchr(text, ':', len);
	uint64_t major, minor;

	if (!colon || record_lex_number(text, (size_t)(colon - text), &major) ||
	    record_lex_number(colon + 1, len - (size_t)(colon + 1 - text), &minor))
		return -EINVAL;
	if (major > 0xfff || minor > 0xfffff)
		return -EINVAL;
	*dev = record_lex_dev((unsigned int)major, (unsigned int)minor);
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -EINVAL;
}

int record_word_byte(const struct record_word *word, const char **at)
{
	const char *p = *at;
	int high, low;

	if (!word->quoted || *p != '\\') {
		*at = p + 1;
		return (unsigned char)*p;
	}
	/*
	 * The closing quote lies behind the value, so p[1] exists. p[3] is read only if p[2] is a
	 * digit.
	 */
	if (p[1] == '\\' || p[1] == '"') {
		*at = p + 2;
		return p[1];
	}
	high = p[1] == 'x' ? hex_digit(p[2]) : -EINVAL;
	low = high < 0 ? high : hex_digit(p[3]);
	if (low < 0)
		return -EINVAL;
	*at = p + 4;
	return high << 4 | low;
}

int record_word_text(const struct record_word *word, char *buf, size_t size)
{
	const char *at = word->value;
	size_t len = 0;

	if (!at)
		return -EINVAL;
	while (at < word->value + word->value_len) {
		int c = record_word_byte(word, &at);

		if (c < 0 || len + 1 >= size)
			return -EINVAL;
		buf[len++] = (char)c;
	}
	buf[len] = '\0';
	return (int)len;
}

bool record_lex_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != '"' && c != '\\';
}

void record_lex_put(FILE *out, unsigned char c)
{
	if (record_lex_plain(c) || c == ' ')
		putc(c, out);
	else if (c == '"' || c == '\\')
		fprintf(out, "\\%c", c);
	else
		fprintf(out, "\\x%02x", c);
}

void record_lex_text(FILE *out, const char *name, const void *bytes, size_t len)
{
	const unsigned char *c = bytes;
	bool plain = len > 0;

	for (size_t i = 0; i < len; i++)
		plain = plain && record_lex_plain(c[i]);
	fprintf(out, plain ? " %s=" : " %s=\"", name);
	for (size_t i = 0; i < len; i++)
		record_lex_put(out, c[i]);
	if (!plain)
		putc('"', out);
}
