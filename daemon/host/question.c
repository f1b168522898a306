/* SPDX-License-Identifier: Apache-2.0 */
/* question.c - answers questions about another process; the only reader of /proc/PID. */
#include "question.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/clock.h"
#include "daemon/util/open_regular.h"

/* Directories in /proc that stay open. Most questions are about the process of the question before. */
#define PINS            8
#define ENVIRONMENT_MAX (256u << 10) /* bytes read of an environment */

/*
 * The directory of a process in /proc. It never leads to a later process with the same pid: it is
 * empty once its process has ended. So the start time is compared only once.
 */
struct pin {
	struct process_id who; /* pid 0: a free place */
	int dir;
};

/* Belongs to the answering side. A question depends on none of it. */
static _Thread_local struct {
	struct pin list[PINS];
	unsigned int next; /* the place that is reused */
} pins;

static uint64_t tick_ns(void)
{
	return 1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK);
}

/* A pid is not reused within a tick: all other pids come first. */
static bool process_same(const struct process_id *a, const struct process_id *b)
{
	return a->pid == b->pid && a->start / tick_ns() == b->start / tick_ns();
}

/* A read that leaves room has read such a file to its end. Returns the length, or -errno. */
static ssize_t read_text(int process, const char *path, char *text, size_t size)
{
	AUTO_FD int fd = openat(process, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	text[n > 0 ? n : 0] = '\0';
	return n < 0 ? -errno : n;
}

static int read_start(int process, uint64_t *start)
{
	unsigned long long ticks;
	char text[512];
	const char *comm; /* its end: the name itself can contain any character */

	read_text(process, "stat", text, sizeof(text));
	comm = strrchr(text, ')');
	/* the twentieth field after the name */
	if (!comm || sscanf(comm,
			    ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			    "%*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
			    &ticks) != 1)
		return -ESRCH;
	*start = ticks * tick_ns();
	return 0;
}

static struct pin *pin_of(pid_t pid)
{
	for (size_t i = 0; i < PINS; i++)
		if (pins.list[i].who.pid == pid)
			return &pins.list[i];
	return NULL;
}

/* Pins the process that has @pid now. NULL: there is none. */
static const struct pin *pin_now(pid_t pid)
{
	struct process_id who = { .pid = pid };
	struct pin *pin = pin_of(pid);
	AUTO_FD int dir = -1;
	char path[32];

	if (pid <= 0)
		return NULL;
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || read_start(dir, &who.start))
		return NULL;
	pin = pin ?: &pins.list[pins.next++ % PINS];
	if (pin->who.pid)
		close(pin->dir);
	*pin = (struct pin){ who, dir };
	dir = -1;
	return pin;
}

static const struct pin *pin_find(const struct process_id *who)
{
	const struct pin *pin = who->pid > 0 ? pin_of(who->pid) : NULL;

	if (!pin || !process_same(&pin->who, who))
		pin = pin_now(who->pid);
	return pin && process_same(&pin->who, who) ? pin : NULL;
}

static bool question_late(const struct question *q)
{
	return clock_ns(CLOCK_MONOTONIC) >= q->until;
}

static int answer_set(struct answer *a, const char *text, size_t len)
{
	a->len = (uint32_t)(len < sizeof(a->text) ? len : sizeof(a->text) - 1);
	memcpy(a->text, text, a->len);
	a->text[a->len] = '\0';
	return 0;
}

static int answer_exe(int process, const char *path, const struct question *q, struct answer *a)
{
	/* The kernel adds this if the file was deleted, for example by an update. */
	static const char gone[] = " (deleted)";
	const size_t suffix = sizeof(gone) - 1;
	char link[PATH_MAX + sizeof(gone)];
	ssize_t n = readlinkat(process, path, link, sizeof(link) - 1);
	size_t len = n > 0 ? (size_t)n : 0;

	(void)q;
	if (n < 0)
		return -errno;
	if (len > suffix && !memcmp(link + len - suffix, gone, suffix))
		len -= suffix;
	return answer_set(a, link, len);
}

static int answer_text(int process, const char *path, const struct question *q, struct answer *a)
{
	ssize_t n = read_text(process, path, a->text, sizeof(a->text));

	(void)q;
	a->len = n > 0 ? (uint32_t)n : 0;
	return n < 0 ? (int)n : 0;
}

static int answer_variable(int process, const char *path, const struct question *q,
			   struct answer *a)
{
	AUTO_FREE char *text = malloc(ENVIRONMENT_MAX);
	ssize_t n = text ? read_text(process, path, text, ENVIRONMENT_MAX) : -ENOMEM;
	size_t len = strlen(q->name);

	if (n < 0)
		return (int)n;
	for (const char *s = text; s < text + n; s += strlen(s) + 1)
		if (!strncmp(s, q->name, len) && s[len] == '=')
			return answer_set(a, s + len + 1, strlen(s + len + 1));
	return -ENOENT;
}

/* systemd also uses version 2 if version 1 is mounted. Its line is the last one. */
static int answer_cgroup(int process, const char *path, const struct question *q, struct answer *a)
{
	char text[4 * PATH_MAX];
	ssize_t n = read_text(process, path, text, sizeof(text));
	const char *at = strstr(text, "\n0::");

	(void)q;
	if (n < 0)
		return (int)n;
	at = !strncmp(text, "0::", 3) ? text + 3 : at ? at + 4 : NULL;
	return at ? answer_set(a, at, strcspn(at, "\n")) : -ENOENT;
}

/* Not the owner of the directory: the kernel shows root for a process that ends meanwhile. */
static int answer_user(int process, const char *path, const struct question *q, struct answer *a)
{
	char text[4096], *at;
	unsigned int real, effective;
	ssize_t n = read_text(process, path, text, sizeof(text));

	if (n < 0)
		return (int)n;
	at = strstr(text, "\nUid:");
	if (!at || sscanf(at, "\nUid: %u %u", &real, &effective) != 2)
		return -ENOENT;
	a->number = q->what == QUESTION_EUID ? effective : real;
	return 0;
}

static int answer_holds(int process, const char *path, const struct question *q, struct answer *a)
{
	int fd = openat(process, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = -ENOENT;
	DIR *fds = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	char to[PATH_MAX];

	(void)a;
	if (!fds) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	while (err == -ENOENT && (e = readdir(fds))) {
		ssize_t len = readlinkat(dirfd(fds), e->d_name, to, sizeof(to) - 1);

		to[len > 0 ? len : 0] = '\0';
		err = !strcmp(to, q->name) ? 0 : question_late(q) ? -ETIMEDOUT : -ENOENT;
	}
	closedir(fds);
	return err;
}

static int answer_is_mapped(int process, const char *path, const struct question *q,
			    struct answer *a)
{
	(void)q;
	(void)a;
	return faccessat(process, path, F_OK, 0) ? -errno : 0;
}

static int answer_opened(struct answer *a, int fd)
{
	if (fd < 0)
		return -errno;
	a->fd = fd;
	return 0;
}

static int answer_lines(int process, const char *path, const struct question *q, struct answer *a)
{
	(void)q;
	return answer_opened(a, openat(process, path, O_RDONLY | O_CLOEXEC));
}

static int answer_regular(int process, const char *path, const struct question *q, struct answer *a)
{
	int fd = open_regular_at(process, path);

	(void)q;
	a->fd = fd < 0 ? -1 : fd;
	return fd < 0 ? fd : 0;
}

/*
 * Opens a file of the process's root as O_PATH. Neither a link nor ".." leads out of this root: the
 * process may have made them.
 */
static int open_in_root(int process, const char *path, const char *name, int flags)
{
	AUTO_FD int root = openat(process, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct open_how how = { .flags = (uint64_t)(O_PATH | O_CLOEXEC | flags),
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };

	return root < 0 ? -1 : (int)syscall(SYS_openat2, root, name, &how, sizeof(how));
}

static int answer_file(int process, const char *path, const struct question *q, struct answer *a)
{
	AUTO_FD int place = open_in_root(process, path, q->name, 0);
	int fd = place < 0 ? -errno : open_regular_of(place);

	a->fd = fd < 0 ? -1 : fd;
	return fd < 0 ? fd : 0;
}

static int answer_socket(int process, const char *path, const struct question *q, struct answer *a)
{
	return answer_opened(a, open_in_root(process, path, q->name, O_NOFOLLOW));
}

/* The name of a question: none, a path in the process's root, or the end of the file's name. */
enum naming { NAMING_NONE, NAMING_PATH, NAMING_RANGE };

static const struct {
	int (*answer)(int process, const char *path, const struct question *q, struct answer *a);
	const char *file;
	enum naming naming;
} rows[] = {
	[QUESTION_EXE] = { answer_exe, "exe", NAMING_NONE },
	[QUESTION_COMM] = { answer_text, "comm", NAMING_NONE },
	[QUESTION_CMDLINE] = { answer_text, "cmdline", NAMING_NONE },
	[QUESTION_VARIABLE] = { answer_variable, "environ", NAMING_NONE },
	[QUESTION_CGROUP] = { answer_cgroup, "cgroup", NAMING_NONE },
	[QUESTION_UID] = { answer_user, "status", NAMING_NONE },
	[QUESTION_EUID] = { answer_user, "status", NAMING_NONE },
	[QUESTION_HOLDS] = { answer_holds, "fd", NAMING_NONE },
	[QUESTION_IS_MAPPED] = { answer_is_mapped, "map_files/", NAMING_RANGE },
	[QUESTION_MAPS] = { answer_lines, "maps", NAMING_NONE },
	[QUESTION_MOUNTS] = { answer_lines, "mountinfo", NAMING_NONE },
	[QUESTION_PROGRAM] = { answer_regular, "exe", NAMING_NONE },
	[QUESTION_MAPPED] = { answer_regular, "map_files/", NAMING_RANGE },
	[QUESTION_FILE] = { answer_file, "root", NAMING_PATH },
	[QUESTION_SOCKET] = { answer_socket, "root", NAMING_PATH },
};
_Static_assert(ARRAY_SIZE(rows) == QUESTION_COUNT, "a question without an answer");

static int question_path(const struct question *q, char *path, size_t size)
{
	size_t len = strnlen(q->name, sizeof(q->name));
	enum naming naming = rows[q->what].naming;

	if (len == sizeof(q->name) || (naming == NAMING_PATH && *q->name != '/') ||
	    (naming == NAMING_RANGE && strspn(q->name, "0123456789abcdef-") != len))
		return -EINVAL;
	snprintf(path, size, "%s%s", rows[q->what].file, naming == NAMING_RANGE ? q->name : "");
	return 0;
}

int question_ask(const struct question *q, struct answer *a)
{
	const struct pin *pin;
	char path[PATH_MAX + 16];
	int err;

	a->fd = -1;
	a->number = a->len = 0;
	a->text[0] = '\0';
	if ((unsigned int)q->what >= QUESTION_COUNT)
		return -EINVAL;
	err = question_path(q, path, sizeof(path));
	if (err)
		return err;
	if (question_late(q))
		return -ETIMEDOUT;
	pin = pin_find(&q->who);
	return pin ? rows[q->what].answer(pin->dir, path, q, a) : -ESRCH;
}

struct process_id process_id_now(pid_t pid)
{
	const struct pin *pin = pin_now(pid);

	return pin ? pin->who : (struct process_id){ .pid = 0 };
}

/* The start is rounded down. */
bool process_older(pid_t pid, uint64_t time)
{
	struct process_id who = process_id_now(pid);

	return who.pid && who.start + tick_ns() < time;
}

static int ask(const struct process_id *who, enum question_what what, const char *name,
	       struct answer *a)
{
	size_t len = strlen(name);
	struct question q;

	if (len >= sizeof(q.name))
		return -ENAMETOOLONG;
	q.who = *who;
	q.what = what;
	q.until = clock_ns(CLOCK_MONOTONIC) + QUESTION_NS;
	memcpy(q.name, name, len + 1);
	return question_ask(&q, a);
}

int question_text(const struct process_id *who, enum question_what what, const char *name,
		  char *text, size_t size)
{
	struct answer a;
	int err = size ? ask(who, what, name, &a) : -EINVAL;
	size_t len = err ? 0 : a.len;

	if (!size)
		return err;
	len = len < size ? len : size - 1;
	memcpy(text, a.text, len);
	text[len] = '\0';
	return err ?: (int)len;
}

int question_number(const struct process_id *who, enum question_what what, uint32_t *out)
{
	struct answer a;
	int err = ask(who, what, "", &a);

	if (!err)
		*out = a.number;
	return err;
}

bool question_yes(const struct process_id *who, enum question_what what, const char *name)
{
	struct answer a;

	return !ask(who, what, name, &a);
}

bool question_no(const struct process_id *who, enum question_what what, const char *name)
{
	struct answer a;
	int err = ask(who, what, name, &a);

	return err == -ENOENT || err == -ESRCH;
}

int question_fd(const struct process_id *who, enum question_what what, const char *name)
{
	struct answer a;
	int err = ask(who, what, name, &a);

	return err ?: a.fd;
}

FILE *question_lines(const struct process_id *who, enum question_what what)
{
	int fd = question_fd(who, what, "");
	FILE *lines = fd < 0 ? NULL : fdopen(fd, "r");

	if (!lines && fd >= 0)
		close(fd);
	return lines;
}
