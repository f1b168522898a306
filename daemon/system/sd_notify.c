/* SPDX-License-Identifier: Apache-2.0 */
/* sd_notify.c - sends datagrams to systemd, as in sd_notify(3). A library for this depends on
 * nine more libraries. */
#include "sd_notify.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"
#include "daemon/util/escape.h"

#define STATUS_MAX 512 /* bytes of the status line */

static int sd_notify_tell(const char *text, int flags)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = name ? strlen(name) : 0;
	AUTO_FD int fd = -1;

	if (!len)
		return 0;
	if (*name != '/' && *name != '@')
		return -EAFNOSUPPORT;
	if (len >= sizeof(to.sun_path))
		return -ENAMETOOLONG;
	memcpy(to.sun_path, name, len);
	if (*name == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* An abstract name has no terminator, only its length. */
	if (fd < 0 || sendto(fd, text, strlen(text), flags | MSG_NOSIGNAL, (struct sockaddr *)&to,
			     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
		return -errno;
	return 0;
}

int sd_notify_ready(void)
{
	return sd_notify_tell("READY=1", 0);
}

int sd_notify_reloading(void)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%llu",
		 (unsigned long long)clock_ns(CLOCK_MONOTONIC) / 1000);
	return sd_notify_tell(text, 0);
}

int sd_notify_stopping(void)
{
	return sd_notify_tell("STOPPING=1", 0);
}

int sd_notify_status(const char *format, ...)
{
	static char told[STATUS_MAX];
	char line[STATUS_MAX], text[2 * STATUS_MAX] = "STATUS=";
	size_t head = strlen(text);
	va_list args;
	int err;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	/* Each message wakes the manager, so an unchanged line is not sent. */
	if (!strcmp(line, told))
		return 0;
	/* A newline in a name, which others can choose, would start another message to systemd. */
	escape_text(text + head, sizeof(text) - head, line);
	err = sd_notify_tell(text, MSG_DONTWAIT);
	if (!err)
		memcpy(told, line, sizeof(told));
	return err;
}

/* In ns; 0: no watchdog waits for this process. */
static uint64_t period(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (!usec || (pid && strtoul(pid, NULL, 10) != (unsigned long)getpid()))
		return 0;
	return strtoull(usec, NULL, 10) * 1000;
}

void sd_notify_watchdog(uint64_t now_ns)
{
	static uint64_t told;
	uint64_t each = period();

	if (!each || (told && now_ns - told < each / 2))
		return;
	if (!sd_notify_tell("WATCHDOG=1", MSG_DONTWAIT))
		told = now_ns;
}
