/* SPDX-License-Identifier: Apache-2.0 */
/* genl_families.c - asks the kernel for the numbers of generic netlink families. Owner:
 * session.c. */
#include "genl_families.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "policy/family.h"

#define NEWS_GROUP   GENL_ID_CTRL /* nlctrl's "notify": the only group with a fixed number */
#define ANSWER_BYTES 32768 /* maximum of one datagram: the kernel makes none longer for a dump */
#define ANSWER_S     2     /* timeout; the kernel answers at once */

struct genl_families {
	int fd;
	families_fn fn;
	void *context;
	uint32_t ids[PIA_FAMILY_MAX]; /* 0 = does not exist */
	_Alignas(struct nlmsghdr) char answer[ANSWER_BYTES];
};

static void genl_tell(struct genl_families *f, enum pia_family family, uint32_t id)
{
	uint32_t before = f->ids[family];

	f->ids[family] = id;
	if (before == id)
		return;
	if (before)
		f->fn(f->context, before, PIA_FAMILY_MAX);
	if (!id)
		return;
	log_info("netlink family %s: number 0x%x", family_word[family], id);
	f->fn(f->context, id, family);
}

/*
 * Name and number of the family in a message of nlctrl; NULL and 0 if the message does not have
 * them.
 */
static const char *read_attributes(const char *at, size_t len, uint32_t *id)
{
	const char *name = NULL;

	*id = 0;
	while (len >= NLA_HDRLEN) {
		const char *value = at + NLA_HDRLEN;
		struct nlattr a;
		size_t step;

		memcpy(&a, at, sizeof(a));
		if (a.nla_len < NLA_HDRLEN || a.nla_len > len)
			break;
		step = a.nla_len - NLA_HDRLEN;
		if (a.nla_type == CTRL_ATTR_FAMILY_ID && step >= sizeof(uint16_t))
			*id = *(const uint16_t *)(const void *)value;
		if (a.nla_type == CTRL_ATTR_FAMILY_NAME && memchr(value, '\0', step))
			name = value;
		step = NLA_ALIGN(a.nla_len);
		if (step > len)
			break;
		at += step;
		len -= step;
	}
	return name;
}

static void genl_read_message(struct genl_families *f, const struct nlmsghdr *h)
{
	const struct genlmsghdr *g = NLMSG_DATA(h);
	const char *name;
	uint32_t id;

	if (h->nlmsg_type != GENL_ID_CTRL || h->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN) ||
	    (g->cmd != CTRL_CMD_NEWFAMILY && g->cmd != CTRL_CMD_DELFAMILY))
		return;
	name = read_attributes((const char *)g + GENL_HDRLEN,
			       h->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN), &id);
	for (unsigned int i = 0; name && id && i < PIA_FAMILY_MAX; i++)
		if (strcmp(name, family_word[i]) == 0)
			genl_tell(f, i, g->cmd == CTRL_CMD_NEWFAMILY ? id : 0);
}

/* Reads the messages of one datagram. True: it contains the end of the dump. */
static bool read_datagram(struct genl_families *f, size_t len)
{
	size_t at = 0;

	while (at < len && len - at >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *h = (const void *)(f->answer + at);

		if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR)
			return true;
		if (h->nlmsg_len < sizeof(*h) || h->nlmsg_len > len - at)
			break;
		genl_read_message(f, h);
		at += NLMSG_ALIGN(h->nlmsg_len);
	}
	return false;
}

/* Asks for all families: asking for one by name would make the kernel load its module. */
static int genl_ask(const struct genl_families *f)
{
	struct {
		struct nlmsghdr head;
		struct genlmsghdr command;
	} request = {
		.head = { .nlmsg_len = sizeof(request),
			  .nlmsg_type = GENL_ID_CTRL,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.command = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
	};

	return send(f->fd, &request, sizeof(request), 0) < 0 ? -errno : 0;
}

/* Receives one datagram of the kernel. 1 if it ends the dump, 0, or -errno. */
static int genl_receive(struct genl_families *f, int flags)
{
	struct sockaddr_nl from = { 0 };
	socklen_t size = sizeof(from);
	ssize_t n;

	n = recvfrom(f->fd, f->answer, sizeof(f->answer), flags, (struct sockaddr *)&from, &size);
	if (n < 0)
		return -errno;
	return from.nl_pid == 0 && read_datagram(f, n);
}

static int start(struct genl_families *f)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK }, news = kernel;
	struct timeval limit = { .tv_sec = ANSWER_S };
	int err;

	news.nl_groups = 1u << (NEWS_GROUP - 1);
	f->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (f->fd < 0 || bind(f->fd, (struct sockaddr *)&news, sizeof(news)) ||
	    connect(f->fd, (struct sockaddr *)&kernel, sizeof(kernel)) ||
	    setsockopt(f->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		return -errno;
	err = genl_ask(f);
	while (!err)
		err = genl_receive(f, 0);
	return err < 0 ? err : 0;
}

int genl_families_open(struct genl_families **out, families_fn fn, void *context)
{
	AUTO(genl_families_close) struct genl_families *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return -ENOMEM;
	f->fd = -1;
	f->fn = fn;
	f->context = context;
	err = start(f);
	if (err)
		return err;
	*out = TAKE(f);
	return 0;
}

void genl_families_close(struct genl_families **families)
{
	if (!*families)
		return;
	if ((*families)->fd >= 0)
		close((*families)->fd);
	free(*families);
	*families = NULL;
}

void genl_families_refresh(struct genl_families *f)
{
	int got, err;

	if (!f)
		return;
	while ((got = genl_receive(f, MSG_DONTWAIT)) >= 0)
		;
	/* The kernel dropped notifications. The next calls receive the current list. */
	err = got == -ENOBUFS ? genl_ask(f) : 0;
	if (err)
		log_warn("netlink families: the list cannot be read again, so requests to a family "
			 "that was just registered are not seen: %s",
			 strerror(-err));
}
