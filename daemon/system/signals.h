/* SPDX-License-Identifier: Apache-2.0 */
/* signals.h - handles the signals that end an audit. The audited program's own signals are not
 * changed. */
#ifndef PIAUDIT_SIGNALS_H
#define PIAUDIT_SIGNALS_H

#include <signal.h>

struct dispatch;

extern volatile sig_atomic_t signals_interrupts; /* number of SIGINT */
extern volatile sig_atomic_t signals_terminates; /* number of SIGTERM, SIGHUP, SIGQUIT */
extern volatile sig_atomic_t signals_signal;     /* the first of all these, 0 = none */
/* The daemon's, after signals_install_daemon. Only a change of the number is a request. */
extern volatile sig_atomic_t signals_reloads; /* number of SIGHUP */
extern volatile sig_atomic_t signals_reopens; /* number of SIGUSR1 */

/*
 * SIGINT, SIGTERM, SIGHUP and SIGQUIT are counted. SIGCHLD ends a wait. SIGPIPE is ignored, because
 * the write returns the error. A SIGHUP that was ignored from the start (nohup) stays ignored.
 */
void signals_install(void);
/* The same, but SIGHUP and SIGUSR1 are requests to a daemon. */
void signals_install_daemon(void);

/*
 * Each of these signals makes the event loop turn, also one that came just before the wait. -errno.
 */
int signals_join(struct dispatch *dispatch);

/*
 * Around fork: no signal is delivered in between. In the child, signals_forget restores the
 * original handlers and mask.
 */
void signals_hold(void);
void signals_resume(void);
void signals_forget(void);

#endif
