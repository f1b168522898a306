/* SPDX-License-Identifier: Apache-2.0 */
/* pulse_shm.c - reads requests of PulseAudio clients in shared memory, without system calls. */
#include "pulse_shm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/host/question.h"

/* Clients at once; a further client is not followed, and reported as a loss */
#define RINGS_MAX 64
/* Bytes of a ring: half of PulseAudio's largest block, 32 KiB. */
#define CAPACITY_MAX (64 << 10)
#define LOOK_BYTES   4096     /* first bytes of a mapping, where the head of a ring is */
#define READ_NS      50000000 /* ns between two looks */
#define FRAME_HEAD   20
#define FRAME_MAX    CAPACITY_MAX
#define FILE_NAME    "/memfd:pulseaudio" /* in the list of mappings */
#define RANGE        40                  /* bytes of "7f0000000000-7f0000010000", NUL included */

/* The head of a ring, in the host's byte order. Source: PulseAudio, pulsecore/srbchannel.c. */
struct ring_head {
	int32_t counts[2], wakes[6];
	int32_t capacity;
	/*
	 * Offsets from the head: of the bytes that the server reads, and of those that it writes.
	 */
	int32_t read_at, write_at;
};

/* A mapping of a process. */
struct map {
	char range[RANGE];
	ino_t ino;
};

struct ring {
	struct ring *next;
	int fd; /* the memory: it stays readable after its program ends */
	ino_t ino;
	off_t at;          /* offset of the first byte that a client writes */
	char range[RANGE]; /* where it is mapped */
	bool lost;
	/* place: of the next frame, counted on around the ring. */
	uint32_t capacity, place;
	/* contents: when taken, at the last look, at this look */
	unsigned char *taken, *before, *now;
	struct pia_event ev; /* the record of the client that writes */
	char server[128];
};

struct pulse_shm {
	/* Device of files without a name. Other file systems are skipped: they can block. */
	dev_t memory;
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

/*
 * A client's answer to the offer of a ring, its last message on the socket: one call of libpulse.
 */
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

/* The offset of a ring's bytes in the mapping; 0: no ring. */
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

/* The ring in a mapping; NULL: it is no ring, or it is followed already. */
static struct ring *ring_at(const struct pulse_shm *rings, const struct process_id *who,
			    const struct map *map)
{
	struct ring *r = calloc(1, sizeof(*r));
	struct stat st;

	if (!r)
		return NULL;
	memcpy(r->range, map->range, sizeof(r->range));
	/* The mapping may have been replaced since it was listed. */
	r->fd = question_fd(who, QUESTION_MAPPED, r->range);
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

/* The next mapping of such memory in the list: its range and its inode. */
static bool next_map(const struct pulse_shm *rings, FILE *maps, struct map *out)
{
	char line[512];
	unsigned int major_id, minor_id;
	unsigned long ino;

	while (maps && fgets(line, sizeof(line), maps)) {
		if (!strstr(line, FILE_NAME) ||
		    sscanf(line, "%39[0-9a-f-] %*s %*s %x:%x %lu", out->range, &major_id, &minor_id,
			   &ino) != 4 ||
		    makedev(major_id, minor_id) != rings->memory)
			continue;
		out->ino = ino;
		return true;
	}
	return false;
}

static struct ring *find_ring(const struct pulse_shm *rings, const struct process_id *who)
{
	AUTO_FILE FILE *maps = question_lines(who, QUESTION_MAPS);
	struct ring *r = NULL;
	struct map map;

	while (!r && next_map(rings, maps, &map))
		r = ring_at(rings, who, &map);
	return r;
}

/* False once the client's socket is closed: until then the ring is read, even if unmapped. */
static bool has_socket(const struct ring *r)
{
	const struct process_id who = process_id_of(&r->ev);
	char name[48];

	snprintf(name, sizeof(name), "socket:[%llu]", r->ev.file.ino);
	return !question_no(&who, QUESTION_HOLDS, name);
}

/* A client can remap or unmap the ring for a while. Data that is written then is read too. */
static bool is_shared(const struct pulse_shm *rings, struct ring *r)
{
	const struct process_id who = process_id_of(&r->ev);
	AUTO_FILE FILE *maps = NULL;
	struct map map;

	if (question_yes(&who, QUESTION_IS_MAPPED, r->range))
		return true;
	maps = question_lines(&who, QUESTION_MAPS);
	while (next_map(rings, maps, &map)) {
		if (map.ino != r->ino)
			continue;
		memcpy(r->range, map.range, sizeof(r->range));
		return true;
	}
	return has_socket(r);
}

bool pulse_shm_follow(struct pulse_shm *rings, const struct pia_event *ev)
{
	const struct process_id who = process_id_of(ev);
	struct ring *r;
	bool found = false;

	if (!shm_leaves(ev))
		return false;
	/* All rings: a client could have made a false one that only looks like a ring. */
	while (rings->count < RINGS_MAX) {
		r = find_ring(rings, &who);
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

/* Copies @count bytes from the place on, around the ring's end. */
static void copy_out(const struct ring *r, const unsigned char *ring, size_t count, void *out)
{
	size_t from = r->place % r->capacity, tail = r->capacity - from;

	tail = tail < count ? tail : count;
	memcpy(out, ring + from, tail);
	memcpy((unsigned char *)out + tail, ring, count - tail);
}

/* True if @size bytes of the next frame are new and whole. Tags count up: frames never repeat. */
static bool is_new(const struct ring *r, size_t size, bool last, unsigned char *frame)
{
	static unsigned char other[FRAME_MAX];

	copy_out(r, r->now, size, frame);
	copy_out(r, r->taken, size, other);
	if (memcmp(frame, other, size) == 0)
		return false;
	/* The client may be writing it. If unchanged since the last look, it is whole. */
	copy_out(r, r->before, size, other);
	return last || memcmp(frame, other, size) == 0;
}

/* The size of the next frame; 0: none that is whole and new; more than the capacity: no frame. */
static size_t next_frame(const struct ring *r, bool last, unsigned char *frame)
{
	size_t size;

	if (!is_new(r, FRAME_HEAD, last, frame))
		return 0;
	size = FRAME_HEAD +
	       ((size_t)frame[0] << 24 | (size_t)frame[1] << 16 | (size_t)frame[2] << 8 | frame[3]);
	return size > r->capacity || is_new(r, size, last, frame) ? size : 0;
}

/* The receiver of frames, and the time of the look. */
struct listener {
	uint64_t now;
	pulse_shm_fn fn;
	void *context;
};

/*
 * Sends up to PIA_DATA_MAX of the @size bytes. Of bytes that are no frame none is sent, because
 * their reader has lost its place.
 */
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
	record.ev.file.dev = 0; /* a stream of its own, beside the socket's */
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
	to->fn(to->context, &record.ev);
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
		/*
		 * If a client fills half the ring between two looks, it may have gone round once
		 * more. A hole of the ring's size is assumed.
		 */
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
