/* SPDX-License-Identifier: Apache-2.0 */
/* mounts.h - the visible rows of mountinfo: which directory of which file system is mounted at
 * which path. */
#ifndef PIAUDIT_MOUNTS_H
#define PIAUDIT_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOUNTS_MAX 100000 /* mounts kept: the kernel's own limit for a namespace (fs.mount-max) */

struct mount {
	uint32_t id, parent; /* 0 if a recorded stream does not have them */
	uint32_t dev;        /* of the superblock, in the kernel's encoding */
	bool proc;           /* procfs: its inode numbers are valid only for a short time */
	char *root;          /* the directory inside the file system */
	char *point;         /* the path where it is mounted */
};

struct mounts {
	struct mount *list; /* sorted by point at the first query */
	size_t count, room;
	bool sorted;
	int fd; /* mountinfo; -1 for a recorded host */
};

void mounts_init(struct mounts *m); /* an empty table: of a recorded host */
/* A live mountinfo, read once. Takes @fd in any case; @fd may be a negative errno. */
int mounts_open(struct mounts *m, int fd);
void mounts_close(struct mounts *m);
/* 1 = read again, 0 = nothing changed. On -errno the table is not changed. */
int mounts_refresh(struct mounts *m);

/*
 * Replaces the table by @text, a mountinfo, which is modified. Lines that are not mounts are
 * skipped.
 */
int mounts_parse(struct mounts *m, char *text);
/* -EINVAL, -ENOMEM. */
int mounts_add(struct mounts *m, uint32_t dev, const char *root, const char *point);

/* The host's name of a file, from its path inside its file system; NULL if no mount shows it. */
const char *mounts_path(struct mounts *m, uint32_t dev, const char *fs_path, char *buf,
			size_t size);

const struct mount *mounts_by_id(const struct mounts *m, uint64_t id); /* or NULL */

/* For mountinfo.c, which fills the table. */
/* Takes the strings of @mount in any case. */
int mounts_push(struct mounts *m, struct mount *mount);
int mounts_compare(const char *a, size_t a_len, const char *b, size_t b_len);
void mount_free(struct mount *mount);

#endif
