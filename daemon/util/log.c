/* SPDX-License-Identifier: Apache-2.0 */
/* log.c - diagnostics for people, on stderr. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"

const char *log_program = "piaudit";
enum log_level log_level = LOG_WARNING;

#define LINE_MAX_LOG 1024 /* bytes; longer lines are cut, because each is for a person to read */

static void log_say(enum log_level level, int err, const char *format, va_list args)
{
	static const char *const mark[] = { "error: ", "warning: ", "", "debug: " };
	char line[LINE_MAX_LOG], shown[2 * LINE_MAX_LOG];

	if (level > log_level)
		return;
	vsnprintf(line, sizeof(line), format, args);
	/*
	 * Values in the line can come from an audited program or a file. Escaped, they cannot move
	 * the cursor.
	 */
	fprintf(stderr, "%s: %s%s%s%s\n", log_program, mark[level],
		escape_text(shown, sizeof(shown), line), err ? ": " : "",
		err ? strerror(-err) : "");
}

#define SAY(level, err)                            \
	do {                                       \
		va_list args;                      \
		va_start(args, format);            \
		log_say(level, err, format, args); \
		va_end(args);                      \
	} while (0)

int log_err(int err, const char *format, ...)
{
	SAY(LOG_ERROR, err);
	return err;
}

void log_warn(const char *format, ...)
{
	SAY(LOG_WARNING, 0);
}

void log_info(const char *format, ...)
{
	SAY(LOG_INFO, 0);
}

void log_debug(const char *format, ...)
{
	SAY(LOG_DEBUG, 0);
}
