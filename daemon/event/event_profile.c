/* SPDX-License-Identifier: Apache-2.0 */
/* event_profile.c - removes personal data from an event before it leaves the machine. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/sha256.h"
#include "event_private.h"
#include "profile.h"

#define HASH_BYTES 16 /* of the hash are sent: enough to avoid collisions */
/* Of the hash of a number: it stays a number, as wide as a uid in a receiver's table. */
#define HASH_NUMBER 4

const char *const profile_word[PROFILE_MAX] = { "full", "pseudonymous", "minimal" };

enum treatment { KEEP, HASH, HOME, DROP };

static const enum treatment treatments[PROFILE_MAX][TELLS_UNKNOWN + 1] = {
	[PROFILE_PSEUDONYMOUS] = { [TELLS_USER] = HASH,
				   [TELLS_HOST] = HASH,
				   [TELLS_MACHINE] = HASH,
				   [TELLS_FILE] = HOME,
				   [TELLS_UNKNOWN] = DROP },
	[PROFILE_MINIMAL] = { [TELLS_USER] = DROP,
			      [TELLS_HOST] = DROP,
			      [TELLS_MACHINE] = HASH,
			      [TELLS_PROCESS] = DROP,
			      [TELLS_FILE] = DROP,
			      [TELLS_UNKNOWN] = DROP },
};

/*
 * Folders where the next name is a user's name or identifies a user. For a home, the folder is
 * replaced, too.
 */
static const struct {
	const char *before;
	bool home;
} owned[] = {
	{ "/home/", true },
	{ "/run/user/", false },
	{ "/media/", false },
	{ "/tmp/user/", false },
	{ "/var/mail/", false },
	{ "/var/spool/mail/", false },
	{ "/var/spool/cron/crontabs/", false },
	{ "/var/lib/AccountsService/icons/", false },
	{ "/var/lib/AccountsService/users/", false },
	{ "/var/lib/fprint/", false },
	{ "/var/lib/sudo/lectured/", false },
	{ "/var/lib/systemd/linger/", false },
	{ "/run/systemd/users/", false },
	{ "/run/sudo/ts/", false },
	{ "/run/screen/S-", false },
};

static void hash(struct event *e, struct event_item *item, const unsigned char *key)
{
	unsigned char out[SHA256_BYTES];
	char text[2 * HASH_BYTES + 1];
	char number[24];
	const char *value = item->text;

	if (item->type == FIELD_NUMBER) {
		snprintf(number, sizeof(number), "%llu", (unsigned long long)item->number);
		value = number;
	}
	if (!value)
		return;
	sha256_hmac(key, PROFILE_KEY, value, strlen(value), out);
	if (item->type == FIELD_NUMBER) {
		for (size_t i = item->number = 0; i < HASH_NUMBER; i++)
			item->number = item->number << 8 | out[i];
		return;
	}
	for (size_t i = 0; i < HASH_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", out[i]);
	item->type = FIELD_TEXT;
	item->text = event_keep(e, text, strlen(text));
}

/*
 * Replaces a user's name at the start of @at. Returns the number of bytes replaced, 0 if there is
 * no name.
 */
static size_t put_owned(FILE *out, const char *at)
{
	if (!strncmp(at, "/root", 5) && (!at[5] || at[5] == '/')) {
		fputc('~', out);
		return 5;
	}
	for (size_t i = 0; i < ARRAY_SIZE(owned); i++) {
		size_t len = strlen(owned[i].before);

		if (strncmp(at, owned[i].before, len) || !at[len])
			continue;
		fprintf(out, "%s~", owned[i].home ? "" : owned[i].before);
		return len + strcspn(at + len, "/");
	}
	return 0;
}

static void home(struct event *e, struct event_item *item, const unsigned char *key)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	FILE *out;

	(void)key;
	if (!item->text)
		return;
	out = open_memstream(&text, &len);
	if (!out) {
		e->error = e->error ?: -ENOMEM;
		return;
	}
	for (const char *at = item->text; *at;) {
		size_t n = put_owned(out, at);

		if (!n)
			fputc(*at, out);
		at += n ?: 1;
	}
	if (fclose(out))
		e->error = e->error ?: -ENOMEM;
	else
		item->text = event_keep(e, text, len);
}

static void profile_drop(struct event *e, struct event_item *item, const unsigned char *key)
{
	(void)key;
	event_remove(e, item);
}

static void (*const treat[])(struct event *, struct event_item *, const unsigned char *) = {
	[HASH] = hash,
	[HOME] = home,
	[DROP] = profile_drop,
};

int event_profile(struct event *e, enum profile profile, const unsigned char *key)
{
	for (size_t i = e->count; i-- > 0;) {
		enum treatment t = treatments[profile][field_tells(e->items[i].name)];

		if (treat[t])
			treat[t](e, &e->items[i], key);
	}
	return e->error;
}
