/* SPDX-License-Identifier: Apache-2.0 */
/* record_lex.h - the words of a line in a recorded stream: `word`, `name=value`, `name="quoted value"`. */
#ifndef PIAUDIT_RECORD_LEX_H
#define PIAUDIT_RECORD_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Borrowed from the line. */
struct record_word {
	const char *name;
	size_t name_len;
	const char *value; /* without its quotes, escapes still in it; NULL for a bare word */
	size_t value_len;
	bool quoted; /* escapes mean something only inside quotes */
};

/* The next word at *@at, which moves on: 1; 0 at the end or a comment; -EINVAL with @why (static). */
int record_lex_next(const char **at, struct record_word *word, const char **why);

bool record_word_is(const struct record_word *word, const char *name);

/* -EINVAL where the value is none, or outside [@min, @max]; a negative one as two's complement. */
int record_word_number(const struct record_word *word, int64_t min, uint64_t max, uint64_t *out);

/* MAJOR:MINOR into the kernel's encoding, major << 20 | minor; -EINVAL. A bare word is read as such too. */
int record_word_device(const struct record_word *word, uint32_t *dev);

/* The byte at *@at, which moves on: 0 to 255; -EINVAL for an escape that is none. */
int record_word_byte(const struct record_word *word, const char **at);

/* The value as bytes, with a NUL behind them: how many, without it; -EINVAL if they do not fit. */
int record_word_text(const struct record_word *word, char *buf, size_t size);

bool record_lex_plain(unsigned char c);          /* needs no quotes */
void record_lex_put(FILE *out, unsigned char c); /* inside quotes */
void record_lex_text(FILE *out, const char *name, const void *bytes,
		     size_t len); /* " name=value" */

static inline uint32_t record_lex_dev(unsigned int major, unsigned int minor)
{
	return major << 20 | (minor & 0xfffff);
}

#endif
