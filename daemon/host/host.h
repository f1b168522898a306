/* SPDX-License-Identifier: Apache-2.0 */
/* host.h - facts about the machine that a record does not have: mounts, identities, device
 * names. */
/* Room daemon/host: facts about this machine: mounts, inodes, devices, home directories; questions about a process. */
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
struct process_id;  /* question.h */
struct server_info; /* server_info.h */

/*
 * Live: reads /proc/self/mountinfo and calls stat for the catalog's literal paths. @catalog is
 * borrowed.
 */
int host_open(struct host **out, struct catalog *catalog);
/* For a recorded stream: has only the facts from host_load. */
int host_open_recorded(struct host **out, struct catalog *catalog);
void host_close(struct host **host); /* NULL-safe, nulls */

/* Home directories of the users of this machine, NULL-terminated. Free with host_homes_free. */
char **host_homes(void);
void host_homes_free(char **homes);

/*
 * The path of a file in the daemon's own mount namespace, from its path inside its file system.
 * Writes to @buf and returns it. NULL if no mount of the host shows the file.
 */
const char *host_path(struct host *host, uint32_t dev, const char *fs_path, char *buf, size_t size);

/* The literal path of the catalog that is this very file now; NULL if none is. */
const char *host_identity(struct host *host, uint32_t dev, uint64_t ino);

/*
 * The kernel's name of a device ("snd/pcmC0D0c"), by number in the kernel's encoding; NULL if it
 * has none.
 */
const char *host_device(struct host *host, bool block, uint32_t rdev);

/* The reverse: the number of the node @name below /dev. -ENOENT. */
int host_device_number(struct host *host, const char *name, bool *block, uint32_t *rdev);

/*
 * The executable of a running process, if its exec was not seen; "" if the process has ended. Live
 * only.
 */
const char *host_exe(struct host *host, const struct process_id *who, char *buf, size_t size);

/*
 * The executable in a fork or exec record: the host's name if there is one. "" if the record has
 * none; most forks have none.
 */
const char *host_record_exe(struct host *host, const struct pia_event *ev, char *buf, size_t size);

/* Reads mounts and identities again if they may have changed; cheap if nothing did. */
void host_refresh(struct host *host);

/* A recorded stream has the facts of the host in lines that begin with "@". */
int host_save(struct host *host, FILE *out); /* -EIO if a write failed */
/* Names of devices that are found later are written there too. */
void host_save_to(struct host *host, FILE *out);
int host_load(struct host *host, const char *line); /* -EINVAL if it is not a host line */

#endif
