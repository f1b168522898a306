/* SPDX-License-Identifier: Apache-2.0 */
/* drop.c - what an audit gives up once all is attached. What stays, and for what, is the table of priv.c. */
#include "drop.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/capability.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "drop_calls.h"
#include "log.h"
#include "priv.h"

static bool permitted(unsigned int cap)
{
	return capng_have_capability(CAPNG_PERMITTED, cap);
}

/* Of one that CAP_SYS_ADMIN includes and that is not there by itself, it does the work. */
static bool stands_in(void)
{
	for (size_t i = 0; i < privilege_count; i++)
		if (privileges[i].admin && !permitted(privileges[i].cap))
			return true;
	return false;
}

static bool stays(const struct privilege *p, enum drop_for what, bool admin)
{
	const bool when[] = {
		[STAYS_ALWAYS] = true,
		[STAYS_WITH_COMMAND] = what == DROP_SESSION,
		[STAYS_IF_ADMIN] = admin || stands_in(),
	};

	return permitted(p->cap) && when[p->stays];
}

static int drop_capabilities(enum drop_for what, bool admin)
{
	uint64_t kept = 0;
	bool bounds;

	if (capng_get_caps_process())
		return -EIO;
	for (size_t i = 0; i < privilege_count; i++)
		if (stays(&privileges[i], what, admin))
			kept |= 1ull << privileges[i].cap;
	/* The bounding set is for exec, which the filter and no_new_privs take too: not everybody may change it. */
	bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	capng_clear(CAPNG_SELECT_ALL);
	for (unsigned int cap = 0; cap < 64; cap++)
		if (kept >> cap & 1)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, cap);
	return capng_apply(bounds ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

int drop_privileges(enum drop_for what, bool admin)
{
	int err = drop_capabilities(what, admin);

	if (err)
		return log_err(err, "privileges: capabilities cannot be given up");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return log_err(-errno, "privileges: no_new_privs");
	err = drop_calls(what);
	return err ? log_err(err, "privileges: system calls cannot be given up") : 0;
}
