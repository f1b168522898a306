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

#define FILE_MAX     (256u << 10) /* bytes read of an authority file */
#define FAMILY_LOCAL 256
#define FAMILY_WILD  65535

static const char cookie_name[] = "MIT-MAGIC-COOKIE-1";

/* Reads the whole file of the user @owner; root reads any. Adds a NUL. Takes @file. NULL: none. */
static char *read_own(int file, uid_t owner, size_t *len)
{
	AUTO_FD int fd = file;
	AUTO_FREE char *text = malloc(FILE_MAX + 1);
	struct stat st;
	ssize_t n;

	if (fd < 0 || !text || fstat(fd, &st))
		return NULL;
	if (owner && st.st_uid != owner)
		return NULL;
	*len = 0;
	while (*len < FILE_MAX && (n = read(fd, text + *len, FILE_MAX - *len)) > 0)
		*len += (size_t)n;
	text[*len] = '\0';
	return TAKE(text);
}

/* The argument after @option in a command line. */
static const char *x11_auth_argument(const char *text, size_t len, const char *option)
{
	for (const char *s = text; s < text + len; s += strlen(s) + 1)
		if (strcmp(s, option) == 0)
			return s + strlen(s) + 1 < text + len ? s + strlen(s) + 1 : NULL;
	return NULL;
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
static bool cookie_at(const struct process_id *who, const char *path, const char *display,
		      struct x11_cookie *out)
{
	AUTO_FREE char *text = NULL;
	uint32_t uid;
	size_t len;

	if (question_number(who, QUESTION_UID, &uid))
		return false;
	text = read_own(question_fd(who, QUESTION_FILE, path), uid, &len);
	return text && find_cookie(text, len, display, out);
}

bool x11_cookie_of_client(const struct process_id *client, const char *display,
			  struct x11_cookie *out)
{
	char file[ANSWER_MAX], path[PATH_MAX];

	if (question_text(client, QUESTION_VARIABLE, "XAUTHORITY", file, sizeof(file)) > 0)
		return cookie_at(client, file, display, out);
	if (question_text(client, QUESTION_VARIABLE, "HOME", file, sizeof(file)) < 0 ||
	    (size_t)snprintf(path, sizeof(path), "%s/.Xauthority", file) >= sizeof(path))
		return false;
	return cookie_at(client, path, display, out);
}

bool x11_cookie_of_server(const struct process_id *server, const char *display,
			  struct x11_cookie *out)
{
	char line[ANSWER_MAX];
	int len = question_text(server, QUESTION_CMDLINE, "", line, sizeof(line));
	const char *file = len > 0 ? x11_auth_argument(line, (size_t)len, "-auth") : NULL;

	return file && cookie_at(server, file, display, out);
}
