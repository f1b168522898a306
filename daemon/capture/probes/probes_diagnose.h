/* SPDX-License-Identifier: Apache-2.0 */
/* probes_diagnose.h - what stands in the way of the better programs, and the one thing to change. */
#ifndef PIAUDIT_PROBES_DIAGNOSE_H
#define PIAUDIT_PROBES_DIAGNOSE_H

#include <stdbool.h>

/* What decides whether the kernel takes programs on its functions. */
struct obstacle_facts {
	int err;         /* the errno with which one was refused, 0 = taken, and it does not run */
	bool privileged; /* has what is required */
	bool namespaced; /* in a user namespace other than the first */
	bool lockdown;   /* confidentiality */
	bool tracer;     /* the kernel has a function tracer */
	bool tracer_off; /* and it is switched off */
};

void probes_diagnose_look(struct obstacle_facts *facts, int err);         /* at this machine */
const char *probes_diagnose_obstacle(const struct obstacle_facts *facts); /* static, pure */

/* Both in one: why programs on functions do not work. */
const char *probes_diagnose_no_functions(int err);

/* Why a program was refused when it was loaded with @err (-errno): logged; -EPERM or -ENOTSUP. */
int probes_diagnose_refused(int err);

/* The verifier refused @program with @line, and nothing can replace it: logged, with the kernel; -ENOTSUP. */
int why_program(const char *program, const char *line);

#endif
