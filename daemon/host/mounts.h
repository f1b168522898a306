/* SPDX-License-Identifier: Apache-2.0 */
/* mounts.h - which directory of which file system the host shows where: the visible rows of mountinfo. */
#ifndef PIAUDIT_MOUNTS_H
#define PIAUDIT_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOUNTS_MAX 100000 /* mounts kept: the kernel's own limit for a namespace (fs.mount-max) */

struct mount {
	uint32_t id, parent; /* 0 where a stream does not tell */
	uint32_t dev;        /* of the superblock, kernel encoding */
	bool proc;           /* procfs: its inode numbers name nothing for long */
	char *root;          /* the directory inside the file system that is shown ... */
	char *point;         /* ... here */
};

struct mounts {
	struct mount *list; /* sorted by point once it is asked */
	size_t count, room;
	bool sorted;
	int fd; /* mountinfo; -1 for a recorded host */
};

void mounts_init(struct mounts *m);                  /* an empty table: of a recorded host */
int mounts_open(struct mounts *m, const char *path); /* a live mountinfo, read once */
void mounts_close(struct mounts *m);
int mounts_refresh(
	struct mounts *m); /* 1 when read again, 0 nothing changed; -errno: what was known stays */

/* Replace the table by @text, a mountinfo, which is cut to pieces. Lines that are none are left out. */
int mounts_parse(struct mounts *m, char *text);
int mounts_add(struct mounts *m, uint32_t dev, const char *root,
	       const char *point); /* -EINVAL, -ENOMEM */

/* The host's name of a file, given its path inside its file system; NULL where no mount shows it. */
const char *mounts_path(struct mounts *m, uint32_t dev, const char *fs_path, char *buf,
			size_t size);

const struct mount *mounts_by_id(const struct mounts *m, uint64_t id); /* or NULL */

/* For mountinfo.c, which fills the table. */
int mounts_push(struct mounts *m,
		struct mount *mount); /* takes the strings of @mount in any case */
int mounts_compare(const char *a, size_t a_len, const char *b, size_t b_len);
void mount_free(struct mount *mount);

#endif
