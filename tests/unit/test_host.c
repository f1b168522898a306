/* SPDX-License-Identifier: Apache-2.0 */
/* test_host.c - paths of files on the host, names of devices, and both in a recording. */
#include "daemon/host/host.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/sysmacros.h>

#include <cmocka.h>

#include "host_fixture.h"

#define DEV(major, minor) ((uint32_t)(major) << 20 | (minor))

static const char mountinfo[] = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
				"22 27 0:21 / /proc rw shared:5 - proc proc rw\n"
				"40 27 8:1 / /srv rw - ext4 /dev/sda1 rw\n"
				"41 40 8:2 /deep/in /srv/data rw - ext4 /dev/sdb1 rw\n"
				"42 27 8:2 / /mnt rw - ext4 /dev/sdb1 rw\n"
				"43 27 8:3 / /a\\040b\\134c rw - ext4 /dev/sdc1 rw\n"
				"44 27 8:4 / /hidden rw - ext4 /dev/sdd1 rw\n"
				"45 44 0:50 / /hidden rw - tmpfs tmpfs rw\n"
				"46 42 8:5 / /mnt/x/y rw - ext4 /dev/sde1 rw\n"
				"47 42 0:51 / /mnt/x rw - tmpfs tmpfs rw\n"
				"48 27 254:0 /etc/hosts /srv/hosts rw - ext4 /dev/vda rw\n"
				"49 27 254:0 /home /home rw - ext4 /dev/vda rw\n"
				"50 27 8:6 /gone//deleted /old rw - ext4 /dev/sdf1 rw\n"
				"no mount at all\n"
				"51 27 8:x / /bad rw - ext4 /dev/sdg1 rw\n"
				"52 27 8:7";

static const struct path_case {
	int line;
	uint32_t dev;
	const char *fs_path, *shown;
} path_cases[] = {
	{ __LINE__, DEV(254, 0), "/etc/machine-id", "/etc/machine-id" },
	{ __LINE__, DEV(254, 0), "/etc/hosts", "/etc/hosts" },
	{ __LINE__, DEV(254, 0), "/home/u/.x", "/home/u/.x" },
	{ __LINE__, DEV(254, 0), "/", "/" },
	{ __LINE__, DEV(254, 0), "/srv/x", NULL }, /* hidden by the mount on /srv */
	{ __LINE__, DEV(8, 1), "/x", "/srv/x" },
	{ __LINE__, DEV(8, 1), "/", "/srv" },
	{ __LINE__, DEV(8, 2), "/deep/in/f", "/mnt/deep/in/f" }, /* the shorter mount point */
	{ __LINE__, DEV(8, 2), "/deep/inner", "/mnt/deep/inner" },
	{ __LINE__, DEV(8, 2), "/x/z", NULL }, /* hidden by /mnt/x, no other path */
	{ __LINE__, DEV(8, 3), "/f", "/a b\\c/f" },
	{ __LINE__, DEV(8, 4), "/f", NULL }, /* hidden by a second mount on the same point */
	{ __LINE__, DEV(8, 5), "/f", NULL }, /* a later mount hides its path */
	{ __LINE__, DEV(0, 50), "/f", "/hidden/f" },
	{ __LINE__, DEV(8, 6), "/gone/f", NULL },
	{ __LINE__, DEV(8, 9), "/f", NULL },
	{ __LINE__, DEV(8, 1), "relative", NULL },
};

static void check_paths(struct host *host)
{
	char buf[64];

	for (size_t i = 0; i < ARRAY_SIZE(path_cases); i++) {
		const struct path_case *c = &path_cases[i];
		const char *shown = host_path(host, c->dev, c->fs_path, buf, sizeof(buf));

		if (!shown != !c->shown || (shown && strcmp(shown, c->shown)))
			fail_msg("line %d: shown as %s", c->line, shown ? shown : "nothing");
	}
}

static void a_file_is_found_where_the_host_shows_it(void **state)
{
	AUTO(host_close) struct host *host = NULL;
	AUTO_FREE char *text = strdup(mountinfo);
	char small[4];

	(void)state;
	assert_int_equal(host_open_recorded(&host, NULL), 0);
	assert_int_equal(mounts_parse(&host->mounts, text), 0);
	check_paths(host);
	assert_null(host_path(host, DEV(8, 1), "/x", small, sizeof(small)));
	assert_null(host_path(host, DEV(8, 1), "/x", small, 0));
}

static void circular_mount_ids_end(void **state)
{
	char text[] =
		"1 9 8:1 / / - a a a\n5 1 8:2 / / - a a a\n1 5 8:3 / / - a a a\n7 7 8:4 / / - a a a\n";
	AUTO(mounts_close) struct mounts m;

	(void)state;
	mounts_init(&m);
	assert_int_equal(mounts_parse(&m, text), 0);
}

static void a_stream_carries_the_mounts(void **state)
{
	AUTO(host_close) struct host *host = NULL, *again = NULL;
	AUTO_FREE char *text = strdup(mountinfo), *first = NULL, *second = NULL;

	(void)state;
	assert_int_equal(host_open_recorded(&host, NULL), 0);
	assert_int_equal(host_open_recorded(&again, NULL), 0);
	assert_int_equal(mounts_parse(&host->mounts, text), 0);
	check_paths(host);
	first = saved(host);
	second = strdup(first);
	load_all(again, second);
	check_paths(again);
	free(second);
	second = saved(again);
	assert_string_equal(first, second);
}

static void a_device_has_the_name_it_was_recorded_with(void **state)
{
	AUTO(host_close) struct host *host = NULL;
	AUTO_FREE char *text = NULL;

	(void)state;
	assert_int_equal(host_open_recorded(&host, NULL), 0);
	assert_null(host_device(host, false, DEV(116, 24)));
	assert_int_equal(host_load(host, "@device char 116:24 name=snd/pcmC0D0c"), 0);
	assert_int_equal(host_load(host, "@device block 116:24 name=sda"), 0);
	assert_string_equal(host_device(host, false, DEV(116, 24)), "snd/pcmC0D0c");
	assert_string_equal(host_device(host, true, DEV(116, 24)), "sda");
	assert_null(host_device(host, true, DEV(1, 3)));
	text = saved(host);
	assert_string_equal(
		text, "@device char 116:24 name=snd/pcmC0D0c\n@device block 116:24 name=sda\n");
}

static void device_names_are_bounded(void **state)
{
	AUTO(host_close) struct host *host = NULL;

	(void)state;
	assert_int_equal(host_open_recorded(&host, NULL), 0);
	for (unsigned int i = 0; i < DEVICES_MAX + 10; i++) {
		char line[64];

		snprintf(line, sizeof(line), "@device char 1:%u name=n%u", i, i);
		assert_int_equal(host_load(host, line), 0);
	}
	assert_int_equal(host->devices.count, DEVICES_MAX);
	assert_non_null(host_device(host, false, DEV(1, DEVICES_MAX + 9)));
}

static void malformed_host_lines_are_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"#",
		"open tgid=1",
		"@",
		"@mount",
		"@peek dev=1:1",
		"@mount=1",
		"@mount dev=1:1 root=/",
		"@mount dev=1:1 root=x point=/",
		"@mount dev=1 root=/ point=/",
		"@mount dev=1:1 root=/ point=\"/",
		"@identity",
		"@identity path=/x dev=1:1",
		"@identity path=x dev=1:1 ino=1",
		"@identity path=/x dev=1:1 ino=-1",
		"@identity path=/x dev=1:1 ino=1 more=1",
		"@device",
		"@device char",
		"@device char 1:3",
		"@device tape 1:3 name=x",
		"@device char 1 name=x",
		"@device char 1:3 name=",
		"@device char 1:3 path=x",
		"@device char 4096:3 name=x",
	};
	AUTO(host_close) struct host *host = NULL;

	(void)state;
	assert_int_equal(host_open_recorded(&host, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (host_load(host, cases[i]) != -EINVAL)
			fail_msg("accepted: %s", cases[i]);
}

static void a_live_host_answers(void **state)
{
	const struct process_id us = process_id_now(getpid());
	const struct process_id later = { us.start + 1000000000, us.pid };
	AUTO(host_close) struct host *host = NULL;
	AUTO_FREE char *line = NULL;
	char buf[4096], **homes;
	size_t size = 0;
	FILE *out;

	(void)state;
	assert_int_equal(host_open(&host, NULL), 0);
	assert_true(host->mounts.count > 0);
	assert_int_equal(*host_exe(host, &us, buf, sizeof(buf)), '/');
	assert_string_equal(host_exe(host, &later, buf, sizeof(buf)), "");
	out = open_memstream(&line, &size);
	host_save_to(host, out);
	if (!access("/sys/dev/char/1:3/uevent", R_OK)) {
		assert_string_equal(host_device(host, false, DEV(1, 3)), "null");
		assert_string_equal(host_device(host, false, DEV(1, 3)), "null");
	}
	host_refresh(host);
	host_save_to(host, NULL);
	fclose(out);
	assert_string_equal(line, size ? "@device char 1:3 name=null\n" : "");
	homes = host_homes();
	assert_non_null(homes);
	host_homes_free(homes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_found_where_the_host_shows_it),
		cmocka_unit_test(circular_mount_ids_end),
		cmocka_unit_test(a_stream_carries_the_mounts),
		cmocka_unit_test(a_device_has_the_name_it_was_recorded_with),
		cmocka_unit_test(device_names_are_bounded),
		cmocka_unit_test(malformed_host_lines_are_refused),
		cmocka_unit_test(a_live_host_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
