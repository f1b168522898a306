/* SPDX-License-Identifier: Apache-2.0 */
/* test_usdt_attach.c - files with marks, if the kernel refuses to attach to them for a while. */
#include "scarce_memory.h"

#include "daemon/capture/probes/probes_private.h"

/* The kernel, as usdt_attach.c calls it. */
static struct bpf_link *attach(const struct bpf_program *prog, pid_t pid, const char *path,
			       size_t offset, const struct bpf_uprobe_opts *opts);
static int detach(struct bpf_link *link);
#define bpf_program__attach_uprobe_opts attach
#define bpf_link__destroy               detach

#include "daemon/capture/probes/usdt_attach.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static char link_made[1]; /* only its address counts */
static unsigned int attempts, links;
static int refuses; /* errno, or 0 */

static struct bpf_link *attach(const struct bpf_program *prog, pid_t pid, const char *path,
			       size_t offset, const struct bpf_uprobe_opts *opts)
{
	(void)prog;
	(void)pid;
	(void)path;
	(void)offset;
	(void)opts;
	attempts++;
	errno = refuses;
	links += !refuses;
	return refuses ? NULL : (struct bpf_link *)link_made;
}

static int detach(struct bpf_link *link)
{
	links -= link != NULL;
	return 0;
}

static struct piaudit_bpf half;
static struct probes probes;

/* The alternate that attaches to one mark at a time. */
static int begin(void **state)
{
	(void)state;
	attempts = links = 0;
	probes = (struct probes){ .skel = &half };
	for (unsigned int i = 0; i < probe_row_count; i++) {
		probes.taken[i] = 1;
		probes.states[i].name = probe_rows[i].name;
	}
	usdt_attach_idle(&probes);
	return 0;
}

static int end(void **state)
{
	(void)state;
	usdt_attach_end(&probes);
	return links ? -1 : 0;
}

/* This program has the mark of try_own(). */
static int meet(void)
{
	AUTO_FD int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	return attach_look(&probes, fd);
}

static void a_second_passes(void)
{
	if (probes.mark_files->again)
		probes.mark_files->again -= AGAIN_NS;
}

static void a_refused_file_is_tried_again(void **state)
{
	(void)state;
	refuses = ENOMEM;
	assert_int_equal(meet(), -ENOMEM);
	assert_int_equal(meet(), 0); /* not before a second has passed */
	assert_int_equal(attempts, 1);
	a_second_passes();
	assert_int_equal(meet(), -ENOMEM);
	assert_int_equal(attempts, 2);
	refuses = 0;
	a_second_passes();
	assert_int_equal(meet(), 1);
	assert_int_equal(links, 1);
	/* The process may have made marks before: usdt_scan.c sees that the number has changed. */
	assert_int_equal(probes_marks_met(&probes), 1);
	assert_string_equal(probes.missing[0], PROBE_MARKS);
}

static void a_file_without_memory_is_reported(void **state)
{
	(void)state;
	refuses = 0;
	memory_left = 0;
	assert_int_equal(meet(), -ENOMEM);
	memory_left = MEMORY_PLENTY;
	assert_string_equal(probes.missing[0], PROBE_MARKS);
	assert_int_equal(meet(), 1);
}

static void an_attached_file_is_not_tried_again(void **state)
{
	(void)state;
	refuses = 0;
	assert_int_equal(meet(), 1);
	assert_int_equal(probes.mark_files->again, 0);
	assert_int_equal(meet(), 1);
	assert_int_equal(attempts, 1);
	assert_null(probes.missing[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_refused_file_is_tried_again, begin, end),
		cmocka_unit_test_setup_teardown(a_file_without_memory_is_reported, begin, end),
		cmocka_unit_test_setup_teardown(an_attached_file_is_not_tried_again, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
