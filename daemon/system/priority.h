/* SPDX-License-Identifier: Apache-2.0 */
/* priority.h - the auditor's turn among the programs that it audits. */
#ifndef PIAUDIT_PRIORITY_H
#define PIAUDIT_PRIORITY_H

/*
 * Four steps of nice before other programs, as auditd's priority_boost: who reads the ring slower than they fill it loses
 * records. Does nothing where somebody has chosen a priority already, or we may not. Inherited by fork.
 */
void priority_boost(void);

#endif
