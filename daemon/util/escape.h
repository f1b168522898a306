/* SPDX-License-Identifier: Apache-2.0 */
/* escape.h - strings of strangers on a terminal: nothing in them moves the cursor or turns the text around. */
#ifndef PIAUDIT_ESCAPE_H
#define PIAUDIT_ESCAPE_H

#include <stdio.h>

/* As it is, but for control characters, bytes that are no UTF-8 and what changes the direction: \xHH. */
void escape_put(FILE *out, const char *text);

/* The same to memory, cut with "..." at @size (>= 4); returns @buf. */
const char *escape_text(char *buf, size_t size, const char *text);

#endif
