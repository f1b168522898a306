/* SPDX-License-Identifier: Apache-2.0 */
/* host_fixture.h - a host as in a recording: saved to text, and loaded from it. */
#ifndef PIAUDIT_TEST_HOST_FIXTURE_H
#define PIAUDIT_TEST_HOST_FIXTURE_H

static char *saved(struct host *host)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(host_save(host, out), 0);
	fclose(out);
	return text;
}

static void load_all(struct host *host, char *text)
{
	for (char *line = strsep(&text, "\n"); line; line = strsep(&text, "\n"))
		if (*line)
			assert_int_equal(host_load(host, line), 0);
}

#endif
