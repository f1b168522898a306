/* SPDX-License-Identifier: Apache-2.0 */
/* event_id.c - the id of an event, and the ids of the machine that sends it. */
#include "event_id.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "daemon/util/sha256.h"

/*
 * One process sends one series of events, so this is one object for each process. All zero: no
 * machine.
 */
static struct {
	uint64_t seq;
	unsigned char start[16]; /* random, since each start numbers from 1 again */
	char host[HOST_NAME_MAX + 1], machine[SHA256_TEXT_MAX], boot[EVENT_ID_MAX];
} teller;

static void event_id_first_line(const char *path, char *out, int size)
{
	AUTO_FILE FILE *f = fopen(path, "re");

	if (!f || !fgets(out, size, f))
		out[0] = 0;
	out[strcspn(out, "\n")] = 0;
}

void event_id_here(void)
{
	unsigned char hash[SHA256_BYTES];
	char id[64];

	if (getrandom(teller.start, sizeof(teller.start), GRND_NONBLOCK) < 0)
		log_warn("ids of events: %s", strerror(errno));
	if (gethostname(teller.host, sizeof(teller.host) - 1))
		teller.host[0] = 0;
	event_id_first_line("/proc/sys/kernel/random/boot_id", teller.boot, sizeof(teller.boot));
	event_id_first_line("/etc/machine-id", id, sizeof(id));
	if (!*id)
		return;
	/* machine-id(5) asks to keep the id on the machine and to send only a keyed hash of it. */
	sha256_hmac(id, strlen(id), "piaudit", strlen("piaudit"), hash);
	for (size_t i = 0; i < 16; i++)
		snprintf(teller.machine + 2 * i, 3, "%02x", hash[i]);
}

static const char *event_id_known(const char *text)
{
	return *text ? text : NULL;
}

/* RFC 9562: milliseconds, then the bytes that make the id unique. */
static void put_id(char out[EVENT_ID_MAX], uint64_t time, const unsigned char hash[SHA256_BYTES])
{
	uint64_t ms = time / 1000000;
	unsigned char b[16] = { 0 };

	for (size_t i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	memcpy(b + 6, hash, 10);
	b[6] = 0x70 | (b[6] & 0x0f);
	b[8] = 0x80 | (b[8] & 0x3f);
	snprintf(out, EVENT_ID_MAX,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		 b[15]);
}

void event_id_next(struct event_id *out, uint64_t time)
{
	unsigned char hash[SHA256_BYTES];
	uint64_t key[2] = { time, ++teller.seq };

	sha256_hmac(teller.start, sizeof(teller.start), key, sizeof(key), hash);
	*out = (struct event_id){ .seq = teller.seq,
				  .host = event_id_known(teller.host),
				  .machine = event_id_known(teller.machine),
				  .boot = event_id_known(teller.boot) };
	put_id(out->id, time, hash);
}

void event_id_part(const char *whole, size_t i, uint64_t time, char out[EVENT_ID_MAX])
{
	unsigned char hash[SHA256_BYTES];
	uint64_t part = i;

	sha256_hmac(whole, strlen(whole), &part, sizeof(part), hash);
	put_id(out, time, hash);
}
