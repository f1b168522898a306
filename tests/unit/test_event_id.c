/* SPDX-License-Identifier: Apache-2.0 */
/* test_event_id.c - the inodes of paths in the catalog, on this host and from a recording. */
#include "daemon/host/host.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/sysmacros.h>

#include <cmocka.h>

#include "host_fixture.h"

#define DEV(major, minor) ((uint32_t)(major) << 20 | (minor))

/* A directory with a catalog of two files in it: one exists, one does not. */
struct scene {
	char dir[32], there[64], gone[64];
	struct catalog *catalog;
};

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int scene_open(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct problems problems = { 0 };
	char text[512];

	snprintf(s->dir, sizeof(s->dir), "/tmp/test_host.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->there, sizeof(s->there), "%s/there", s->dir);
	snprintf(s->gone, sizeof(s->gone), "%s/gone", s->dir);
	write_file(s->dir, "there", "x");
	write_file(s->dir, "categories.yaml",
		   "categories:\n  - {id: secret, title: Secret, dpv: \"pd:Secret\"}\n");
	snprintf(text, sizeof(text),
		 "sources:\n"
		 "  - {id: there, category: secret, kind: file, path: \"%s\"}\n"
		 "  - {id: gone, category: secret, kind: file, path: \"%s\"}\n",
		 s->there, s->gone);
	write_file(s->dir, "sources.yaml", text);
	if (catalog_load(&s->catalog, s->dir, NULL, &problems))
		fail_msg("catalog: %s", problems.count ? problems.list[0].text : "?");
	*state = s;
	return 0;
}

static int scene_close(void **state)
{
	static const char *const names[] = { "there", "gone", "categories.yaml", "sources.yaml" };
	struct scene *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/%s", s->dir, names[i]);
		unlink(path);
	}
	rmdir(s->dir);
	catalog_free(&s->catalog);
	free(s);
	return 0;
}

static struct identity of(const struct host *host, const char *path)
{
	return host_look(host, path);
}

/* As if a second had passed since the last look. */
static void age(struct host *host)
{
	for (size_t i = 0; i < host->identity_count; i++)
		host->identities[i].looked--;
}

static void a_file_is_identified_by_its_current_inode(void **state)
{
	struct scene *s = *state;
	AUTO(host_close) struct host *host = NULL;
	struct identity who;

	assert_int_equal(host_open(&host, s->catalog), 0);
	who = of(host, s->there);
	assert_true(who.ino);
	assert_string_equal(host_identity(host, who.dev, who.ino), s->there);
	assert_null(host_identity(host, who.dev, who.ino + 1));
	assert_null(host_identity(host, 0, 0));
	/*
	 * The file now has another path of the catalog. Until that path is looked at again, the
	 * inode has no name.
	 */
	assert_int_equal(rename(s->there, s->gone), 0);
	age(host);
	assert_null(host_identity(host, who.dev, who.ino));
	host->round -= ROUND_AGE;
	host_refresh(host);
	assert_string_equal(host_identity(host, who.dev, who.ino), s->gone);
}

/* Reads of one file within a second query the file system once. */
static void a_look_is_cached_for_a_second(void **state)
{
	struct scene *s = *state;
	AUTO(host_close) struct host *host = NULL;
	struct identity who;

	assert_int_equal(host_open(&host, s->catalog), 0);
	who = of(host, s->there);
	for (uint32_t start = host_now(); host_now() == start;)
		usleep(1000);
	assert_string_equal(host_identity(host, who.dev, who.ino), s->there);
	assert_int_equal(unlink(s->there), 0);
	assert_string_equal(host_identity(host, who.dev, who.ino), s->there);
	age(host);
	assert_null(host_identity(host, who.dev, who.ino));
}

static void removing_one_of_two_links_leaves_the_other(void **state)
{
	struct scene *s = *state;
	AUTO(host_close) struct host *host = NULL;
	struct identity who;

	assert_int_equal(link(s->there, s->gone), 0);
	assert_int_equal(host_open(&host, s->catalog), 0);
	who = of(host, s->there);
	assert_int_equal(unlink(host_identity(host, who.dev, who.ino)), 0);
	age(host);
	assert_string_equal(host_identity(host, who.dev, who.ino),
			    access(s->there, F_OK) ? s->gone : s->there);
}

/* A round over many paths continues from call to call, and ends. */
static void a_round_is_cut_in_steps(void **state)
{
	struct scene *s = *state;
	AUTO(host_close) struct host *host = NULL;
	struct catalog *many = NULL;
	struct problems problems = { 0 };
	struct identity who;
	char text[32768];
	size_t len;

	len = (size_t)snprintf(text, sizeof(text),
			       "sources:\n"
			       "  - {id: x, category: secret, kind: file, path: [\"/no/such\"");
	for (int i = 0; i < 2 * ROUND_STEP; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, ", /no/such/%d", i);
	snprintf(text + len, sizeof(text) - len, ", \"%s\"]}\n", s->there);
	write_file(s->dir, "sources.yaml", text);
	assert_int_equal(catalog_load(&many, s->dir, NULL, &problems), 0);
	assert_int_equal(rename(s->there, s->gone), 0);
	assert_int_equal(host_open(&host, many), 0);
	assert_int_equal(rename(s->gone, s->there), 0);
	who = of(host, s->there);
	assert_null(host_identity(host, who.dev, who.ino));
	host_refresh(host);
	assert_int_equal(host->next, host->identity_count);
	host->round -= ROUND_AGE;
	for (int i = 0; i < 2; i++) {
		host_refresh(host);
		assert_int_equal(host->next, (size_t)(i + 1) * ROUND_STEP);
		assert_null(host_identity(host, who.dev, who.ino));
	}
	host_refresh(host);
	assert_int_equal(host->next, host->identity_count);
	assert_string_equal(host_identity(host, who.dev, who.ino), s->there);
	host_close(&host);
	catalog_free(&many);
}

static void a_link_to_a_device_is_no_identity(void **state)
{
	struct scene *s = *state;
	AUTO(host_close) struct host *host = NULL;
	struct stat st;

	assert_int_equal(unlink(s->there), 0);
	assert_int_equal(symlink("/dev/null", s->there), 0);
	assert_int_equal(host_open(&host, s->catalog), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_null(host_identity(host, DEV(major(st.st_dev), minor(st.st_dev)), st.st_ino));
}

static void procfs_has_no_identities(void **state)
{
	AUTO(host_close) struct host *host = NULL;

	(void)state;
	assert_int_equal(host_open(&host, NULL), 0);
	assert_int_equal(of(host, "/proc/version").ino, 0);
	assert_int_equal(of(host, "/").ino, 0);
	assert_int_equal(of(host, "/no/such/file").ino, 0);
}

static void a_stream_carries_the_identities(void **state)
{
	const struct process_id us = process_id_now(getpid());
	struct scene *s = *state;
	AUTO(host_close) struct host *live = NULL, *host = NULL;
	AUTO_FREE char *text = NULL;
	struct identity who;

	assert_int_equal(host_open(&live, s->catalog), 0);
	who = of(live, s->there);
	text = saved(live);
	assert_int_equal(host_open_recorded(&host, s->catalog), 0);
	load_all(host, text);
	unlink(s->there);
	assert_string_equal(host_identity(host, who.dev, who.ino), s->there);
	assert_int_equal(host_load(host, "@identity path=/no/literal dev=1:1 ino=5"), 0);
	assert_null(host_identity(host, DEV(1, 1), 5));
	assert_string_equal(host_exe(host, &us, (char[8]){ 0 }, 8), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_is_identified_by_its_current_inode,
						scene_open, scene_close),
		cmocka_unit_test_setup_teardown(a_look_is_cached_for_a_second, scene_open,
						scene_close),
		cmocka_unit_test_setup_teardown(removing_one_of_two_links_leaves_the_other,
						scene_open, scene_close),
		cmocka_unit_test_setup_teardown(a_round_is_cut_in_steps, scene_open, scene_close),
		cmocka_unit_test_setup_teardown(a_link_to_a_device_is_no_identity, scene_open,
						scene_close),
		cmocka_unit_test(procfs_has_no_identities),
		cmocka_unit_test_setup_teardown(a_stream_carries_the_identities, scene_open,
						scene_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
