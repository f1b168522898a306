/* SPDX-License-Identifier: Apache-2.0 */
/* devices.c - the kernel's names of device nodes, by number. */
#include "devices.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include <piaudit/auto.h>

#include "daemon/record/record_lex.h"

/*
 * Seconds that a name is valid: a device can be unplugged, and another device can get its number.
 */
#define NAME_AGE 10

static const char *const type_word[] = { "char", "block" };

static int64_t devices_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec;
}

void devices_close(struct devices *d)
{
	free(d->list);
	*d = (struct devices){ 0 };
}

static struct device_name *devices_find(const struct devices *d, bool block, uint32_t rdev)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].rdev == rdev && d->list[i].block == block)
			return &d->list[i];
	return NULL;
}

/*
 * A place for one more entry. If the table is full, places are reused in turn. NULL without memory.
 */
static struct device_name *devices_place(struct devices *d)
{
	if (d->count == DEVICES_MAX) {
		d->next = (d->next + 1) % DEVICES_MAX;
		return &d->list[d->next];
	}
	if (d->count == d->room) {
		size_t room = d->room ? 2 * d->room : 32;
		struct device_name *list = reallocarray(d->list, room, sizeof(*list));

		if (!list)
			return NULL;
		d->list = list;
		d->room = room;
	}
	return &d->list[d->count++];
}

static struct device_name *devices_add(struct devices *d, bool block, uint32_t rdev)
{
	struct device_name *device = devices_find(d, block, rdev);

	device = device ? device : devices_place(d);
	if (device)
		*device =
			(struct device_name){ .rdev = rdev, .block = block, .seen = devices_now() };
	return device;
}

static void save_one(const struct device_name *device, FILE *out)
{
	fprintf(out, "@device %s %u:%u", type_word[device->block], device->rdev >> 20,
		device->rdev & 0xfffff);
	record_lex_text(out, "name", device->name, strlen(device->name));
	putc('\n', out);
}

static void devices_read_name(struct device_name *device)
{
	AUTO_FILE FILE *uevent = NULL;
	char path[64], line[256];

	snprintf(path, sizeof(path), "/sys/dev/%s/%u:%u/uevent", type_word[device->block],
		 device->rdev >> 20, device->rdev & 0xfffff);
	uevent = fopen(path, "re");
	while (uevent && fgets(line, sizeof(line), uevent)) {
		size_t len = strcspn(line, "\n");

		line[len] = '\0';
		if (strncmp(line, "DEVNAME=", 8) || len - 8 >= sizeof(device->name))
			continue;
		memcpy(device->name, line + 8, len - 7);
		return;
	}
}

const char *devices_name(struct devices *d, bool block, uint32_t rdev)
{
	struct device_name *device = devices_find(d, block, rdev);
	char before[DEVICE_NAME] = "";

	if (d->live && (!device || devices_now() - device->seen >= NAME_AGE)) {
		if (device)
			memcpy(before, device->name, sizeof(before));
		device = devices_add(d, block, rdev);
		if (!device)
			return NULL;
		devices_read_name(device);
		if (d->out && *device->name && strcmp(before, device->name))
			save_one(device, d->out);
	}
	return device && *device->name ? device->name : NULL;
}

int devices_number(struct devices *d, const char *name, bool *block, uint32_t *rdev)
{
	char path[DEVICE_NAME + sizeof("/dev/")];
	struct stat st;

	if (d->live) {
		if (snprintf(path, sizeof(path), "/dev/%s", name) >= (int)sizeof(path) ||
		    stat(path, &st) || !(S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)))
			return -ENOENT;
		*block = S_ISBLK(st.st_mode);
		*rdev = record_lex_dev(major(st.st_rdev), minor(st.st_rdev));
		devices_name(d, *block, *rdev); /* adds the name to a recording too */
		return 0;
	}
	for (size_t i = 0; i < d->count; i++) {
		if (strcmp(d->list[i].name, name) != 0)
			continue;
		*block = d->list[i].block;
		*rdev = d->list[i].rdev;
		return 0;
	}
	return -ENOENT;
}

int devices_save(const struct devices *d, FILE *out)
{
	for (size_t i = 0; i < d->count; i++)
		if (*d->list[i].name)
			save_one(&d->list[i], out);
	return ferror(out) ? -EIO : 0;
}

int devices_load(struct devices *d, const char *text)
{
	struct device_name *device;
	struct record_word type, number, name;
	char value[DEVICE_NAME];
	const char *why;
	uint32_t rdev;

	if (record_lex_next(&text, &type, &why) <= 0 ||
	    record_lex_next(&text, &number, &why) <= 0 || record_lex_next(&text, &name, &why) <= 0)
		return -EINVAL;
	if (!record_word_is(&type, "char") && !record_word_is(&type, "block"))
		return -EINVAL;
	if (number.value || record_word_device(&number, &rdev) || !record_word_is(&name, "name") ||
	    record_word_text(&name, value, sizeof(value)) <= 0)
		return -EINVAL;
	device = devices_add(d, record_word_is(&type, "block"), rdev);
	if (!device)
		return -ENOMEM;
	memcpy(device->name, value, sizeof(value));
	return 0;
}
