/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h - the configuration of piaudit-export: the spool and its destinations. */
#ifndef PIAUDIT_SETTINGS_H
#define PIAUDIT_SETTINGS_H

#include <stdint.h>
#include <stdio.h>

#include "policy/arena.h"
#include "policy/diagnostics.h"

#define SETTINGS_PATH "/etc/piaudit/export.yaml"
#define STATE_PATH    "/var/lib/piaudit-export"

#define PROXY_ENVIRONMENT "environment"

enum destination_type { TO_FILE, TO_SYSLOG, TO_HTTP, TO_KAFKA, TO_MAX };

struct encoder;   /* encode/encode.h */
struct http_body; /* http_body.h */

struct pair {
	const char *name, *value;
};

struct pairs {
	struct pair *list;
	size_t count;
};

/*
 * Texts before, for, between and after the records of a body; ${...} is replaced (http_body.h).
 * NULL: the text of the kind.
 */
struct pattern_of_body {
	const char *head, *item, *between, *tail;
};

/* All owned by the settings. NULL or 0: the key is absent and has no default. */
struct destination {
	const char *name;
	unsigned int type, profile;
	const char *to;
	const struct encoder *encoder;
	const struct http_body *body;
	struct pattern_of_body template;
	const char *into;
	const char *proxy; /* PROXY_ENVIRONMENT: use the variables of the environment */
	const char *ca, *certificate, *key, *authorization;
	struct pairs headers, properties;
	uint32_t batch, rate, pen, facility, files;
	uint64_t batch_bytes, dead_bytes, file_bytes, limit;
	uint64_t linger, timeout, retry_least, retry_most; /* ns */
};

struct settings {
	const char *file;
	const char *spool, *state;
	struct destination *list;
	size_t count;
	struct arena arena;
};

/* Reads @path. All errors in it are added to @problems: -EINVAL, *@out untouched; -ENOMEM. */
int settings_load(struct settings **out, const char *path, struct problems *problems);
void settings_free(struct settings **settings); /* NULL-safe, nulls */

extern const char *const destination_type_word[TO_MAX];

/* Writes all keys as JSON: of the settings, and of a destination. -EIO. */
int settings_keys(FILE *out);

#endif
