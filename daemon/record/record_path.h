/* SPDX-License-Identifier: Apache-2.0 */
/* record_path.h - paths of checked records. Each function writes to @buf and returns it. */
#ifndef PIAUDIT_RECORD_PATH_H
#define PIAUDIT_RECORD_PATH_H

#include <stddef.h>

#include <piaudit/event.h>

/* The record's path as its process sees it, root first. "/" if it is empty. */
const char *record_path(const struct pia_event *ev, char *buf, size_t size);
/* The same below the root directory of the process, which chroot changes. */
const char *record_chroot_path(const struct pia_event *ev, char *buf, size_t size);
/* The same inside its file system. */
const char *record_fs_path(const struct pia_event *ev, char *buf, size_t size);
/* For a record of the program that a process runs: the cgroup; "/" if the record has none. */
const char *record_cgroup_path(const struct pia_event *ev, char *buf, size_t size);

#endif
