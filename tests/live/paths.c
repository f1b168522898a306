// SPDX-License-Identifier: Apache-2.0
/* paths.c - reaches the watched file by other names: `paths WAY [DIRECTORY]`. */
#include <dirent.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "secret.h"

static int way_plain(const char *unused)
{
	(void)unused;
	return secret_read(open(SECRET, O_RDONLY));
}

static int by_link(const char *dir, int (*make)(const char *, const char *))
{
	char name[PATH_MAX];
	int err;

	snprintf(name, sizeof(name), "%s/other", dir);
	if (make(SECRET, name))
		return secret_skip("link");
	err = secret_read(open(name, O_RDONLY));
	unlink(name);
	return err;
}

static int way_symlink(const char *dir)
{
	return by_link(dir, symlink);
}

static int way_hardlink(const char *dir)
{
	return by_link(dir, link);
}

static int way_procroot(const char *unused)
{
	(void)unused;
	return secret_read(open("/proc/self/root" SECRET, O_RDONLY));
}

static int way_dotdot(const char *unused)
{
	(void)unused;
	return secret_read(open("/usr/../etc/./../etc/machine-id", O_RDONLY));
}

static int way_dirfd(const char *unused)
{
	int dir = open("/etc", O_PATH | O_DIRECTORY);

	(void)unused;
	return secret_read(openat(dir, "machine-id", O_RDONLY));
}

static int way_cwd(const char *unused)
{
	(void)unused;
	if (chdir("/etc"))
		return secret_fail("chdir");
	return secret_read(open("machine-id", O_RDONLY));
}

/* O_PATH reads nothing; the descriptor that is opened through it does. */
static int way_reopen(const char *unused)
{
	char name[64];
	int fd = open(SECRET, O_PATH);

	(void)unused;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	return secret_read(open(name, O_RDONLY));
}

static int way_openat2(const char *unused)
{
	struct open_how how = { .flags = O_RDONLY };

	(void)unused;
	return secret_read(syscall(SYS_openat2, AT_FDCWD, SECRET, &how, sizeof(how)));
}

static int way_handle(const char *unused)
{
	struct {
		struct file_handle head;
		unsigned char bytes[MAX_HANDLE_SZ];
	} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
	int mount, root, fd;

	(void)unused;
	if (name_to_handle_at(AT_FDCWD, SECRET, &handle.head, &mount, 0))
		return secret_skip("name_to_handle_at");
	root = open("/etc", O_RDONLY | O_DIRECTORY);
	fd = open_by_handle_at(root, &handle.head, O_RDONLY);
	return fd < 0 ? secret_skip("open_by_handle_at") : secret_read(fd);
}

static int way_mmap(const char *unused)
{
	int fd = open(SECRET, O_RDONLY);
	char *text = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	(void)unused;
	if (text == MAP_FAILED)
		return secret_fail("mmap");
	printf(text[0] ? "secret read\n" : "empty\n");
	return 0;
}

/* The 32-bit entry takes 32-bit pointers, so the path must be in low memory. Its open is 5, its
 * openat 295. */
static long compat_call(long number, long a, long b, long c)
{
	long ret;

	asm volatile("int $0x80"
		     : "=a"(ret)
		     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(0l)
		     : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

static int compat(int openat_too)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long fd;

	if (low == MAP_FAILED)
		return secret_skip("MAP_32BIT");
	memcpy(low, SECRET, sizeof(SECRET));
	fd = openat_too ? compat_call(295, AT_FDCWD, (long)low, O_RDONLY)
			: compat_call(5, (long)low, O_RDONLY, 0);
	errno = fd < 0 ? -fd : 0;
	return fd == -ENOSYS ? secret_skip("int 0x80") : secret_read(fd);
}

static int way_int80(const char *unused)
{
	(void)unused;
	return compat(0);
}

static int way_int80_openat(const char *unused)
{
	(void)unused;
	return compat(1);
}

/* Ways that must not be reported: the file is opened, but cannot be read. */
static int silent(int flags)
{
	int fd = open(SECRET, flags);

	if (fd < 0)
		return secret_fail("open");
	close(fd);
	printf("done\n");
	return 0;
}

static int way_opath(const char *unused)
{
	(void)unused;
	return silent(O_PATH);
}

static int way_writeonly(const char *unused)
{
	(void)unused;
	return silent(O_WRONLY);
}

static int way_stat(const char *unused)
{
	struct stat st;

	(void)unused;
	if (stat(SECRET, &st) || access(SECRET, R_OK))
		return secret_fail("stat");
	printf("done\n");
	return 0;
}

static const struct way ways[] = {
	{ "plain", way_plain },       { "symlink", way_symlink },
	{ "hardlink", way_hardlink }, { "procroot", way_procroot },
	{ "dotdot", way_dotdot },     { "dirfd", way_dirfd },
	{ "cwd", way_cwd },           { "reopen", way_reopen },
	{ "openat2", way_openat2 },   { "handle", way_handle },
	{ "mmap", way_mmap },         { "int80", way_int80 },
	{ "opath", way_opath },       { "int80-openat", way_int80_openat },
	{ "stat", way_stat },         { "writeonly", way_writeonly },
};

int main(int argc, char **argv)
{
	return secret_main(ways, sizeof(ways) / sizeof(ways[0]), argc, argv);
}
