/* SPDX-License-Identifier: Apache-2.0 */
/* escape.h - makes strings from untrusted sources harmless: they cannot move the cursor or
 * change the text's direction. */
#ifndef PIAUDIT_ESCAPE_H
#define PIAUDIT_ESCAPE_H

#include <stdio.h>

/*
 * Control characters, characters that change the direction, and bytes that are not UTF-8 are
 * written as \xHH.
 */
void escape_put(FILE *out, const char *text);

/* The same, but writes to @buf and cuts with "..." at @size (>= 4). Returns @buf. */
const char *escape_text(char *buf, size_t size, const char *text);

#endif
