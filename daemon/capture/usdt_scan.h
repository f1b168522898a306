/* SPDX-License-Identifier: Apache-2.0 */
/* usdt_scan.h - the files in which scenario marks can be: those that audited processes run, found as they are met. */
#ifndef PIAUDIT_USDT_SCAN_H
#define PIAUDIT_USDT_SCAN_H

#include <stdbool.h>
#include <sys/types.h>

#include <piaudit/event.h>

struct probes;

/* All are for what can be had: what cannot be opened is passed over, what cannot be attached is said by the probes. */

void usdt_scan_file(struct probes *probes, const char *path);
/* The executable of a running process, and the libraries it has mapped. */
void usdt_scan_process(struct probes *probes, pid_t pid);
/*
 * A checked record: a process that was joined, a program that is run, a library that is opened. True: it has marks that
 * were not looked for before, so that it may have made some already.
 */
bool usdt_scan_feed(struct probes *probes, const struct pia_event *ev);

#endif
