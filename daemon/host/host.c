/* SPDX-License-Identifier: Apache-2.0 */
/* host.c - facts about the machine: its mounts, and the identities of the catalog's files. */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/record/record_lex.h"
#include "daemon/record/record_path.h"
#include "daemon/util/log.h"
#include "devices.h"
#include "mounts.h"
#include "policy/match.h"
#include "question.h"

#define ROUND_AGE 10 /* seconds between two rounds of checks of all literal paths */
/*
 * Literal paths checked in one call. This takes a third of a millisecond, and the reader waits for
 * it.
 */
#define ROUND_STEP  256
#define NAMES_ASKED 8    /* maximum of names of one file that are checked, one after the other */
#define PATH_TEXT   4096 /* bytes of a path in a line, PATH_MAX */

/* The file at a literal path; ino 0 = none. */
struct identity {
	uint64_t ino;
	uint32_t dev;
	/*
	 * CLOCK_MONOTONIC, s, of the last check. Used only within that second, because inode
	 * numbers are reused.
	 */
	uint32_t looked;
};

struct host {
	struct catalog *catalog; /* borrowed; NULL for none */
	struct mounts mounts;
	struct devices devices;
	struct identity *identities; /* by index of the catalog's literal */
	size_t identity_count;
	/* The literal that the round continues with; identity_count: no round is active. */
	size_t next;
	uint32_t round; /* start of the last round */
	bool live;
};

static uint32_t host_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint32_t)t.tv_sec;
}

/*
 * A literal can be a link to a device, such as a shell history that is a link to /dev/null. The
 * device gets no identity from it.
 */
static bool has_identity(const char *path, unsigned int mode)
{
	if (S_ISREG(mode))
		return true;
	return (S_ISCHR(mode) || S_ISBLK(mode)) && !strncmp(path, "/dev/", 5);
}

/*
 * The superblock's device comes from the mount, because st_dev is another number on btrfs and
 * overlayfs. A file server that does not answer must not delay the reader, so cached attributes are
 * enough.
 */
static struct identity host_look(const struct host *host, const char *path)
{
	const struct identity none = { 0 };
	const struct mount *mount;
	struct statx st;

	if (statx(AT_FDCWD, path, AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
		  STATX_TYPE | STATX_INO | STATX_MNT_ID, &st))
		return none;
	if (!has_identity(path, st.stx_mode))
		return none;
	mount = st.stx_mask & STATX_MNT_ID ? mounts_by_id(&host->mounts, st.stx_mnt_id) : NULL;
	if (mount && mount->proc)
		return none;
	return (struct identity){
		.dev = mount ? mount->dev : record_lex_dev(st.stx_dev_major, st.stx_dev_minor),
		.ino = st.stx_ino,
	};
}

static void identify(struct host *host, size_t i, const char *path, struct identity who)
{
	struct identity *known = &host->identities[i];

	if (known->dev == who.dev && known->ino == who.ino)
		return;
	if (!catalog_identify(host->catalog, path, who.dev, who.ino))
		*known = who;
	else
		log_warn("host: %s: cannot be recognized by its inode: out of memory", path);
}

static void look_again(struct host *host, size_t i)
{
	const char *path = catalog_literal(host->catalog, i);

	identify(host, i, path, host_look(host, path));
	host->identities[i].looked = host_now();
}

/* Continues the active round with at most @most paths. */
static void host_look_around(struct host *host, size_t most)
{
	for (; most && host->next < host->identity_count; most--)
		look_again(host, host->next++);
}

static int open_host(struct host **out, struct catalog *catalog, bool live)
{
	AUTO(host_close) struct host *host = calloc(1, sizeof(*host));

	if (!host)
		return -ENOMEM;
	host->catalog = catalog;
	mounts_init(&host->mounts);
	while (catalog && catalog_literal(catalog, host->identity_count))
		host->identity_count++;
	host->next = host->identity_count;
	host->live = live;
	host->identities = calloc(host->identity_count + 1, sizeof(*host->identities));
	if (!host->identities)
		return -ENOMEM;
	*out = TAKE(host);
	return 0;
}

int host_open_recorded(struct host **out, struct catalog *catalog)
{
	return open_host(out, catalog, false);
}

int host_open(struct host **out, struct catalog *catalog)
{
	AUTO(host_close) struct host *host = NULL;
	int err = open_host(&host, catalog, true), fd;

	if (err)
		return err;
	fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	err = mounts_open(&host->mounts, fd < 0 ? -errno : fd);
	if (err)
		return log_err(err, "host: /proc/self/mountinfo: cannot be read");
	host->devices.live = true;
	host->round = host_now();
	host->next = 0;
	host_look_around(host, host->identity_count);
	*out = TAKE(host);
	return 0;
}

void host_close(struct host **host)
{
	if (!*host)
		return;
	mounts_close(&(*host)->mounts);
	devices_close(&(*host)->devices);
	free((*host)->identities);
	free(*host);
	*host = NULL;
}

const char *host_path(struct host *host, uint32_t dev, const char *fs_path, char *buf, size_t size)
{
	return mounts_path(&host->mounts, dev, fs_path, buf, size);
}

/* Whether literal @i is still this file. */
static bool host_still(struct host *host, size_t i, uint32_t dev, uint64_t ino)
{
	const struct identity *who = &host->identities[i];

	if (host_now() != who->looked)
		look_again(host, i);
	return who->dev == dev && who->ino == ino;
}

const char *host_identity(struct host *host, uint32_t dev, uint64_t ino)
{
	const char *path = host->catalog && ino ? catalog_identity(host->catalog, dev, ino) : NULL;

	if (!path || !host->live)
		return path;
	/*
	 * If a name belongs to another file now, it is dropped from the catalog. Then the file's
	 * next name is checked.
	 */
	for (size_t n = 0; path && n < NAMES_ASKED; n++) {
		size_t i = catalog_literal_place(host->catalog, path);

		if (i < host->identity_count && host_still(host, i, dev, ino))
			return path;
		path = catalog_identity(host->catalog, dev, ino);
	}
	return NULL;
}

const char *host_device(struct host *host, bool block, uint32_t rdev)
{
	return devices_name(&host->devices, block, rdev);
}

int host_device_number(struct host *host, const char *name, bool *block, uint32_t *rdev)
{
	return devices_number(&host->devices, name, block, rdev);
}

/* A file that a program mounts over a known path does not count as the program at that path. */
const char *host_record_exe(struct host *host, const struct pia_event *ev, char *buf, size_t size)
{
	char inside[PATH_MAX];
	const char *known;

	if (ev->op > PIA_OP_EXEC || !ev->path.len)
		return "";
	known = host_path(host, ev->file.dev, record_fs_path(ev, inside, sizeof(inside)), buf,
			  size);
	return known ?: record_path(ev, buf, size);
}

const char *host_exe(struct host *host, const struct process_id *who, char *buf, size_t size)
{
	if (!size)
		return "";
	*buf = '\0';
	if (host->live)
		question_text(who, QUESTION_EXE, "", buf, size);
	return buf;
}

void host_refresh(struct host *host)
{
	int changed;

	if (!host->live)
		return;
	changed = mounts_refresh(&host->mounts);
	if (changed < 0)
		log_err(changed, "host: /proc/self/mountinfo: cannot be read, the previous list of "
				 "mounts stays in use");
	if (host->next == host->identity_count && host_now() - host->round >= ROUND_AGE) {
		host->round = host_now();
		host->next = 0;
	}
	host_look_around(host, ROUND_STEP);
}

/* The host in a recorded stream. */

int host_save(struct host *host, FILE *out)
{
	for (size_t i = 0; i < host->mounts.count; i++) {
		const struct mount *m = &host->mounts.list[i];

		fprintf(out, "@mount dev=%u:%u", m->dev >> 20, m->dev & 0xfffff);
		record_lex_text(out, "root", m->root, strlen(m->root));
		record_lex_text(out, "point", m->point, strlen(m->point));
		putc('\n', out);
	}
	for (size_t i = 0; i < host->identity_count; i++) {
		const struct identity *who = &host->identities[i];
		const char *path = catalog_literal(host->catalog, i);

		if (!who->ino)
			continue;
		fputs("@identity", out);
		record_lex_text(out, "path", path, strlen(path));
		fprintf(out, " dev=%u:%u ino=%" PRIu64 "\n", who->dev >> 20, who->dev & 0xfffff,
			who->ino);
	}
	return devices_save(&host->devices, out);
}

void host_save_to(struct host *host, FILE *out)
{
	host->devices.out = out;
}

/* The values of a host line. A value that is not given stays empty. */
struct line {
	char path[PATH_TEXT], root[PATH_TEXT], point[PATH_TEXT];
	uint32_t dev;
	uint64_t ino;
};

static int parse_words(const char *line, struct line *l)
{
	struct record_word word;
	const char *why;
	int more, err = 0;

	while (!err && (more = record_lex_next(&line, &word, &why))) {
		if (more < 0)
			return more;
		if (record_word_is(&word, "path"))
			err = record_word_text(&word, l->path, sizeof(l->path));
		else if (record_word_is(&word, "root"))
			err = record_word_text(&word, l->root, sizeof(l->root));
		else if (record_word_is(&word, "point"))
			err = record_word_text(&word, l->point, sizeof(l->point));
		else if (record_word_is(&word, "dev"))
			err = record_word_device(&word, &l->dev);
		else if (record_word_is(&word, "ino"))
			err = record_word_number(&word, 0, UINT64_MAX, &l->ino);
		else
			err = -EINVAL;
		err = err > 0 ? 0 : err;
	}
	return err;
}

static int load_mount(struct host *host, const char *rest)
{
	struct line l = { 0 };
	int err = parse_words(rest, &l);

	return err ? err : mounts_add(&host->mounts, l.dev, l.root, l.point);
}

/*
 * A path that is not a literal of this catalog comes from the catalog of the recording. It is not
 * needed here.
 */
static int load_identity(struct host *host, const char *rest)
{
	struct line l = { 0 };
	int err = parse_words(rest, &l);
	size_t i;

	if (err || *l.path != '/' || !l.ino)
		return -EINVAL;
	i = host->catalog ? catalog_literal_place(host->catalog, l.path) : SIZE_MAX;
	if (i < host->identity_count)
		identify(host, i, l.path, (struct identity){ .dev = l.dev, .ino = l.ino });
	return 0;
}

static int load_device(struct host *host, const char *rest)
{
	return devices_load(&host->devices, rest);
}

int host_load(struct host *host, const char *line)
{
	static const struct {
		const char *word;
		int (*load)(struct host *host, const char *rest);
	} kinds[] = {
		{ "@mount", load_mount },
		{ "@identity", load_identity },
		{ "@device", load_device },
	};
	struct record_word word;
	const char *why;

	if (record_lex_next(&line, &word, &why) <= 0 || word.value)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (record_word_is(&word, kinds[i].word))
			return kinds[i].load(host, line);
	return -EINVAL;
}
