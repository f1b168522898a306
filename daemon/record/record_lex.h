/* SPDX-License-Identifier: Apache-2.0 */
/* record_lex.h - the words of a recorded line: `word`, `name=value`, `name="quoted value"`. */
#ifndef PIAUDIT_RECORD_LEX_H
#define PIAUDIT_RECORD_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RECORD_SHOWN_MAX 40 /* bytes of a word in a reason */

/* All pointers are borrowed from the line. */
struct record_word {
	const char *name;
	size_t name_len;
	const char *value; /* without the quotes, with escapes; NULL for a bare word */
	size_t value_len;
	bool quoted; /* escapes are valid only inside quotes */
};

/* Stores a reason in @why, in a static buffer that the next reason overwrites. Returns -EINVAL. */
int record_lex_refuse(const char **why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Like record_lex_refuse, with the word in the reason: `invalid tgid "x": use @use`. */
int record_lex_invalid(const char **why, const struct record_word *word, const char *use);

/*
 * Reads the next word at *@at and advances *@at. 1; 0 at the end or at a comment; -EINVAL with @why
 * (static).
 */
int record_lex_next(const char **at, struct record_word *word, const char **why);

/* The length of a word or value for a reason: the rest of a long one is not shown. */
static inline int record_lex_shown(size_t len)
{
	return len < RECORD_SHOWN_MAX ? (int)len : RECORD_SHOWN_MAX;
}

bool record_word_is(const struct record_word *word, const char *name);

/*
 * -EINVAL if the value is not a number in [@min, @max]. A negative number is stored as two's
 * complement.
 */
int record_word_number(const struct record_word *word, int64_t min, uint64_t max, uint64_t *out);

/*
 * Reads MAJOR:MINOR into the kernel's encoding, major << 20 | minor; -EINVAL. A bare word is
 * accepted too.
 */
int record_word_device(const struct record_word *word, uint32_t *dev);

/* Reads the byte at *@at and advances *@at: 0 to 255; -EINVAL for an unknown escape. */
int record_word_byte(const struct record_word *word, const char **at);

/*
 * Copies the value's bytes and a NUL. Returns their number without the NUL; -EINVAL if they do not
 * fit.
 */
int record_word_text(const struct record_word *word, char *buf, size_t size);

bool record_lex_plain(unsigned char c);          /* needs no quotes */
void record_lex_put(FILE *out, unsigned char c); /* inside quotes */
/* Writes " name=value". */
void record_lex_text(FILE *out, const char *name, const void *bytes, size_t len);

static inline uint32_t record_lex_dev(unsigned int major, unsigned int minor)
{
	return major << 20 | (minor & 0xfffff);
}

#endif
