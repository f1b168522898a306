/* SPDX-License-Identifier: Apache-2.0 */
/* privdrop.c - drops privileges when all probes are attached. The table of capabilities.c has
 * those that stay, with their use. */
#include "privdrop.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/capability.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "capabilities.h"
#include "daemon/util/log.h"
#include "seccomp.h"

static bool permitted(unsigned int cap)
{
	return capng_have_capability(CAPNG_PERMITTED, cap);
}

static bool stays(enum privilege_stays when, enum privdrop_for what, enum privilege_need need)
{
	const bool does[] = {
		[STAYS_ALWAYS] = true,
		[STAYS_WITH_COMMAND] = what == PRIVDROP_SESSION,
		[STAYS_ON_OLD] = need != PRIVILEGE_NEED_NONE,
		[STAYS_IF_ADMIN] = need == PRIVILEGE_NEED_ADMIN,
	};

	return does[when];
}

/* CAP_SYS_ADMIN is kept instead of a capability that it includes, if that one is missing. */
static uint64_t choose(enum privdrop_for what, enum privilege_need need)
{
	uint64_t kept = 0;

	for (size_t i = 0; i < privilege_count; i++) {
		const struct privilege *p = &privileges[i];

		if (!stays(p->stays, what, need))
			continue;
		if (permitted(p->cap))
			kept |= 1ull << p->cap;
		else if (p->admin && permitted(CAP_SYS_ADMIN))
			kept |= 1ull << CAP_SYS_ADMIN;
	}
	return kept;
}

static int drop_capabilities(enum privdrop_for what, enum privilege_need need)
{
	uint64_t kept;
	bool bounds;

	if (capng_get_caps_process())
		return -EIO;
	kept = choose(what, need);
	/*
	 * The bounding set limits only exec, which the filter and no_new_privs block too. Without
	 * CAP_SETPCAP it cannot be changed and stays.
	 */
	bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	capng_clear(CAPNG_SELECT_ALL);
	for (unsigned int cap = 0; cap < 64; cap++)
		if (kept >> cap & 1)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, cap);
	return capng_apply(bounds ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

int privdrop(enum privdrop_for what, enum privilege_need need)
{
	int err = drop_capabilities(what, need);

	if (err)
		return log_err(err, "privileges: capabilities cannot be dropped");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return log_err(-errno, "privileges: no_new_privs cannot be set");
	err = seccomp_restrict(what);
	return err ? log_err(err, "privileges: the filter of system calls cannot be installed") : 0;
}
