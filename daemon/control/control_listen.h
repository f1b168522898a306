/* SPDX-License-Identifier: Apache-2.0 */
/* control_listen.h - the control socket as a file, and the check of its clients. */
#ifndef PIAUDIT_CONTROL_LISTEN_H
#define PIAUDIT_CONTROL_LISTEN_H

#include <stdbool.h>
#include <sys/types.h>

/* Start with both descriptors -1. */
struct control_place {
	const char *path; /* borrowed */
	int listener;     /* non-blocking */
	int lock;         /* held while the daemon lives */
	bool has_group;
	gid_t group;
};

/* Errors are logged. */
int control_listen(struct control_place *place, const char *path, const char *group);
void control_unlisten(struct control_place *place); /* removes the socket */

/* Accepts the peer of @fd if it is root, our own user, or a member of the group. */
bool control_allowed(const struct control_place *place, int fd);

#endif
