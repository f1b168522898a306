/* SPDX-License-Identifier: Apache-2.0 */
/* priority.h - raises the auditor's scheduling priority above the programs that it audits. */
#ifndef PIAUDIT_PRIORITY_H
#define PIAUDIT_PRIORITY_H

/*
 * Sets a nice value of four below other programs, as auditd's priority_boost does. A reader that is
 * slower than the programs that fill the ring loses records. Does nothing if another priority is
 * set already, or if the process may not raise it. The value is inherited by fork.
 */
void priority_boost(void);

#endif
