/* SPDX-License-Identifier: Apache-2.0 */
/* question.h - questions about another process: only the process that is meant is asked. */
#ifndef PIAUDIT_QUESTION_H
#define PIAUDIT_QUESTION_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <piaudit/event.h>

#define ANSWER_MAX  PATH_MAX     /* bytes of text, NUL included; longer text is cut */
#define QUESTION_NS 200000000ull /* ns until an answer is useless */

/* A process, as records identify it. A pid alone can belong to another process by now. */
struct process_id {
	uint64_t start; /* CLOCK_BOOTTIME, ns; /proc shows and compares ticks of 10 ms */
	int32_t pid;    /* 0: no process */
};

enum question_what {
	/* answered by text */
	QUESTION_EXE,      /* path of the executable, as it was before its file was deleted */
	QUESTION_COMM,     /* name of the main thread, with a newline */
	QUESTION_CMDLINE,  /* the arguments, each ended by NUL */
	QUESTION_VARIABLE, /* value of the environment variable @name */
	QUESTION_CGROUP,   /* path of cgroup version 2 */
	/* answered by a number */
	QUESTION_UID,  /* real user */
	QUESTION_EUID, /* effective user */
	/* answered by 0 for yes, -ENOENT for no */
	QUESTION_HOLDS,     /* a descriptor leads to @name: a path, or "socket:[1]" */
	QUESTION_IS_MAPPED, /* a file is mapped at the range @name: "7f00-7f10" */
	/* answered by a descriptor */
	QUESTION_MAPS,    /* text: the mappings */
	QUESTION_MOUNTS,  /* text: the mountinfo */
	QUESTION_PROGRAM, /* file of the executable */
	QUESTION_MAPPED,  /* file that is mapped at the range @name */
	QUESTION_FILE,    /* regular file @name in the root of the process */
	QUESTION_SOCKET, /* O_PATH: file @name in the root of the process; a link is not followed */
	QUESTION_COUNT
};

/* Plain data, so that another process can answer. */
struct question {
	struct process_id who;
	uint64_t until; /* CLOCK_MONOTONIC, ns */
	enum question_what what;
	char name[PATH_MAX];
};

struct answer {
	int fd; /* closed by the asker; -1 = none */
	uint32_t number;
	uint32_t len; /* bytes of text, without its NUL */
	char text[ANSWER_MAX];
};

/*
 * 0, or a negative errno: unknown. -ESRCH: the process has ended, or its pid belongs to another
 * process. -ETIMEDOUT: too late. A fifo or a device is refused, never waited for. One system call
 * is not interrupted, so a file system that never answers still blocks.
 */
int question_ask(const struct question *q, struct answer *a);

/* The process that has @pid now; pid 0 if there is none. */
struct process_id process_id_now(pid_t pid);
/* True if the process that has @pid now started before @time (CLOCK_BOOTTIME, ns). */
bool process_older(pid_t pid, uint64_t time);

static inline struct process_id process_id_of(const struct pia_event *ev)
{
	return (struct process_id){ ev->start, (int32_t)ev->tgid };
}

/* These ask one question, with QUESTION_NS of time. */

/* Returns the length, and sets @text; -errno and "" if unknown. */
int question_text(const struct process_id *who, enum question_what what, const char *name,
		  char *text, size_t size);
int question_number(const struct process_id *who, enum question_what what, uint32_t *out);
bool question_yes(const struct process_id *who, enum question_what what, const char *name);
/* The process has ended, or the answer is no. Not the opposite of yes: both are false if unknown. */
bool question_no(const struct process_id *who, enum question_what what, const char *name);
/* A descriptor for the caller, or -errno. */
int question_fd(const struct process_id *who, enum question_what what, const char *name);
FILE *question_lines(const struct process_id *who, enum question_what what); /* NULL = unknown */

#endif
