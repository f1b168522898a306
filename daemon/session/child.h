/* SPDX-License-Identifier: Apache-2.0 */
/* child.h - the command that `run` starts: held before its exec until everything is attached. */
#ifndef PIAUDIT_CHILD_H
#define PIAUDIT_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid;  /* 0 = none */
	int gate;   /* we write: go on */
	int answer; /* it writes: why exec failed */
	bool reaped;
	int status; /* wait status, -1 = not known */
};

#define CHILD_NONE ((struct child){ .gate = -1, .answer = -1, .status = -1 })

/* After signals_install. @argv as main has it. -errno. */
int child_hold(struct child *c, char **argv);
/* Lets it exec: 0, or the errno of exec, negative; it is reaped then. */
int child_release(struct child *c);
/* Whether it has ended by now; never waits. */
bool child_ended(struct child *c);
/* One that was not released ends by itself; a running one is left alone. */
void child_close(struct child *c);

/* The file that a shell would run for @command; "" where there is none. */
const char *child_find(const char *command, char *buf, size_t size);

#endif
