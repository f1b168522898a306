/* SPDX-License-Identifier: Apache-2.0 */
/* priv.c - the capabilities that an audit needs. */
#include "priv.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "log.h"

const struct privilege privileges[] = {
	{ "CAP_BPF", CAP_BPF, true, true, "load BPF programs" },
	{ "CAP_PERFMON", CAP_PERFMON, true, true, "attach them to tracepoints" },
	{ "CAP_SYS_PTRACE", CAP_SYS_PTRACE, false, false,
	  "name the executables of processes that already run" },
	{ "CAP_DAC_READ_SEARCH", CAP_DAC_READ_SEARCH, false, false,
	  "know the catalog's files by identity" },
	{ "CAP_SYS_ADMIN", CAP_SYS_ADMIN, false, false,
	  "see scenario marks on kernels before 6.6, and what PulseAudio is asked in shared memory" },
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

bool priv_has(const struct privilege *p)
{
	uint64_t caps = effective();

	return caps >> p->cap & 1 || (p->admin && caps >> CAP_SYS_ADMIN & 1);
}

int priv_check(void)
{
	char missing[128] = "";

	for (size_t i = 0; i < privilege_count; i++) {
		size_t used = strlen(missing);

		if (privileges[i].required && !priv_has(&privileges[i]))
			snprintf(missing + used, sizeof(missing) - used, "%s%s", used ? ", " : "",
				 privileges[i].name);
	}
	if (!*missing)
		return 0;
	log_err(0, "privilege missing (%s): run it as root, such as sudo piaudit ...", missing);
	return -EPERM;
}
