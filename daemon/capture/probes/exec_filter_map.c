/* SPDX-License-Identifier: Apache-2.0 */
/* exec_filter_map.c - the keys of programs that the kernel starts to audit at exec. */
#include "exec_filter_map.h"

#include <errno.h>
#include <string.h>

#include "daemon/util/log.h"
#include "probes_private.h"

static bool filter_map_same(const struct pia_bind *a, const struct pia_bind *b)
{
	return a->bits == b->bits && a->kind == b->kind &&
	       !memcmp(a->name, b->name, sizeof(a->name));
}

static bool among(const struct pia_bind *key, const struct pia_bind *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (filter_map_same(key, &keys[i]))
			return true;
	return false;
}

/* Deletes keys that are not among @keys. Called after @keys are added. */
static void unbind_others(int fd, const struct pia_bind *keys, size_t count)
{
	struct pia_bind key, next;
	bool more = bpf_map_get_next_key(fd, NULL, &next) == 0;

	while (more) {
		key = next;
		more = bpf_map_get_next_key(fd, &key, &next) == 0;
		if (!among(&key, keys, count))
			bpf_map_delete_elem(fd, &key);
	}
}

int exec_filter_map_set(struct probes *p, const struct pia_bind *keys, size_t count)
{
	int fd = bpf_map__fd(p->skel->maps.bindings);
	uint8_t one = 1;

	for (size_t i = 0; i < count; i++)
		if (bpf_map_update_elem(fd, &keys[i], &one, BPF_ANY))
			return log_err(-errno,
				       "probes: filter of program starts cannot be updated");
	unbind_others(fd, keys, count);
	return 0;
}

void exec_filter_map_decide(struct probes *p, uint32_t tgid, const struct pia_program *program)
{
	/* The threads drop their labels themselves: removing labels here would race with exec. */
	bpf_map_update_elem(bpf_map__fd(p->skel->maps.programs), &tgid, program, BPF_ANY);
}

bool exec_filter_map_program(const struct probes *p, uint32_t tgid, struct pia_program *out)
{
	struct pia_process process;

	if (bpf_map_lookup_elem(bpf_map__fd(p->skel->maps.processes), &tgid, &process) ||
	    process.ended)
		return false;
	*out = process.now;
	return true;
}
