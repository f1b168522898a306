/* SPDX-License-Identifier: Apache-2.0 */
/* child.c - the command that `run` starts. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <piaudit/auto.h>

#include "daemon/system/signals.h"

static void __attribute__((noreturn)) held(char **argv, int gate, int answer)
{
	char go;
	int err;

	signals_forget();
	/* End of file without a byte: piaudit has died, so the command must not run unaudited. */
	if (read(gate, &go, 1) != 1)
		_exit(1);
	execvp(argv[0], argv);
	err = errno;
	_exit(write(answer, &err, sizeof(err)) == sizeof(err) ? 127 : 126);
}

static void pipe_close(int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

int child_hold(struct child *c, char **argv)
{
	int gate[2], answer[2], err;

	*c = CHILD_NONE;
	if (pipe2(gate, O_CLOEXEC))
		return -errno;
	if (pipe2(answer, O_CLOEXEC)) {
		err = -errno;
		pipe_close(gate);
		return err;
	}
	fflush(NULL);
	signals_hold();
	c->pid = fork();
	if (c->pid == 0) {
		close(gate[1]);
		close(answer[0]);
		held(argv, gate[0], answer[1]);
	}
	err = c->pid < 0 ? -errno : 0;
	signals_resume();
	close(gate[0]);
	close(answer[1]);
	c->gate = gate[1];
	c->answer = answer[0];
	if (err) {
		c->pid = 0;
		child_close(c);
	}
	return err;
}

int child_release(struct child *c)
{
	int why = 0;
	ssize_t len = write(c->gate, "", 1);

	close(c->gate);
	c->gate = -1;
	if (len != 1)
		return -ESRCH;
	/* exec closes the other end. So no bytes mean success. */
	do
		len = read(c->answer, &why, sizeof(why));
	while (len < 0 && errno == EINTR);
	close(c->answer);
	c->answer = -1;
	if (len != sizeof(why))
		return 0;
	while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
		;
	c->reaped = true;
	return -why;
}

bool child_ended(struct child *c)
{
	if (!c->pid || c->reaped)
		return true;
	c->reaped = waitpid(c->pid, &c->status, WNOHANG) == c->pid;
	if (!c->reaped)
		c->status = -1;
	return c->reaped;
}

void child_close(struct child *c)
{
	bool was_held = c->gate >= 0;

	if (c->gate >= 0)
		close(c->gate);
	if (c->answer >= 0)
		close(c->answer);
	while (was_held && c->pid && !c->reaped && waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*c = CHILD_NONE;
}

const char *child_find(const char *command, char *buf, size_t size)
{
	AUTO_FREE char *path = strdup(getenv("PATH") ?: "/usr/local/bin:/usr/bin:/bin");
	char *rest = path;

	if (strchr(command, '/')) {
		snprintf(buf, size, "%s", command);
		return buf;
	}
	for (char *dir; rest && (dir = strsep(&rest, ":"));) {
		int len = snprintf(buf, size, "%s%s%s", dir, *dir ? "/" : "./", command);

		if (len > 0 && (size_t)len < size && access(buf, X_OK) == 0)
			return buf;
	}
	buf[0] = 0;
	return buf;
}
