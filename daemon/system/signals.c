/* SPDX-License-Identifier: Apache-2.0 */
/* signals.c - handles the signals that end an audit. */
#include "signals.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/dispatch.h"

volatile sig_atomic_t signals_interrupts, signals_terminates, signals_signal;
volatile sig_atomic_t signals_reloads, signals_reopens;
static int wake_fd = -1; /* an eventfd, which the handlers write */

/* In a handler: write(2) is safe there, and only errno must stay. */
static void signals_wake(void)
{
	static const uint64_t one = 1;
	int before = errno;

	/* If the counter is full, the wait ends anyway. */
	while (wake_fd >= 0 && write(wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	errno = before;
}

static void signals_interrupted(int number)
{
	signals_signal = signals_signal ?: number;
	signals_interrupts++;
	signals_wake();
}

static void terminated(int number)
{
	signals_signal = signals_signal ?: number;
	signals_terminates++;
	signals_wake();
}

static void woken(int number)
{
	(void)number;
	signals_wake();
}

static void reload_asked(int number)
{
	(void)number;
	signals_reloads++;
	signals_wake();
}

static void reopen_asked(int number)
{
	(void)number;
	signals_reopens++;
	signals_wake();
}

static struct {
	int number;
	void (*handler)(int);
	bool heeds; /* a signal that was ignored before stays ignored */
	struct sigaction before;
} ours[] = {
	{ .number = SIGINT, .handler = signals_interrupted },
	{ .number = SIGTERM, .handler = terminated },
	{ .number = SIGHUP, .handler = terminated, .heeds = true },
	{ .number = SIGQUIT, .handler = terminated },
	{ .number = SIGCHLD, .handler = woken },
	{ .number = SIGPIPE, .handler = SIG_IGN },
};
static sigset_t mask_before;
static bool installed;

void signals_install(void)
{
	sigprocmask(SIG_SETMASK, NULL, &mask_before);
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
		/* No SA_RESTART: a signal must end the wait for events. */
		struct sigaction action = { .sa_handler = ours[i].handler };

		/*
		 * Also if the signal was ignored: a shell ignores SIGINT in commands that a script
		 * starts with "&". If the script still sends SIGINT, the command must end.
		 */
		sigaction(ours[i].number, &action, &ours[i].before);
		if (ours[i].heeds && ours[i].before.sa_handler == SIG_IGN)
			sigaction(ours[i].number, &ours[i].before, NULL);
	}
	installed = true;
}

void signals_install_daemon(void)
{
	struct sigaction reload = { .sa_handler = reload_asked };
	struct sigaction reopen = { .sa_handler = reopen_asked };

	signals_install();
	sigaction(SIGHUP, &reload, NULL);
	sigaction(SIGUSR1, &reopen, NULL);
}

static void signals_drain(void *context)
{
	uint64_t count;

	(void)context;
	/* Nonblocking: it is empty if two signals were drained at once. */
	while (read(wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

int signals_join(struct dispatch *dispatch)
{
	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0)
		return -errno;
	return dispatch_add(dispatch, wake_fd, EPOLLIN, signals_drain, NULL);
}

void signals_hold(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
}

void signals_resume(void)
{
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

void signals_forget(void)
{
	for (size_t i = 0; installed && i < ARRAY_SIZE(ours); i++)
		sigaction(ours[i].number, &ours[i].before, NULL);
	signals_resume();
}
