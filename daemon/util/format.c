/* SPDX-License-Identifier: Apache-2.0 */
/* format.c - the names of the output formats. */
#include "format.h"

const char *const format_word[FORMAT_MAX] = { "text", "json", "yaml",    "csv",  "html",
					      "ecs",  "ocsf", "cef",     "leef", "syslog",
					      "gelf", "otlp", "journald" };
