/* SPDX-License-Identifier: Apache-2.0 */
/* catalog.c - generates catalogs of any size. */
#include "catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"

#define EXIST_EACH \
	20 /* one in this many literal paths is a real file: piaudit knows real files by identity
	    * too */

/* One row for each family of probes, so that all are loaded. None matches a call of the worker. */
static const char families[] =
	"  - { id: bench_ioctl, category: mac_address, kind: ioctl, request: SIOCGIFHWADDR, number: 0x8927 }\n"
	"  - { id: bench_netlink, category: mac_address, kind: netlink, protocol: 0, message: 18 }\n"
	"  - { id: bench_device, category: av_device_info, kind: device, device: char, major: 81 }\n"
	"  - { id: bench_call, category: operating_system, kind: call, call: uname }\n"
	"  - { id: bench_connect, category: precise_location, kind: connect, port: 2947 }\n";
#define FAMILIES 5

static int copy(const char *from, const char *to)
{
	AUTO_FILE FILE *in = fopen(from, "re");
	AUTO_FILE FILE *out = fopen(to, "we");
	char buf[4096];
	size_t len;

	if (!in || !out)
		return -errno;
	while ((len = fread(buf, 1, sizeof(buf), in)))
		if (fwrite(buf, 1, len, out) != len)
			return -EIO;
	return ferror(in) || fflush(out) ? -EIO : 0;
}

static void touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

/* Half literal paths, half patterns of the two forms that catalogs use. */
static void put_source(FILE *f, const struct catalog_plan *plan, unsigned int i)
{
	static const char *const form[] = { "%s/place%u.conf", "%s/app%u/*/data.db",
					    "%s/place%u.key", "%s/app%u/**" };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), form[i % 4], plan->places, i);
	if (i % 2 == 0 && i % EXIST_EACH == 0)
		touch(path);
	fprintf(f, "  - { id: bench_%u, category: serial_number, kind: file, path: \"%s\" }\n", i,
		path);
}

static int put_sources(const struct catalog_plan *plan, const char *path)
{
	AUTO_FILE FILE *f = fopen(path, "we");
	unsigned int files = plan->sources - FAMILIES;

	if (!f)
		return -errno;
	fprintf(f, "# sources.yaml - generated: %u sources.\n\nsources:\n%s", plan->sources,
		families);
	for (unsigned int i = 0; i < files; i++) {
		if (i == files / 2)
			fprintf(f,
				"  - { id: %s, category: machine_id, kind: file, path: \"%s\" }\n",
				plan->source, plan->hit);
		else
			put_source(f, plan, i);
	}
	return fflush(f) || ferror(f) ? -EIO : 0;
}

int catalog_write(const struct catalog_plan *plan)
{
	char path[PATH_MAX];
	int err = 0;

	if (mkdir(plan->dir, 0700) || (mkdir(plan->places, 0700) && errno != EEXIST))
		return log_err(-errno, "bench: folder %s", plan->dir);
	if (snprintf(path, sizeof(path), "%s/categories.yaml", plan->dir) >= PATH_MAX)
		return log_err(-ENAMETOOLONG, "bench: folder %s", plan->dir);
	err = copy(plan->categories, path);
	if (err)
		return log_err(err, "bench: copy %s", plan->categories);
	snprintf(path, sizeof(path), "%s/sources.yaml", plan->dir);
	err = put_sources(plan, path);
	return err ? log_err(err, "bench: write %s", path) : 0;
}
