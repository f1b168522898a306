/* SPDX-License-Identifier: Apache-2.0 */
/* child.h - the command that `run` starts: held before its exec until everything is attached. */
#ifndef PIAUDIT_CHILD_H
#define PIAUDIT_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid;  /* 0 = none */
	int gate;   /* the parent writes a byte to let it run */
	int answer; /* the child writes errno if exec fails */
	bool reaped;
	int status; /* wait status, -1 = not known */
};

#define CHILD_NONE ((struct child){ .gate = -1, .answer = -1, .status = -1 })

/* Call it after signals_install. @argv: a NULL-terminated command line. -errno. */
int child_hold(struct child *c, char **argv);
/* Lets it exec. Returns 0, or -errno of exec; then the child is reaped. */
int child_release(struct child *c);
/* Returns whether it has ended. Never waits. */
bool child_ended(struct child *c);
/* A child that was not released exits. A running one is left alone. */
void child_close(struct child *c);

/* Finds the file that a shell would run for @command. Returns "" if there is none. */
const char *child_find(const char *command, char *buf, size_t size);

#endif
