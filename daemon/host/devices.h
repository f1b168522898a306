/* SPDX-License-Identifier: Apache-2.0 */
/* devices.h - the kernel's names of device nodes, by number. */
#ifndef PIAUDIT_DEVICES_H
#define PIAUDIT_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define DEVICES_MAX 4096 /* names in the cache; ten times the nodes of a well equipped client */
#define DEVICE_NAME 128  /* bytes of names such as "bus/usb/001/002", NUL included */

struct device_name {
	uint32_t rdev; /* the kernel's encoding */
	bool block;
	int64_t seen;           /* CLOCK_MONOTONIC, s */
	char name[DEVICE_NAME]; /* "" if it has none */
};

/* All zero is an empty table of a recorded host. */
struct devices {
	struct device_name *list;
	size_t count, room, next; /* next: the place that is reused when full */
	bool live;
	FILE *out; /* borrowed: receives names when they are found; may be NULL */
};

void devices_close(struct devices *d);
/* NULL if it has no name. Valid until the next call. */
const char *devices_name(struct devices *d, bool block, uint32_t rdev);
/* Finds the node @name below /dev: whether it is a block device, and its number. -ENOENT. */
int devices_number(struct devices *d, const char *name, bool *block, uint32_t *rdev);
int devices_save(const struct devices *d, FILE *out); /* -EIO */
/* "char 116:24 name=snd/pcmC0D0c"; -EINVAL, -ENOMEM. */
int devices_load(struct devices *d, const char *text);

#endif
