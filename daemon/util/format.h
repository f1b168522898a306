/* SPDX-License-Identifier: Apache-2.0 */
/* format.h - the formats of an output, and how --format spells them. */
#ifndef PIAUDIT_FORMAT_H
#define PIAUDIT_FORMAT_H

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_YAML,
	FORMAT_CSV,
	FORMAT_HTML,
	FORMAT_ECS, /* from here on: as encoders are called (encode/encode.h) */
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
