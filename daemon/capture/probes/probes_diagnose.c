/* SPDX-License-Identifier: Apache-2.0 */
/* probes_diagnose.c - finds the obstacle to the better programs, and the one thing to change. */
#include "probes_diagnose.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/system/capabilities.h"
#include "daemon/util/log.h"

#define LOCKDOWN       "/sys/kernel/security/lockdown"
#define FTRACE_ENABLED "/proc/sys/kernel/ftrace_enabled"
#define UID_MAP        "/proc/self/uid_map"
#define ENOTSUPP       524 /* internal to the kernel: C libraries have no text for it */

/* The first line of a file; "" if there is none. */
static const char *diagnose_first_line(const char *path, char *buf, int size)
{
	AUTO_FILE FILE *file = fopen(path, "re");

	if (!file || !fgets(buf, size, file))
		buf[0] = '\0';
	return buf;
}

static bool privileged(void)
{
	for (size_t i = 0; i < privilege_count; i++)
		if (privileges[i].required && !capabilities_has(&privileges[i]))
			return false;
	return true;
}

void probes_diagnose_look(struct obstacle_facts *f, int err)
{
	char line[128];
	unsigned int inside, outside, count;

	*f = (struct obstacle_facts){ .err = err, .privileged = privileged() };
	f->lockdown =
		strstr(diagnose_first_line(LOCKDOWN, line, sizeof(line)), "[confidentiality]");
	f->tracer = access(FTRACE_ENABLED, F_OK) == 0;
	f->tracer_off = diagnose_first_line(FTRACE_ENABLED, line, sizeof(line))[0] == '0';
	/* The initial user namespace maps all users to themselves. */
	f->namespaced = sscanf(diagnose_first_line(UID_MAP, line, sizeof(line)), "%u %u %u",
			       &inside, &outside, &count) == 3 &&
			(inside || outside || count != UINT32_MAX);
}

static bool switched_off(const struct obstacle_facts *f)
{
	return !f->err && f->tracer_off;
}

static bool silent(const struct obstacle_facts *f)
{
	return !f->err;
}

static bool no_function(const struct obstacle_facts *f)
{
	return f->err == ENOENT;
}

static bool no_tracer(const struct obstacle_facts *f)
{
	return !f->tracer;
}

static bool no_direct_calls(const struct obstacle_facts *f)
{
	return f->err == ENOTSUPP || f->err == EOPNOTSUPP || f->err == ENODEV;
}

static bool refuses(const struct obstacle_facts *f)
{
	return f->err == EPERM || f->err == EACCES;
}

static bool few_privileges(const struct obstacle_facts *f)
{
	return refuses(f) && !f->privileged;
}

static bool in_namespace(const struct obstacle_facts *f)
{
	return refuses(f) && f->namespaced;
}

static bool locked(const struct obstacle_facts *f)
{
	return refuses(f) && f->lockdown;
}

static bool always(const struct obstacle_facts *f)
{
	(void)f;
	return true;
}

/* The first entry that applies is used. */
static const struct {
	bool (*holds)(const struct obstacle_facts *f);
	const char *text;
} obstacles[] = {
	{ switched_off, "kernel.ftrace_enabled is 0; run sysctl kernel.ftrace_enabled=1" },
	{ silent, "the reason is unknown" },
	{ no_function, "the kernel is built without CONFIG_SECURITY" },
	{ no_tracer, "the kernel is built without CONFIG_FUNCTION_TRACER" },
	{ no_direct_calls, "the kernel is built without CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS" },
	{ few_privileges, "CAP_BPF or CAP_PERFMON is missing; run piaudit as root" },
	{ in_namespace, "piaudit runs in the user namespace of a container; run it on the host" },
	{ locked, "kernel lockdown is confidentiality; boot with lockdown=integrity or none" },
	{ refuses, "blocked by the host or vendor; more privileges do not help" },
	{ always, "the kernel gives no known reason" },
};

const char *probes_diagnose_obstacle(const struct obstacle_facts *facts)
{
	size_t i = 0;

	while (!obstacles[i].holds(facts))
		i++;
	return obstacles[i].text;
}

const char *probes_diagnose_no_functions(int err)
{
	struct obstacle_facts facts;

	probes_diagnose_look(&facts, err);
	return probes_diagnose_obstacle(&facts);
}

int probes_diagnose_refused(int err)
{
	struct obstacle_facts facts;

	probes_diagnose_look(&facts, -err);
	if (err == -EPERM && !facts.privileged)
		return log_err(0,
			       "privilege missing: the kernel refused a BPF program; run piaudit as "
			       "root, or with CAP_BPF and CAP_PERFMON (-v names the program)"),
		       -EPERM;
	if (facts.lockdown)
		return log_err(0,
			       "kernel: lockdown is confidentiality, so BPF programs cannot read "
			       "kernel memory; boot with lockdown=integrity or none"),
		       -ENOTSUP;
	if (err == -EPERM)
		return log_err(0,
			       "privilege: the kernel refused a BPF program (%s); -v names the program",
			       probes_diagnose_obstacle(&facts)),
		       -EPERM;
	return log_err(0, "kernel: a BPF program was refused: %s (-v names the program)",
		       strerror(-err)),
	       -ENOTSUP;
}

bool probes_diagnose_locked(void)
{
	struct obstacle_facts facts;

	probes_diagnose_look(&facts, 0);
	return facts.lockdown;
}

int why_program(const char *program, const char *line)
{
	struct utsname u = { 0 };

	uname(&u);
	return log_err(0,
		       "kernel %s: the verifier refused BPF program %s, and piaudit has no "
		       "replacement for it: %s",
		       u.release, program, line),
	       -ENOTSUP;
}
