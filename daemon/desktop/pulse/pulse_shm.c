/* SPDX-License-Identifier: Apache-2.0 */
/* pulse_shm.c - what clients of PulseAudio say through memory that they share with it, where no system call shows it. */
#include "pulse_shm.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/open_regular.h"

#define RINGS_MAX    64         /* clients at once; one more is not followed, and that is told */
#define CAPACITY_MAX (64 << 10) /* bytes of a ring: half of PulseAudio's largest block, 32 KiB */
#define LOOK_BYTES   4096       /* of a mapping, in which the head of a ring stands */
#define READ_NS      50000000   /* between two looks */
#define FRAME_HEAD   20
#define FRAME_MAX    CAPACITY_MAX
#define FILE_NAME    "/memfd:pulseaudio" /* in /proc/PID/maps */

/* The head of a ring. Source: PulseAudio, pulsecore/srbchannel.c; numbers are the machine's. */
struct ring_head {
	int32_t counts[2], wakes[6];
	int32_t capacity;
	int32_t read_at, write_at; /* from the head: what the server reads, what it writes */
};

/* Of a process; path: in its map_files. */
struct map {
	char path[64];
	ino_t ino;
};

struct ring {
	struct ring *next;
	int fd; /* the memory: it outlives its program */
	ino_t ino;
	off_t at; /* of the first byte that a client writes */
	char map[64];
	bool lost;
	uint32_t capacity, place; /* place: of the next frame, counted on around the ring */
	unsigned char *taken, *before, *now; /* as taken; as it was at the look before; as it is */
	struct pia_event ev;                 /* who writes */
	char server[128];
};

struct pulse_shm {
	dev_t memory; /* where files are that have no name: no other file system is waited for */
	struct ring *first;
	size_t count;
	uint64_t looked;
};

int pulse_shm_open(struct pulse_shm **out)
{
	AUTO_FD int fd = memfd_create("piaudit", MFD_CLOEXEC);
	struct stat st = { .st_dev = 0 };

	*out = calloc(1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	if (fd >= 0 && !fstat(fd, &st))
		(*out)->memory = st.st_dev;
	return 0;
}

static void ring_free(struct ring *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r->taken);
	free(r);
}

void pulse_shm_close(struct pulse_shm **rings)
{
	struct ring *next;

	if (!*rings)
		return;
	for (struct ring *r = (*rings)->first; r; r = next) {
		next = r->next;
		ring_free(r);
	}
	free(*rings);
	*rings = NULL;
}

/* The answer of a client to the offer of a ring, the last that it says on the socket: libpulse sends it in one call. */
static bool shm_leaves(const struct pia_event *ev)
{
	static const unsigned char answer[] = { 0, 0, 0,   10, 0xff, 0xff, 0xff, 0xff, 0,
						0, 0, 0,   0,  0,    0,    0,    0,    0,
						0, 0, 'L', 0,  0,    0,    101,  'L' };

	return ev->op == PIA_OP_MESSAGE && ev->base.len && ev->data.len >= sizeof(answer) &&
	       memmem((const char *)ev + ev->data.off, ev->data.len, answer, sizeof(answer));
}

static bool followed(const struct pulse_shm *rings, ino_t ino)
{
	for (const struct ring *r = rings->first; r; r = r->next)
		if (r->ino == ino)
			return true;
	return false;
}

/* Where in the mapping a ring's bytes begin; 0: there is none. */
static off_t find_head(int fd, uint32_t *capacity)
{
	unsigned char bytes[LOOK_BYTES];
	struct ring_head head;

	if (pread(fd, bytes, sizeof(bytes), 0) != sizeof(bytes))
		return 0;
	for (size_t at = 0; at + sizeof(head) <= sizeof(bytes); at += 8) {
		memcpy(&head, bytes + at, sizeof(head));
		if (head.capacity < 1024 || head.capacity > CAPACITY_MAX ||
		    head.read_at < (int32_t)sizeof(head) || head.read_at > 128)
			continue;
		if (head.write_at < head.read_at + head.capacity ||
		    head.write_at > head.read_at + head.capacity + 64)
			continue;
		*capacity = (uint32_t)head.capacity;
		return (off_t)at + head.read_at;
	}
	return 0;
}

/* A ring in the mapping that @map names; NULL if it is none, or one that is followed already. */
static struct ring *ring_at(const struct pulse_shm *rings, const char *map)
{
	struct ring *r = calloc(1, sizeof(*r));
	struct stat st;

	if (!r)
		return NULL;
	snprintf(r->map, sizeof(r->map), "%s", map);
	/* The mapping may be another by now. */
	r->fd = open_regular(map);
	if (r->fd < 0 || fstat(r->fd, &st) || st.st_dev != rings->memory ||
	    followed(rings, st.st_ino))
		goto none;
	r->ino = st.st_ino;
	r->at = find_head(r->fd, &r->capacity);
	r->taken = r->at ? calloc(3, r->capacity) : NULL;
	if (!r->taken)
		goto none;
	r->before = r->taken + r->capacity;
	r->now = r->before + r->capacity;
	return r;
none:
	ring_free(r);
	return NULL;
}

/* The next mapping of such memory in /proc/PID/maps: how it is called there, and which file it is. */
static bool next_map(const struct pulse_shm *rings, FILE *maps, uint32_t tgid, struct map *out)
{
	char line[512], range[40];
	unsigned int major_id, minor_id;
	unsigned long ino;

	while (maps && fgets(line, sizeof(line), maps)) {
		if (!strstr(line, FILE_NAME) ||
		    sscanf(line, "%39[0-9a-f-] %*s %*s %x:%x %lu", range, &major_id, &minor_id,
			   &ino) != 4 ||
		    makedev(major_id, minor_id) != rings->memory)
			continue;
		snprintf(out->path, sizeof(out->path), "/proc/%u/map_files/%s", tgid, range);
		out->ino = ino;
		return true;
	}
	return false;
}

static FILE *maps_of(uint32_t tgid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/maps", tgid);
	return fopen(path, "re");
}

static struct ring *find_ring(const struct pulse_shm *rings, uint32_t tgid)
{
	AUTO_FILE FILE *maps = maps_of(tgid);
	struct ring *r = NULL;
	struct map map;

	while (!r && next_map(rings, maps, tgid, &map))
		r = ring_at(rings, map.path);
	return r;
}

/* The socket of whoever writes: while it is open its ring is read, by whomever. */
static bool has_socket(const struct ring *r)
{
	char path[64], name[48], link[48];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u/fd", r->ev.tgid);
	snprintf(name, sizeof(name), "socket:[%llu]", r->ev.file.ino);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);

		link[n > 0 ? n : 0] = '\0';
		found = strcmp(link, name) == 0;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* A client can map it elsewhere, or let go of it for a while: what is written then is seen all the same. */
static bool is_shared(const struct pulse_shm *rings, struct ring *r)
{
	AUTO_FILE FILE *maps = NULL;
	struct map map;

	if (!access(r->map, F_OK))
		return true;
	maps = maps_of(r->ev.tgid);
	while (next_map(rings, maps, r->ev.tgid, &map)) {
		if (map.ino != r->ino)
			continue;
		memcpy(r->map, map.path, sizeof(r->map));
		return true;
	}
	return has_socket(r);
}

bool pulse_shm_follow(struct pulse_shm *rings, const struct pia_event *ev)
{
	struct ring *r;
	bool found = false;

	if (!shm_leaves(ev))
		return false;
	/* All of them: a client could have made one that only looks so. */
	while (rings->count < RINGS_MAX) {
		r = find_ring(rings, ev->tgid);
		if (!r)
			return found;
		memcpy(&r->ev, ev, sizeof(r->ev));
		snprintf(r->server, sizeof(r->server), "%s", (const char *)ev + ev->base.off);
		r->next = rings->first;
		rings->first = r;
		rings->count++;
		found = true;
	}
	return false; /* there may be one more */
}

/* @count bytes around the ring's end. */
static void copy_out(const struct ring *r, const unsigned char *ring, size_t count, void *out)
{
	size_t from = r->place % r->capacity, tail = r->capacity - from;

	tail = tail < count ? tail : count;
	memcpy(out, ring + from, tail);
	memcpy((unsigned char *)out + tail, ring, count - tail);
}

/* Whether @size bytes of the next frame are new and whole. Tags count up: no two frames in one place are the same. */
static bool is_new(const struct ring *r, size_t size, bool last, unsigned char *frame)
{
	static unsigned char other[FRAME_MAX];

	copy_out(r, r->now, size, frame);
	copy_out(r, r->taken, size, other);
	if (memcmp(frame, other, size) == 0)
		return false;
	/* Half of it may be written: what stands still is whole. */
	copy_out(r, r->before, size, other);
	return last || memcmp(frame, other, size) == 0;
}

/* The size of the next frame; 0: none that is whole and new. More than a ring's: what stands there is no frame. */
static size_t next_frame(const struct ring *r, bool last, unsigned char *frame)
{
	size_t size;

	if (!is_new(r, FRAME_HEAD, last, frame))
		return 0;
	size = FRAME_HEAD +
	       ((size_t)frame[0] << 24 | (size_t)frame[1] << 16 | (size_t)frame[2] << 8 | frame[3]);
	return size > r->capacity || is_new(r, size, last, frame) ? size : 0;
}

/* To whom a frame goes, and when. */
struct listener {
	uint64_t now;
	pulse_shm_fn fn;
	void *context;
};

/* Of @size bytes, as many as a record holds; of what is no frame, none: its reader has lost the thread. */
static void tell_frame(struct ring *r, const unsigned char *frame, size_t size,
		       const struct listener *to)
{
	struct {
		struct pia_event ev;
		char tails[sizeof(r->server) + PIA_DATA_MAX];
	} record = { .ev = r->ev };
	size_t name = strlen(r->server) + 1, data = size < PIA_DATA_MAX ? size : PIA_DATA_MAX;

	if (size > r->capacity) {
		size = r->capacity;
		data = 0;
	}

	record.ev.time = to->now;
	record.ev.flags = PIA_F_SHARED;
	record.ev.file.dev = 0; /* a stream of its own beside that of the socket */
	record.ev.file.ino = r->ino;
	record.ev.sub = r->place;
	record.ev.length = (uint32_t)size;
	record.ev.ret = (int32_t)size;
	record.ev.number = record.ev.rdev = 0;
	record.ev.base = (struct pia_tail){ sizeof(record.ev), (uint16_t)name };
	record.ev.data = (struct pia_tail){ (uint16_t)(sizeof(record.ev) + name), (uint16_t)data };
	record.ev.size = (uint16_t)(sizeof(record.ev) + name + data);
	memcpy(record.tails, r->server, name);
	memcpy(record.tails + name, frame, data);
	to->fn(to->context, &record, record.ev.size);
}

static void mark_taken(struct ring *r, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		size_t at = (r->place + i) % r->capacity;

		r->taken[at] = r->now[at];
	}
	r->place += (uint32_t)size;
}

static void ring_read(struct ring *r, bool last, const struct listener *to)
{
	static unsigned char frame[FRAME_MAX];
	size_t size, all = 0;

	memcpy(r->before, r->now, r->capacity);
	if (pread(r->fd, r->now, r->capacity, r->at) != (ssize_t)r->capacity)
		return;
	while (!r->lost && (size = next_frame(r, last, frame))) {
		/* Who fills half of it between two looks may have gone round once more: a hole of that size. */
		if (all <= r->capacity / 2 && all + size > r->capacity / 2)
			r->place += r->capacity;
		all += size;
		tell_frame(r, frame, size, to);
		r->lost = size > r->capacity;
		if (!r->lost)
			mark_taken(r, size);
	}
}

void pulse_shm_read(struct pulse_shm *rings, uint64_t now, pulse_shm_fn fn, void *context)
{
	const struct listener to = { now, fn, context };

	if (now - rings->looked < READ_NS)
		return;
	rings->looked = now;
	for (struct ring **at = &rings->first, *r; (r = *at);) {
		bool last = !is_shared(rings, r);

		ring_read(r, last, &to);
		if (!last) {
			at = &r->next;
			continue;
		}
		*at = r->next;
		rings->count--;
		ring_free(r);
	}
}

void pulse_shm_end(struct pulse_shm *rings, uint32_t tgid, uint64_t now, pulse_shm_fn fn,
		   void *context)
{
	const struct listener to = { now, fn, context };

	for (struct ring *r = rings->first; r; r = r->next)
		if (!tgid || r->ev.tgid == tgid)
			ring_read(r, true, &to);
}
