/* SPDX-License-Identifier: Apache-2.0 */
/* control_client.c - sends requests to the daemon over its control socket. */
#include "control_client.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <piaudit/auto.h>

#include "control.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"
#include "daemon/util/output_file.h"

/*
 * Seconds for a reply: a reload reads every statement while the daemon also judges records.
 */
#define PATIENCE 60

/*
 * Prints the group that may connect: that of the socket, or of its folder if the folder cannot be
 * searched.
 */
static int say_privilege(const char *path)
{
	char folder[PATH_MAX];
	const struct group *group;
	struct stat st;
	bool known;

	snprintf(folder, sizeof(folder), "%s", path);
	known = !stat(path, &st) || !stat(dirname(folder), &st);
	group = known && st.st_mode & 070 ? getgrgid(st.st_gid) : NULL;
	if (group && st.st_gid)
		log_err(0,
			"control socket %s: permission denied; run piaudit as root, or as a member of "
			"group %s",
			path, group->gr_name);
	else
		log_err(0, "control socket %s: permission denied; run piaudit as root", path);
	return EXIT_PRIVILEGE;
}

static int say_failure(const char *path, int err)
{
	if (err == -EACCES || err == -EPERM)
		return say_privilege(path);
	if (err == -ENOENT || err == -ECONNREFUSED || err == -ENOTDIR) {
		log_err(0,
			"control socket %s: the daemon is not running; start it with systemctl start "
			"piaudit, or with piaudit daemon",
			path);
		return EXIT_NO_DAEMON;
	}
	if (err == -EAGAIN)
		log_err(0, "control socket %s: the daemon did not reply within %d seconds", path,
			PATIENCE);
	else if (err == -ECONNRESET)
		log_err(0,
			"control socket %s: the daemon closed the connection before its reply was "
			"complete",
			path);
	else if (err == -EPROTO)
		log_err(0, "control socket %s: the peer is not a piaudit daemon", path);
	else
		log_err(err, "control socket %s", path);
	return EXIT_INTERNAL;
}

/* *@out is the connection, for reading. The caller closes it. */
static int client_dial(FILE **out, const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = PATIENCE };
	int fd, err;

	if (strlen(path) >= sizeof(at.sun_path))
		return -ENAMETOOLONG;
	memcpy(at.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) &&
	    !connect(fd, (struct sockaddr *)&at, sizeof(at)) && (*out = fdopen(fd, "r")))
		return 0;
	err = -errno;
	close(fd);
	return err;
}

/* Parses the first line, CODE LENGTH TEXT, without its end. */
static int parse_head(char *line, int *code, size_t *length, const char **text)
{
	char *end;
	unsigned long n = strtoul(line, &end, 10);

	if (end == line || *end != ' ' || n > UINT8_MAX)
		return -EPROTO;
	*code = (int)n;
	line = end + 1;
	*length = strtoul(line, &end, 10);
	if (end == line || *end != ' ' || *length > SSIZE_MAX)
		return -EPROTO;
	*text = end + 1;
	return 0;
}

/* @in: the connection. Checks the announced length. */
static int client_receive(FILE *in, int *code, char head[2 * CONTROL_TEXT_MAX], const char **text,
			  FILE *body)
{
	char buf[4096];
	size_t length, n;
	int err;

	errno = 0;
	if (!fgets(head, 2 * CONTROL_TEXT_MAX, in))
		return errno ? -errno : -ECONNRESET;
	if (!strchr(head, '\n'))
		return -EPROTO;
	head[strcspn(head, "\n")] = 0;
	err = parse_head(head, code, &length, text);
	for (; !err && length; length -= n) {
		n = fread(buf, 1, length < sizeof(buf) ? length : sizeof(buf), in);
		if (!n)
			return errno ? -errno : -ECONNRESET;
		if (fwrite(buf, 1, n, body) != n)
			return -ENOMEM;
	}
	return err;
}

static int send_request(int fd, enum format format, const char *request)
{
	char line[CONTROL_REQUEST_MAX];
	int n = snprintf(line, sizeof(line), "%s %s\n", format_word[format], request);

	if (n >= (int)sizeof(line))
		return -E2BIG;
	/* EPIPE: the daemon has already refused, and its reply can be read. */
	if (send(fd, line, (size_t)n, MSG_NOSIGNAL) < 0 && errno != EPIPE)
		return -errno;
	return 0;
}

int control_fetch(const struct control_query *query, const char *request, char **body,
		  size_t *length)
{
	const char *path = query->path ?: CONTROL_PATH, *text = "";
	char head[2 * CONTROL_TEXT_MAX];
	AUTO_FILE FILE *in = NULL, *out = NULL;
	int code = 0, err;

	err = client_dial(&in, path);
	err = err ?: send_request(fileno(in), query->format, request);
	if (err)
		return say_failure(path, err);
	out = open_memstream(body, length);
	if (!out)
		return say_failure(path, -ENOMEM);
	err = client_receive(in, &code, head, &text, out);
	if (fclose(TAKE(out)))
		err = err ?: -ENOMEM;
	if (err)
		return say_failure(path, err);
	/* The daemon does not name the group that may connect, so the client does. */
	if (code == EXIT_PRIVILEGE)
		return say_privilege(path);
	if (code)
		log_err(0, "daemon: %s", text);
	return code;
}

int control_ask(const struct control_query *query, const char *request)
{
	AUTO_FREE char *body = NULL;
	struct output_file output;
	size_t length = 0;
	int code, err;

	code = control_fetch(query, request, &body, &length);
	if (code)
		return code;
	err = output_file_start(&output, query->output);
	if (err)
		return EXIT_INTERNAL;
	fwrite(body, 1, length, output.file);
	return output_file_close(&output, false) ? EXIT_INTERNAL : EXIT_CLEAN;
}
