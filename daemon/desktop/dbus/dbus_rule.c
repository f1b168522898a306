/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_rule.c - match rules of D-Bus: "type='signal',sender='org.example',arg0='x'". */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <piaudit/auto.h>

#include "dbus_message.h"

#define AT(member) offsetof(struct dbus_rule, member)

static const struct {
	const char *key;
	size_t at;
} keys[] = {
	{ "type", AT(type) },     { "sender", AT(sender) },
	{ "member", AT(member) }, { "interface", AT(interface) },
	{ "path", AT(path) },     { "path_namespace", AT(path) },
	{ "arg0", AT(arg0) },     { "arg0namespace", AT(arg0) },
	{ "arg0path", AT(arg0) }, { "eavesdrop", AT(eavesdrop) },
};

/*
 * Copies the value at *@at to @out. Inside '...' no character is special; outside, \' is a quote.
 */
static char *dbus_rule_value(const char **at, char *out)
{
	const char *in = *at;
	bool quoted = false;

	for (; *in && (quoted || *in != ','); in++) {
		if (*in == '\'')
			quoted = !quoted;
		else if (!quoted && in[0] == '\\' && in[1] == '\'')
			*out++ = *++in;
		else
			*out++ = *in;
	}
	*out++ = '\0';
	*at = *in ? in + 1 : in;
	return quoted ? NULL : out;
}

static void dbus_rule_keep(struct dbus_rule *rule, const char *key, size_t len, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].key) == len && memcmp(keys[i].key, key, len) == 0)
			*(const char **)(void *)((char *)rule + keys[i].at) = text;
	rule->keys += len != 4 || memcmp(key, "type", 4) != 0;
}

int dbus_rule_read(struct dbus_rule *rule, const char *text)
{
	char *free_ = rule->text;

	rule->keys = 0;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		*(const char **)(void *)((char *)rule + keys[i].at) = "";
	/* All values fit: each adds one byte for its NUL, and its "k=" has at least two. */
	if (strlen(text) >= sizeof(rule->text))
		return -EINVAL;
	while (*text) {
		size_t blank = strspn(text, " \t\n\r");
		const char *key = text + blank, *equals = strchr(key, '=');
		char *kept = free_;

		if (!*key)
			return 0;
		if (!equals)
			return -EINVAL;
		text = equals + 1;
		free_ = dbus_rule_value(&text, free_);
		if (!free_)
			return -EINVAL;
		dbus_rule_keep(rule, key, (size_t)(equals - key), kept);
	}
	return 0;
}
