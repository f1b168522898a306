/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c - writes lines of comma-separated values. */
#include "csv.h"

#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "escape.h"

static int csv_put(FILE *out, const char *text)
{
	AUTO_FREE char *copy = strdup(text);
	char *rest = copy;

	if (!copy)
		return -ENOMEM;
	fputs(*text && strchr("=+-@\t\r", *text) ? "\"'" : "\"", out);
	for (char *part; (part = strsep(&rest, "\""));) {
		escape_put(out, part);
		fputs(rest ? "\"\"" : "", out);
	}
	fputc('"', out);
	return 0;
}

int csv_row(FILE *out, const char *const *texts)
{
	int err = 0;

	for (size_t i = 0; texts[i] && !err; i++) {
		fputs(i ? "," : "", out);
		err = csv_put(out, texts[i]);
	}
	fputs("\r\n", out);
	return err ?: (ferror(out) ? -EIO : 0);
}
