/* SPDX-License-Identifier: Apache-2.0 */
/* priority.c - raises the auditor's scheduling priority above the programs that it audits. */
#include "priority.h"

#include <sched.h>
#include <sys/resource.h>

#define BOOST (-4)

void priority_boost(void)
{
	if (sched_getscheduler(0) == SCHED_OTHER && !getpriority(PRIO_PROCESS, 0))
		setpriority(PRIO_PROCESS, 0, BOOST);
}
