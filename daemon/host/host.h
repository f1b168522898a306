/* SPDX-License-Identifier: Apache-2.0 */
/* host.h - what the daemon knows of the machine that a record does not say: mounts, identities, device names. */
/* Room daemon/host: facts about this machine: mounts, inodes, devices, home directories, /proc of a process. */
#ifndef PIAUDIT_HOST_H
#define PIAUDIT_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "policy/catalog.h"

struct host;
struct pia_event;   /* piaudit/event.h */
struct server_info; /* server_info.h */

/* Live: reads /proc/self/mountinfo and stats the catalog's literal paths. @catalog is borrowed. */
int host_open(struct host **out, struct catalog *catalog);
/* Of a recorded stream: knows only what host_load is given. */
int host_open_recorded(struct host **out, struct catalog *catalog);
void host_close(struct host **host); /* NULL-safe, nulls */

/* Home directories of the users of this machine, NULL-terminated; freed with host_homes_free. */
char **host_homes(void);
void host_homes_free(char **homes);

/*
 * The path by which the host itself knows a file, given its path inside its file system: through the mounts of
 * the daemon's own namespace. Writes to @buf, returns it; NULL where no mount of the host shows it.
 */
const char *host_path(struct host *host, uint32_t dev, const char *fs_path, char *buf, size_t size);

/* The literal path of the catalog that is this very file, looked at now; NULL for none. */
const char *host_identity(struct host *host, uint32_t dev, uint64_t ino);

/* The kernel's name of a device ("snd/pcmC0D0c"), by number in kernel encoding; NULL if it has none. */
const char *host_device(struct host *host, bool block, uint32_t rdev);

/* The other way: the node that is called so below /dev. -ENOENT. */
int host_device_number(struct host *host, const char *name, bool *block, uint32_t *rdev);

/* The executable of a running process, for those whose exec was not seen; "" if gone. Live only. */
const char *host_exe(struct host *host, pid_t pid, char *buf, size_t size);

/* What the process runs now, by the host's name where it has one; "" where a record does not tell it: most but exec's. */
const char *host_record_exe(struct host *host, const struct pia_event *ev, char *buf, size_t size);

/* Read again what may have changed (mounts, identities); cheap when nothing did. */
void host_refresh(struct host *host);

/* A recorded stream carries the host in lines of its own, which begin with "@". */
int host_save(struct host *host, FILE *out);        /* -EIO if a write failed */
void host_save_to(struct host *host, FILE *out);    /* later findings (device names) go there too */
int host_load(struct host *host, const char *line); /* -EINVAL if it is no such line */

#endif
