/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.h - SHA-256 (FIPS 180-4): identifies the statement, and its parsed form, that a verdict
 * is based on. */
#ifndef PIAUDIT_SHA256_H
#define PIAUDIT_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES    32
#define SHA256_TEXT_MAX 65 /* 64 hex digits and the NUL */

struct sha256 {
	uint32_t state[8];
	uint64_t length; /* number of bytes added */
	unsigned char block[64];
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t len);
void sha256_bytes(struct sha256 *s, unsigned char out[SHA256_BYTES]); /* ends the hash */
void sha256_text(struct sha256 *s, char out[SHA256_TEXT_MAX]);        /* ends the hash */

/*
 * HMAC (RFC 2104): without the @key nobody can find the input, even if only few inputs are
 * possible.
 */
void sha256_hmac(const void *key, size_t key_len, const void *bytes, size_t len,
		 unsigned char out[SHA256_BYTES]);

/* The hash of the file's current content. On -errno *out is "". */
int sha256_file(const char *path, char out[SHA256_TEXT_MAX]);

#endif
