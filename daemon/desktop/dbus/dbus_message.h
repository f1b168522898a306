/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_message.h - a message of D-Bus: how long it is, and what it asks. */
/* Room daemon/desktop/dbus: D-Bus: messages, match rules, owners of names. */
#ifndef PIAUDIT_DBUS_MESSAGE_H
#define PIAUDIT_DBUS_MESSAGE_H

#include "daemon/desktop/decoder.h"

#define DBUS_HEAD 16 /* bytes that every message begins with */

/* The second byte of a message. */
enum { DBUS_CALL = 1, DBUS_ANSWER, DBUS_ERROR, DBUS_SIGNAL };

/* Of the message that begins with these DBUS_HEAD bytes: how long it is, or 0 where none begins so. */
size_t dbus_length(const unsigned char *head);
/* Whether a message may well begin here, where it is not known that one does. @len >= DBUS_HEAD. */
bool dbus_plausible(const unsigned char *bytes, size_t len);

/* Bytes of a message, read in their order. */
struct dbus_cursor {
	const unsigned char *bytes; /* places are counted from here, and aligned so */
	size_t at, end;
	bool big; /* endian */
	bool bad; /* what was asked for is not here; all that follows is nonsense */
};

/* What the header says: "" and 0 where it does not. Texts are borrowed from the message. */
struct dbus_fields {
	const char *path, *interface, *member, *destination, *sender, *signature;
	uint32_t answers;        /* serial of the call that it answers */
	struct dbus_cursor body; /* at its first argument; as much of it as is here */
};
int dbus_fields_read(struct dbus_fields *out, const unsigned char *bytes,
		     size_t kept); /* -ENODATA: not all here, or of a kind that no library writes */

uint32_t dbus_number(struct dbus_cursor *c, size_t width); /* 1, 2, 4 or 8 bytes: the low 32 bits */
const char *dbus_text(struct dbus_cursor *c, size_t width); /* width of its length; "" if bad */

/* What a match rule wants: "" where it does not care. */
#define DBUS_RULE_MAX 1024 /* bytes; a bus takes no longer one */
struct dbus_rule {
	const char *type, *sender, *interface, *member, *path, *arg0, *eavesdrop;
	unsigned int keys;        /* other than type */
	char text[DBUS_RULE_MAX]; /* what they point to */
};
int dbus_rule_read(struct dbus_rule *rule, const char *text); /* -EINVAL */

#endif
