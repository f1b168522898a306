/* SPDX-License-Identifier: Apache-2.0 */
/* probes_diagnose.h - finds the obstacle to the better programs, and the one thing to change. */
#ifndef PIAUDIT_PROBES_DIAGNOSE_H
#define PIAUDIT_PROBES_DIAGNOSE_H

#include <stdbool.h>

/* The facts that decide whether the kernel accepts programs on its functions. */
struct obstacle_facts {
	int err;         /* errno of the refusal; 0 = attached, but it does not run */
	bool privileged; /* has the required privileges */
	bool namespaced; /* in a user namespace other than the initial one */
	bool lockdown;   /* lockdown is confidentiality */
	bool tracer;     /* the kernel has a function tracer */
	bool tracer_off; /* the function tracer is switched off */
};

/* Reads the facts of this machine. */
void probes_diagnose_look(struct obstacle_facts *facts, int err);
const char *probes_diagnose_obstacle(const struct obstacle_facts *facts); /* static text; pure */

/* Both steps: the reason why programs on functions do not work. */
const char *probes_diagnose_no_functions(int err);

/* Loading failed with @err (-errno). Logs the reason; returns -EPERM or -ENOTSUP. */
int probes_diagnose_refused(int err);
bool probes_diagnose_locked(void); /* lockdown is confidentiality */

/*
 * The verifier refused @program with @line, and no alternate is left. Logs this with the kernel's
 * version; -ENOTSUP.
 */
int why_program(const char *program, const char *line);

#endif
