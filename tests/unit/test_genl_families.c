/* SPDX-License-Identifier: Apache-2.0 */
/* test_genl_families.c - messages of nlctrl about families: whole, cut, and from this kernel. */
#include "daemon/host/genl_families.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* The calls of the listener as text: "+1c " = added, "-1c " = removed. */
struct told {
	char text[64];
	size_t len;
};

static void listen_to(void *context, uint32_t id, enum pia_family family)
{
	struct told *told = context;

	told->len += snprintf(told->text + told->len, sizeof(told->text) - told->len, "%c%x ",
			      family < PIA_FAMILY_MAX ? '+' : '-', id);
}

static size_t put_attribute(char *at, uint16_t type, const void *value, uint16_t len)
{
	struct nlattr a = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	memcpy(at, &a, sizeof(a));
	memcpy(at + NLA_HDRLEN, value, len);
	return NLA_ALIGN(a.nla_len);
}

/* Puts a message about a family at offset @at; returns the offset of its end. */
static int put_message(struct genl_families *f, int at, uint8_t command, const char *name,
		       uint16_t id)
{
	struct nlmsghdr *h = (void *)(f->answer + at);
	struct genlmsghdr *g = NLMSG_DATA(h);
	char *end = (char *)g + GENL_HDRLEN;

	*h = (struct nlmsghdr){ .nlmsg_type = GENL_ID_CTRL };
	*g = (struct genlmsghdr){ .cmd = command };
	end += put_attribute(end, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	end += put_attribute(end, CTRL_ATTR_FAMILY_ID, &id, sizeof(id));
	h->nlmsg_len = (uint32_t)(end - (char *)h);
	return at + (int)h->nlmsg_len;
}

static const struct {
	int line;
	uint8_t command;
	const char *name;
	uint16_t id;
	int cut; /* bytes that are missing at the end */
	const char *told;
} messages[] = {
	{ __LINE__, CTRL_CMD_NEWFAMILY, "nlctrl", 0x10, 0, "" },
	{ __LINE__, CTRL_CMD_NEWFAMILY, "nl8021", 0x1b, 0, "" },
	{ __LINE__, CTRL_CMD_DELFAMILY, "nl80211", 0x1c, 0, "" },
	{ __LINE__, CTRL_CMD_NEWFAMILY, "nl80211", 0x1c, 0, "+1c " },
	{ __LINE__, CTRL_CMD_NEWFAMILY, "nl80211", 0x1c, 0, "" },
	{ __LINE__, CTRL_CMD_NEWFAMILY, "nl80211", 0x2f, 0, "-1c +2f " },
	{ __LINE__, CTRL_CMD_NEWMCAST_GRP, "nl80211", 0x30, 0, "" },
	{ __LINE__, CTRL_CMD_DELFAMILY, "nl80211", 0x2f, 4, "" },
	{ __LINE__, CTRL_CMD_DELFAMILY, "nl80211", 0x2f, 0, "-2f " },
	{ __LINE__, CTRL_CMD_NEWFAMILY, "nl80211", 0, 0, "" },
};

static void changes_are_reported_once(void **state)
{
	struct told told = { .len = 0 };
	struct genl_families f = { .fd = -1, .fn = listen_to, .context = &told };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		int len = put_message(&f, 0, messages[i].command, messages[i].name, messages[i].id);
		struct nlmsghdr *h = (void *)f.answer;

		h->nlmsg_len -= messages[i].cut;
		told.len = 0;
		told.text[0] = '\0';
		assert_false(read_datagram(&f, len - messages[i].cut));
		if (strcmp(told.text, messages[i].told) != 0)
			fail_msg("row of line %d: told \"%s\"", messages[i].line, told.text);
	}
}

static void a_list_has_an_end(void **state)
{
	struct told told = { .len = 0 };
	struct genl_families f = { .fd = -1, .fn = listen_to, .context = &told };
	struct nlmsghdr done = { .nlmsg_len = NLMSG_LENGTH(4), .nlmsg_type = NLMSG_DONE };
	int len;

	(void)state;
	len = put_message(&f, 0, CTRL_CMD_NEWFAMILY, "tcp_metrics", 0x20);
	len = put_message(&f, len, CTRL_CMD_NEWFAMILY, "nl80211", 0x21);
	assert_false(read_datagram(&f, len));
	memcpy(f.answer + len, &done, sizeof(done));
	assert_true(read_datagram(&f, len + done.nlmsg_len));
	assert_string_equal(told.text, "+21 ");
	/* With any cut, nothing behind the end is read. */
	for (int cut = 0; cut < len; cut++)
		read_datagram(&f, cut);
	assert_string_equal(told.text, "+21 ");
}

static void the_kernel_answers(void **state)
{
	struct told told = { .len = 0 };
	struct genl_families *f = NULL;
	int err = genl_families_open(&f, listen_to, &told);

	(void)state;
	if (err) {
		print_message("no generic netlink here: %s\n", strerror(-err));
		skip();
	}
	genl_families_refresh(f);
	genl_families_refresh(NULL);
	genl_families_close(&f);
	assert_null(f);
	genl_families_close(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_reported_once),
		cmocka_unit_test(a_list_has_an_end),
		cmocka_unit_test(the_kernel_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
