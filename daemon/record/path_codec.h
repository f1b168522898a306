/* SPDX-License-Identifier: Apache-2.0 */
/* path_codec.h - converts a path of the wire (leaf first, components ended by NUL) to text, and
 * back. */
#ifndef PIAUDIT_PATH_CODEC_H
#define PIAUDIT_PATH_CODEC_H

#include "record_lex.h"

/*
 * Example: /mnt/x//etc/machine-id. Two slashes mark the start of the first @cross bytes of the
 * wire's path. If cross is 0, there are none. A component can have any byte. A slash (some pseudo
 * files have one) is written as \x2f, an empty component as \x00, both in quotes.
 */
void path_codec_write(FILE *out, const char *name, const unsigned char *path, size_t len,
		      size_t cross);

/*
 * Returns the number of bytes written to @out (at most @size) and sets *@cross. -EINVAL with @why
 * (static).
 */
int path_codec_parse(const struct record_word *word, unsigned char *out, size_t size, size_t *cross,
		     const char **why);

#endif
