/* SPDX-License-Identifier: Apache-2.0 */
/* format.h - the output formats, with their names for --format. */
#ifndef PIAUDIT_FORMAT_H
#define PIAUDIT_FORMAT_H

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_YAML,
	FORMAT_CSV,
	FORMAT_HTML,
	FORMAT_ECS, /* this and later names are the names of encoders (encode/encode.h) */
	FORMAT_OCSF,
	FORMAT_CEF,
	FORMAT_LEEF,
	FORMAT_SYSLOG,
	FORMAT_GELF,
	FORMAT_OTLP,
	FORMAT_JOURNALD,
	FORMAT_MAX
};

extern const char *const format_word[FORMAT_MAX];

#endif
