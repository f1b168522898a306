/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_message.h - a message of D-Bus: its length and the fields of its header. */
/* Room daemon/desktop/dbus: D-Bus: messages, match rules, owners of names. */
#ifndef PIAUDIT_DBUS_MESSAGE_H
#define PIAUDIT_DBUS_MESSAGE_H

#include "daemon/desktop/decoder.h"

#define DBUS_HEAD 16 /* bytes of the fixed part of every message */

/* The second byte of a message. */
enum { DBUS_CALL = 1, DBUS_ANSWER, DBUS_ERROR, DBUS_SIGNAL };

/*
 * The length of the message that begins with these DBUS_HEAD bytes; 0: they do not begin a message.
 */
size_t dbus_length(const unsigned char *head);
/* True if a message may begin here, in a stream that was joined late. @len >= DBUS_HEAD. */
bool dbus_plausible(const unsigned char *bytes, size_t len);

/* A position in the bytes of a message. */
struct dbus_cursor {
	const unsigned char *bytes; /* first byte of the message; alignment counts from here */
	size_t at, end;
	bool big; /* endian */
	bool bad; /* bytes are missing or invalid; all later values are meaningless */
};

/* The fields of a header: "" or 0 if absent. Texts are borrowed from the message. */
struct dbus_fields {
	const char *path, *interface, *member, *destination, *sender, *signature;
	uint32_t answers;        /* serial of the call that this message answers */
	struct dbus_cursor body; /* at the first argument; ends with the captured bytes */
};
int dbus_fields_read(struct dbus_fields *out, const unsigned char *bytes,
		     /*
		      * -ENODATA: bytes are missing, or a field has a type that no library writes.
		      */
		     size_t kept);

/* @width: 1, 2, 4 or 8 bytes; returns the low 32 bits */
uint32_t dbus_number(struct dbus_cursor *c, size_t width);
/* @width: bytes of the length; "" if bad */
const char *dbus_text(struct dbus_cursor *c, size_t width);

/* The conditions of a match rule: "" if the rule does not have it. */
#define DBUS_RULE_MAX 1024 /* bytes; the limit of a bus */
struct dbus_rule {
	const char *type, *sender, *interface, *member, *path, *arg0, *eavesdrop;
	unsigned int keys;        /* number of keys other than type */
	char text[DBUS_RULE_MAX]; /* the bytes that the pointers refer to */
};
int dbus_rule_read(struct dbus_rule *rule, const char *text); /* -EINVAL */

#endif
