/* SPDX-License-Identifier: Apache-2.0 */
/* usdt_scan.h - searches the files that audited processes run for scenario marks, when they are
 * met. */
#ifndef PIAUDIT_USDT_SCAN_H
#define PIAUDIT_USDT_SCAN_H

#include <stdbool.h>

#include <piaudit/event.h>

struct probes;
struct process_id; /* question.h */

/* All of these skip files that cannot be opened. The probes log marks that cannot be attached. */

void usdt_scan_file(struct probes *probes, const char *path);
/* Searches the executable of a running process, and the libraries that it has mapped. */
void usdt_scan_process(struct probes *probes, const struct process_id *who);
/*
 * Takes a checked record: the audit joined a process, or a program is executed, or a library is
 * opened. True: the file has marks and is new to the audit, so the process may have made marks
 * already.
 */
bool usdt_scan_feed(struct probes *probes, const struct pia_event *ev);

#endif
