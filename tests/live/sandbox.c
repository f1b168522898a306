// SPDX-License-Identifier: Apache-2.0
/* sandbox.c - reaches the watched file through its own mounts: `sandbox WAY DIRECTORY`. Every
 * way first leaves the mount namespace of the machine, so that its mounts are private and
 * temporary. */
#include <limits.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "secret.h"

static char buf[PATH_MAX];

static const char *under(const char *dir, const char *name)
{
	snprintf(buf, sizeof(buf), "%s/%s", dir, name);
	return buf;
}

static int touch(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0644);

	return fd < 0 ? -1 : close(fd);
}

static int leave(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return secret_skip("new mount namespace");
	return 0;
}

static int way_bind(const char *dir)
{
	if (leave())
		return SKIP;
	if (touch(under(dir, "file")) || mount(SECRET, buf, NULL, MS_BIND, NULL))
		return secret_skip("bind mount");
	return secret_read(open(buf, O_RDONLY));
}

static int way_bind_directory(const char *dir)
{
	if (leave())
		return SKIP;
	if (mkdir(under(dir, "etc"), 0755) || mount("/etc", buf, NULL, MS_BIND, NULL))
		return secret_skip("bind mount");
	return secret_read(open(under(dir, "etc/machine-id"), O_RDONLY));
}

static int way_chroot(const char *dir)
{
	if (leave())
		return SKIP;
	if (mount("/", dir, NULL, MS_BIND, NULL) || chroot(dir) || chdir("/"))
		return secret_skip("chroot");
	return secret_read(open(SECRET, O_RDONLY));
}

/* A private root, as Flatpak and Snap make it; the old root is unmounted when the file is read. */
static int new_root(const char *dir)
{
	if (leave())
		return SKIP;
	if (mount("tmpfs", dir, "tmpfs", 0, NULL) || mkdir(under(dir, "etc"), 0755) ||
	    mkdir(under(dir, "old"), 0755) || touch(under(dir, "etc/machine-id")))
		return secret_skip("tmpfs root");
	return 0;
}

static int enter(const char *dir)
{
	if (chdir(dir) || syscall(SYS_pivot_root, ".", "old") || chdir("/"))
		return secret_skip("pivot_root");
	return umount2("/old", MNT_DETACH) ? secret_skip("umount") : 0;
}

static int way_pivot(const char *dir)
{
	if (new_root(dir))
		return SKIP;
	if (mount(SECRET, under(dir, "etc/machine-id"), NULL, MS_BIND, NULL))
		return secret_skip("bind mount");
	return enter(dir) ?: secret_read(open(SECRET, O_RDONLY));
}

/* Another inode, under the name that the sandboxed program sees. */
static int way_copy(const char *dir)
{
	int fd, err;

	err = new_root(dir);
	if (err)
		return err;
	fd = open(under(dir, "etc/machine-id"), O_WRONLY);
	if (fd < 0 || write(fd, "0123456789abcdef0123456789abcdef\n", 33) != 33)
		return secret_fail("copy");
	close(fd);
	return enter(dir) ?: secret_read(open(SECRET, O_RDONLY));
}

/* The same for a chroot to a directory that is no mount point. */
static int way_copy_chroot(const char *dir)
{
	int fd;

	if (mkdir(under(dir, "etc"), 0755))
		return secret_fail("mkdir");
	fd = open(under(dir, "etc/machine-id"), O_WRONLY | O_CREAT, 0644);
	if (fd < 0 || write(fd, "0123456789abcdef0123456789abcdef\n", 33) != 33)
		return secret_fail("copy");
	close(fd);
	if (chroot(dir) || chdir("/"))
		return secret_skip("chroot");
	return secret_read(open(SECRET, O_RDONLY));
}

static const struct way ways[] = {
	{ "bind", way_bind },     { "bind-directory", way_bind_directory },
	{ "chroot", way_chroot }, { "pivot", way_pivot },
	{ "copy", way_copy },     { "copy-chroot", way_copy_chroot },
};

int main(int argc, char **argv)
{
	return secret_main(ways, sizeof(ways) / sizeof(ways[0]), argc, argv);
}
