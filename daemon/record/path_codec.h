/* SPDX-License-Identifier: Apache-2.0 */
/* path_codec.h - a path of the wire (leaf first, components ended by NUL) as people write it, and back. */
#ifndef PIAUDIT_PATH_CODEC_H
#define PIAUDIT_PATH_CODEC_H

#include "record_lex.h"

/*
 * /mnt/x//etc/machine-id: two slashes where the first @cross bytes of the wire's path begin, none where cross is
 * 0. A component may hold any byte: a slash (some pseudo files have one) is \x2f, an empty component \x00, both
 * in quotes.
 */
void path_codec_write(FILE *out, const char *name, const unsigned char *path, size_t len,
		      size_t cross);

/* Returns the bytes put into @out, at most @size, with *@cross set; -EINVAL with @why (static). */
int path_codec_parse(const struct record_word *word, unsigned char *out, size_t size, size_t *cross,
		     const char **why);

#endif
