/* SPDX-License-Identifier: Apache-2.0 */
/* format.c - the formats of an output by name. */
#include "format.h"

const char *const format_word[FORMAT_MAX] = { "text", "json", "yaml",    "csv",  "html",
					      "ecs",  "ocsf", "cef",     "leef", "syslog",
					      "gelf", "otlp", "journald" };
