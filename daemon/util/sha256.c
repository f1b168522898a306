/* SPDX-License-Identifier: Apache-2.0 */
/* sha256.c - SHA-256 in one page, so that a root daemon needs no library of ciphers. */
#include "sha256.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

static const uint32_t rounds[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t turn(uint32_t x, unsigned int by)
{
	return x >> by | x << (32 - by);
}

static void sha256_mix(uint32_t state[8], const unsigned char block[64])
{
	uint32_t w[64], v[8];

	for (size_t i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		       (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
		       (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
	memcpy(v, state, sizeof(v));
	for (size_t i = 0; i < 64; i++) {
		uint32_t t1 = v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) +
			      ((v[4] & v[5]) ^ (~v[4] & v[6])) + rounds[i] + w[i];
		uint32_t t2 = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) +
			      ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (size_t i = 0; i < 8; i++)
		state[i] += v[i];
}

void sha256_begin(struct sha256 *s)
{
	*s = (struct sha256){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
					 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

void sha256_add(struct sha256 *s, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	while (len) {
		size_t used = s->length % sizeof(s->block);
		size_t n = sizeof(s->block) - used < len ? sizeof(s->block) - used : len;

		memcpy(s->block + used, at, n);
		s->length += n;
		at += n;
		len -= n;
		if (used + n == sizeof(s->block))
			sha256_mix(s->state, s->block);
	}
}

void sha256_bytes(struct sha256 *s, unsigned char out[SHA256_BYTES])
{
	uint64_t bits = s->length * 8;
	unsigned char tail[8];

	sha256_add(s, "\x80", 1);
	while (s->length % sizeof(s->block) != sizeof(s->block) - sizeof(tail))
		sha256_add(s, "", 1);
	for (size_t i = 0; i < sizeof(tail); i++)
		tail[i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_add(s, tail, sizeof(tail));
	for (size_t i = 0; i < SHA256_BYTES; i++)
		out[i] = (unsigned char)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_text(struct sha256 *s, char out[SHA256_TEXT_MAX])
{
	unsigned char bytes[SHA256_BYTES];

	sha256_bytes(s, bytes);
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void sha256_hmac(const void *key, size_t key_len, const void *bytes, size_t len,
		 unsigned char out[SHA256_BYTES])
{
	unsigned char inner[64] = { 0 }, outer[64];
	struct sha256 s;

	sha256_begin(&s);
	if (key_len > sizeof(inner)) {
		sha256_add(&s, key, key_len);
		sha256_bytes(&s, inner);
		sha256_begin(&s);
	} else {
		memcpy(inner, key, key_len);
	}
	for (size_t i = 0; i < sizeof(inner); i++) {
		outer[i] = inner[i] ^ 0x5c;
		inner[i] ^= 0x36;
	}
	sha256_add(&s, inner, sizeof(inner));
	sha256_add(&s, bytes, len);
	sha256_bytes(&s, out);
	sha256_begin(&s);
	sha256_add(&s, outer, sizeof(outer));
	sha256_add(&s, out, SHA256_BYTES);
	sha256_bytes(&s, out);
}

int sha256_file(const char *path, char out[SHA256_TEXT_MAX])
{
	AUTO_FILE FILE *f = fopen(path, "re");
	unsigned char bytes[4096];
	struct sha256 s;
	size_t n;

	out[0] = 0;
	if (!f)
		return -errno;
	sha256_begin(&s);
	while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		sha256_add(&s, bytes, n);
	if (ferror(f))
		return -EIO;
	sha256_text(&s, out);
	return 0;
}
