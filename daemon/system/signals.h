/* SPDX-License-Identifier: Apache-2.0 */
/* signals.h - the signals that end an audit. The audited program's own are not touched. */
#ifndef PIAUDIT_SIGNALS_H
#define PIAUDIT_SIGNALS_H

#include <signal.h>

extern volatile sig_atomic_t signals_interrupts; /* SIGINT so far */
extern volatile sig_atomic_t signals_terminates; /* SIGTERM, SIGHUP, SIGQUIT so far */
extern volatile sig_atomic_t signals_signal;     /* the first of all these, 0 = none */

/*
 * SIGINT, SIGTERM, SIGHUP, SIGQUIT: counted. SIGCHLD: breaks a wait. SIGPIPE: ignored, since the write says it. A
 * SIGHUP that was ignored from the start (nohup) stays so.
 */
void signals_install(void);

/* Around fork: nothing is delivered in between; in the child everything is as we found it. */
void signals_hold(void);
void signals_resume(void);
void signals_forget(void);

#endif
