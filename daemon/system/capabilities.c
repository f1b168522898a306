/* SPDX-License-Identifier: Apache-2.0 */
/* capabilities.c - the capabilities that an audit needs. */
#include "capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"

const struct privilege privileges[] = {
	{ "CAP_BPF", CAP_BPF, true, true, STAYS_ON_OLD,
	  "load BPF programs; before Linux 5.19 also use their maps" },
	{ "CAP_PERFMON", CAP_PERFMON, true, true, STAYS_ON_OLD,
	  "let BPF programs read kernel memory; before Linux 6.6 also see scenario marks of programs that start later" },
	{ "CAP_SYS_PTRACE", CAP_SYS_PTRACE, false, false, STAYS_ALWAYS,
	  "read the executables of processes that already run" },
	{ "CAP_DAC_READ_SEARCH", CAP_DAC_READ_SEARCH, false, false, STAYS_ALWAYS,
	  "identify the catalog's files by inode, and read the X11 key of a client" },
	{ "CAP_SETUID", CAP_SETUID, false, false, STAYS_ALWAYS,
	  "query desktop servers as the user of the client" },
	{ "CAP_CHECKPOINT_RESTORE", CAP_CHECKPOINT_RESTORE, true, false, STAYS_ALWAYS,
	  "see scenario marks of libraries, and PulseAudio requests in shared memory" },
	{ "CAP_KILL", CAP_KILL, false, false, STAYS_WITH_COMMAND,
	  "send TERM to a command that has changed its user" },
	{ "CAP_SYS_ADMIN", CAP_SYS_ADMIN, false, false, STAYS_IF_ADMIN,
	  "see scenario marks on Debian kernels before 6.6" },
};
const size_t privilege_count = ARRAY_SIZE(privileges);

static uint64_t effective(void)
{
	AUTO_FILE FILE *f = fopen("/proc/self/status", "re");
	unsigned long long caps = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	return caps;
}

bool capabilities_has(const struct privilege *p)
{
	uint64_t caps = effective();

	return caps >> p->cap & 1 || (p->admin && caps >> CAP_SYS_ADMIN & 1);
}

int capabilities_check(void)
{
	char missing[128] = "";

	for (size_t i = 0; i < privilege_count; i++) {
		size_t used = strlen(missing);

		if (privileges[i].required && !capabilities_has(&privileges[i]))
			snprintf(missing + used, sizeof(missing) - used, "%s%s", used ? ", " : "",
				 privileges[i].name);
	}
	if (!*missing)
		return 0;
	log_err(0, "privilege missing (%s); run piaudit as root, for example: sudo piaudit ...",
		missing);
	return -EPERM;
}
