/* SPDX-License-Identifier: Apache-2.0 */
/* signals.c - handles the signals that end an audit. */
#include "signals.h"

#include <stdbool.h>
#include <stddef.h>

#include <piaudit/auto.h>

volatile sig_atomic_t signals_interrupts, signals_terminates, signals_signal;

static void signals_interrupted(int number)
{
	signals_signal = signals_signal ?: number;
	signals_interrupts++;
}

static void terminated(int number)
{
	signals_signal = signals_signal ?: number;
	signals_terminates++;
}

static void woken(int number)
{
	(void)number;
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
