/* SPDX-License-Identifier: Apache-2.0 */
/* kernel.c - the empty program; lists the BPF programs and maps in the kernel. */
#include "kernel.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <piaudit/auto.h>

#include "bench/floor.skel.h"

#define WAIT_TRIES \
	200 /* of 10 ms: the kernel frees a program after a grace period, in a worker thread */

int floor_attach(struct floor_bpf **out)
{
	struct floor_bpf *f = floor_bpf__open_and_load();

	if (!f)
		return -errno;
	if (floor_bpf__attach(f)) {
		int err = -errno;

		floor_bpf__destroy(f);
		return err;
	}
	*out = f;
	return 0;
}

void floor_detach(struct floor_bpf **floor)
{
	floor_bpf__destroy(*floor);
	*floor = NULL;
}

static void take_ids(struct ids *out, const char *path)
{
	AUTO_FILE FILE *f = fopen(path, "re");
	char line[128];
	unsigned int id;

	while (f && fgets(line, sizeof(line), f) && out->count < IDS_MAX) {
		if (sscanf(line, "prog_id: %u", &id) == 1)
			out->list[out->count++] = (struct id){ false, id };
		else if (sscanf(line, "map_id: %u", &id) == 1)
			out->list[out->count++] = (struct id){ true, id };
	}
}

void ids_of(pid_t pid, struct ids *out)
{
	const struct dirent *entry;
	char path[512];
	DIR *dir;

	out->count = 0;
	snprintf(path, sizeof(path), "/proc/%d/fdinfo", (int)pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", (int)pid, entry->d_name);
		take_ids(out, path);
	}
	closedir(dir);
}

static bool exists(const struct id *id)
{
	int fd = id->map ? bpf_map_get_fd_by_id(id->id) : bpf_prog_get_fd_by_id(id->id);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static size_t count_existing(const struct ids *ids)
{
	size_t n = 0;

	for (size_t i = 0; i < ids->count; i++)
		n += exists(&ids->list[i]);
	return n;
}

void ids_wait(const struct ids *ids, struct ids *left)
{
	static const struct timespec pause_time = { .tv_nsec = 10000000 };

	for (int i = 0; i < WAIT_TRIES && count_existing(ids); i++)
		nanosleep(&pause_time, NULL);
	for (size_t i = 0; i < ids->count && left->count < IDS_MAX; i++)
		if (exists(&ids->list[i]))
			left->list[left->count++] = ids->list[i];
}

unsigned int programs_last(void)
{
	unsigned int id = 0;

	while (!bpf_prog_get_next_id(id, &id))
		;
	return id;
}

static bool taxing(unsigned int id)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id), err;

	if (fd < 0)
		return false;
	err = bpf_obj_get_info_by_fd(fd, &info, &len);
	close(fd);
	return !err &&
	       (info.type == BPF_PROG_TYPE_TRACING || info.type == BPF_PROG_TYPE_TRACEPOINT ||
		info.type == BPF_PROG_TYPE_RAW_TRACEPOINT || info.type == BPF_PROG_TYPE_KPROBE);
}

unsigned int programs_since(unsigned int first)
{
	unsigned int id = first, count = 0;

	while (!bpf_prog_get_next_id(id, &id))
		count += taxing(id);
	return count;
}
