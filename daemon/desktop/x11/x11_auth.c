/* SPDX-License-Identifier: Apache-2.0 */
/* x11_auth.c - the cookies with which an X server accepts a client. */
#include "x11_info_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/open_regular.h"

#define FILE_MAX     (256u << 10) /* bytes read of an environment or an authority file */
#define FAMILY_LOCAL 256
#define FAMILY_WILD  65535

static const char cookie_name[] = "MIT-MAGIC-COOKIE-1";

/* Reads a whole file and adds a NUL; NULL if there is none. @owner: required owner, -1 for any. */
static char *x11_auth_read_file(const char *path, long owner, size_t *len)
{
	AUTO_FD int fd = open_regular(path);
	AUTO_FREE char *text = malloc(FILE_MAX + 1);
	struct stat st;
	ssize_t n;

	if (fd < 0 || !text || fstat(fd, &st))
		return NULL;
	if (owner >= 0 && st.st_uid != (uid_t)owner)
		return NULL;
	*len = 0;
	while (*len < FILE_MAX && (n = read(fd, text + *len, FILE_MAX - *len)) > 0)
		*len += (size_t)n;
	text[*len] = '\0';
	return TAKE(text);
}

static char *read_proc(pid_t pid, const char *name, size_t *len)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return x11_auth_read_file(path, -1, len);
}

/* The rest of the next string in @text that begins with @prefix. NULL: none. */
static const char *string_with(const char *text, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	for (const char *s = text; s < text + len; s += strlen(s) + 1)
		if (strncmp(s, prefix, n) == 0)
			return s + n;
	return NULL;
}

/* The argument after @option in a command line. */
static const char *x11_auth_argument(const char *text, size_t len, const char *option)
{
	for (const char *s = text; s < text + len; s += strlen(s) + 1)
		if (strcmp(s, option) == 0)
			return s + strlen(s) + 1 < text + len ? s + strlen(s) + 1 : NULL;
	return NULL;
}

static long uid_of(pid_t pid)
{
	AUTO_FREE char *status = NULL;
	size_t len;
	const char *at;

	status = read_proc(pid, "status", &len);
	at = status ? strstr(status, "\nUid:") : NULL;
	return at ? strtol(at + 5, NULL, 10) : -1;
}

/* Reads one counted string; false if the file ends before it does. */
static bool counted(const unsigned char **at, const unsigned char *end, const unsigned char **bytes,
		    size_t *len)
{
	if (end - *at < 2)
		return false;
	*len = (size_t)((*at)[0] << 8 | (*at)[1]);
	*bytes = *at + 2;
	if ((size_t)(end - *bytes) < *len)
		return false;
	*at = *bytes + *len;
	return true;
}

static bool is(const unsigned char *bytes, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(bytes, text, len) == 0;
}

/*
 * The cookie for @display in an authority file: big-endian {family, address, number, name, data}.
 */
static bool find_cookie(const char *text, size_t size, const char *display, struct x11_cookie *out)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + size, *s[4];
	size_t len[4];

	while (end - at >= 2) {
		unsigned int family = (unsigned int)(at[0] << 8 | at[1]);

		at += 2;
		for (int i = 0; i < 4; i++)
			if (!counted(&at, end, &s[i], &len[i]))
				return false;
		if ((family != FAMILY_LOCAL && family != FAMILY_WILD) ||
		    (len[1] && !is(s[1], len[1], display)) || !is(s[2], len[2], cookie_name) ||
		    len[3] > sizeof(out->bytes))
			continue;
		memcpy(out->bytes, s[3], len[3]);
		out->len = len[3];
		return true;
	}
	return false;
}

/*
 * Reads @path in the root of the process. The cookie is sent to any process that listens at the
 * server's name. So the file must be the user's own: a user could name another user's file.
 */
static bool cookie_at(pid_t pid, const char *path, const char *display, struct x11_cookie *out)
{
	long uid = uid_of(pid);
	char inside[PATH_MAX];
	AUTO_FREE char *text = NULL;
	size_t len;

	if (uid < 0 || path[0] != '/' ||
	    (size_t)snprintf(inside, sizeof(inside), "/proc/%d/root%s", (int)pid, path) >=
		    sizeof(inside))
		return false;
	text = x11_auth_read_file(inside, uid ?: -1, &len);
	return text && find_cookie(text, len, display, out);
}

bool x11_cookie_of_client(pid_t client, const char *display, struct x11_cookie *out)
{
	char path[PATH_MAX];
	AUTO_FREE char *environment = NULL;
	const char *file, *home;
	size_t len;

	environment = read_proc(client, "environ", &len);
	if (!environment)
		return false;
	file = string_with(environment, len, "XAUTHORITY=");
	if (file && *file)
		return cookie_at(client, file, display, out);
	home = string_with(environment, len, "HOME=");
	if (!home || (size_t)snprintf(path, sizeof(path), "%s/.Xauthority", home) >= sizeof(path))
		return false;
	return cookie_at(client, path, display, out);
}

bool x11_cookie_of_server(pid_t server, const char *display, struct x11_cookie *out)
{
	AUTO_FREE char *line = NULL;
	const char *file;
	size_t len;

	line = read_proc(server, "cmdline", &len);
	file = line ? x11_auth_argument(line, len, "-auth") : NULL;
	return file && cookie_at(server, file, display, out);
}
