/* SPDX-License-Identifier: Apache-2.0 */
/* worker.c - the process whose system calls are timed, and processes that only exist. */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stats.h"

#define CHUNK_NS   1000000.0
#define CHUNKS_MAX 4096 /* a run of 200 ms has about 200 */
#define WARM_OPS   64

struct order {
	int op;
	unsigned int ms;
};

static const char *hit_path, *miss_path;
static int null_fd;

const char *const op_word[OP_MAX] = {
	[OP_GETPPID] = "getppid",
	[OP_WRITE] = "write",
	[OP_OPEN] = "open+close",
	[OP_MISS] = "open+read+close, no match",
	[OP_HIT] = "open+read+close, match",
};

/* A failed call would be timed like a successful one. So the worker ends, and with it the
 * benchmark. */
static void need(int ok)
{
	if (!ok)
		_exit(1);
}

static void do_getppid(long n)
{
	while (n--)
		syscall(SYS_getppid);
}

static void do_write(long n)
{
	while (n--)
		need(write(null_fd, "", 1) == 1);
}

static void do_open(long n)
{
	while (n--) {
		int fd = open(miss_path, O_RDONLY | O_CLOEXEC);

		need(fd >= 0);
		close(fd);
	}
}

static void triple(const char *path, long n)
{
	char byte[16];

	while (n--) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		need(read(fd, byte, sizeof(byte)) == sizeof(byte));
		close(fd);
	}
}

static void do_miss(long n)
{
	triple(miss_path, n);
}

static void do_hit(long n)
{
	triple(hit_path, n);
}

static void (*const do_op[OP_MAX])(long n) = {
	[OP_GETPPID] = do_getppid, [OP_WRITE] = do_write, [OP_OPEN] = do_open,
	[OP_MISS] = do_miss,       [OP_HIT] = do_hit,
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double timed(enum op op, long n)
{
	double began = now_ns();

	do_op[op](n);
	return now_ns() - began;
}

static struct figure run(const struct order *order)
{
	static double chunk[CHUNKS_MAX];
	enum op op = (enum op)order->op;
	double once, end;
	size_t count = 0;
	long n;

	timed(op, WARM_OPS);
	once = timed(op, WARM_OPS) / WARM_OPS;
	n = once > 0 && once < CHUNK_NS ? (long)(CHUNK_NS / once) : 1;
	end = now_ns() + order->ms * 1e6;
	while (count < CHUNKS_MAX && (count == 0 || now_ns() < end))
		chunk[count++] = timed(op, n) / (double)n;
	return (struct figure){ stats_median(chunk, count), 2 * WARM_OPS + (uint64_t)n * count };
}

void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void __attribute__((noreturn)) serve(int ask, int answer)
{
	struct order order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(WORKER_CPU);
	null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	while (read(ask, &order, sizeof(order)) == sizeof(order)) {
		struct figure f = run(&order);

		if (write(answer, &f, sizeof(f)) != sizeof(f))
			break;
	}
	_exit(0);
}

int worker_start(struct worker *w, const char *hit, const char *miss)
{
	int ask[2], answer[2], err;

	*w = WORKER_NONE;
	if (pipe2(ask, O_CLOEXEC))
		return -errno;
	if (pipe2(answer, O_CLOEXEC)) {
		err = -errno;
		close(ask[0]);
		close(ask[1]);
		return err;
	}
	hit_path = hit;
	miss_path = miss;
	w->pid = fork();
	if (w->pid == 0) {
		close(ask[1]);
		close(answer[0]);
		serve(ask[0], answer[1]);
	}
	err = w->pid < 0 ? -errno : 0;
	close(ask[0]);
	close(answer[1]);
	w->ask = ask[1];
	w->answer = answer[0];
	if (err) {
		w->pid = 0;
		worker_stop(w);
	}
	return err;
}

int worker_run(struct worker *w, enum op op, unsigned int ms, struct figure *out)
{
	struct order order = { .op = (int)op, .ms = ms };

	errno = 0;
	if (write(w->ask, &order, sizeof(order)) == sizeof(order) &&
	    read(w->answer, out, sizeof(*out)) == sizeof(*out))
		return 0;
	return errno == EINTR ? -EINTR : -ECHILD;
}

void worker_stop(struct worker *w)
{
	if (w->ask >= 0)
		close(w->ask);
	if (w->answer >= 0)
		close(w->answer);
	if (w->pid) {
		kill(w->pid, SIGKILL);
		waitpid(w->pid, NULL, 0);
	}
	*w = WORKER_NONE;
}

static void __attribute__((noreturn)) sleeper(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

pid_t crowd_start(unsigned int count)
{
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe2(ready, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid == 0) {
		for (unsigned int i = 1; i < count; i++) {
			pid_t one = fork();

			if (one == 0)
				sleeper();
			need(one > 0);
		}
		need(write(ready[1], "", 1) == 1);
		close(ready[0]);
		close(ready[1]);
		sleeper();
	}
	close(ready[1]);
	if (pid > 0 && read(ready[0], &byte, 1) != 1) {
		crowd_stop(pid);
		pid = -EAGAIN;
	}
	close(ready[0]);
	return pid;
}

void crowd_stop(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
