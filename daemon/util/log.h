/* SPDX-License-Identifier: Apache-2.0 */
/* log.h - messages for people on stderr, one per line: "PROGRAM: noun: what happened: reason". */
/* Room daemon/util: helpers that know nothing of piaudit: log, clock, JSON, SHA-256, safe open, tables, exit codes. */
#ifndef PIAUDIT_LOG_H
#define PIAUDIT_LOG_H

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

extern const char *log_program;  /* the name before each line; "piaudit" at start */
extern enum log_level log_level; /* the highest level that is printed; LOG_WARNING at start */

/*
 * Prints one line and returns @err (a negative errno, its text is appended; 0 = no errno to
 * append).
 */
int log_err(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
