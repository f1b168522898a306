/* SPDX-License-Identifier: Apache-2.0 */
/* diagnostics.c - faults in a file that people write: collected, limited in number, safe to print. */
#include "diagnostics.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEM_TEXT_MAX 768 /* bytes; a longer text quotes something that is too long to read */

/* Problems quote the file. Its control codes must not reach a terminal. */
static void defuse(char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		/* 0xc2 and 0x80 to 0x9f: the control codes of Latin-1, as UTF-8. */
		if (c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)text[1] < 0xa0))
			*text = '?';
	}
}

static size_t print_place(char *buf, size_t size, struct place at)
{
	int n;

	if (!at.line)
		n = snprintf(buf, size, "%s: ", at.file);
	else if (!at.column)
		n = snprintf(buf, size, "%s:%d: ", at.file, at.line);
	else
		n = snprintf(buf, size, "%s:%d:%d: ", at.file, at.line, at.column);
	return n < 0 ? 0 : (size_t)n >= size ? size - 1 : (size_t)n;
}

static void problem_add(struct problems *p, bool warning, struct place at, const char *format,
			va_list args)
{
	char text[PROBLEM_TEXT_MAX];
	size_t len, file_len = strlen(at.file);
	char *copy;

	*(warning ? &p->warnings : &p->errors) += 1;
	if (p->count == PROBLEM_MAX)
		return;
	len = print_place(text, sizeof(text) / 2, at);
	file_len = file_len < len ? file_len : len;
	len += (size_t)snprintf(text + len, sizeof(text) - len, warning ? "warning: " : "error: ");
	vsnprintf(text + len, sizeof(text) - len, format, args);
	defuse(text);
	copy = strdup(text);
	if (!copy)
		return; /* the count decides, and it is counted */
	p->list[p->count++] = (struct problem){ .text = copy,
						.warning = warning,
						.file_len = file_len,
						.said = len,
						.line = at.line,
						.column = at.column };
}

int problem_error(struct problems *p, struct place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	problem_add(p, false, at, format, args);
	va_end(args);
	return -EINVAL;
}

void problem_warning(struct problems *p, struct place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	problem_add(p, true, at, format, args);
	va_end(args);
}

void problems_clear(struct problems *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->list[i].text);
	memset(p, 0, sizeof(*p));
}
