/* SPDX-License-Identifier: Apache-2.0 */
/* pipewire_traits.c - from the properties of a PipeWire node: which media it receives. */
#include "pipewire_traits.h"

#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

static void of_class(struct pipewire_traits *t, const char *value)
{
	t->classed = true;
	t->input |= strncmp(value, "Stream/Input/", 13) == 0;
	/* A sink receives the sound that other clients play. */
	t->sink |= strncmp(value, "Audio/Sink", 10) == 0 || strncmp(value, "Audio/Duplex", 12) == 0;
	t->audio |= strstr(value, "Audio") != NULL;
	t->video |= strstr(value, "Video") != NULL;
}

static void of_type(struct pipewire_traits *t, const char *value)
{
	t->audio |= strcmp(value, "Audio") == 0;
	t->video |= strcmp(value, "Video") == 0;
}

static void of_role(struct pipewire_traits *t, const char *value)
{
	t->camera |= strcmp(value, "Camera") == 0;
	t->screen |= strcmp(value, "Screen") == 0;
}

static void of_monitor(struct pipewire_traits *t, const char *value)
{
	t->monitor |= strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

/* The names that wireplumber and the portals give to sources. */
static void of_target(struct pipewire_traits *t, const char *value)
{
	size_t length = strlen(value);

	t->camera |= strncmp(value, "v4l2_", 5) == 0 || strncmp(value, "libcamera_", 10) == 0;
	t->screen |= strncmp(value, "xdg-desktop-portal", 18) == 0;
	t->monitor |= length > 8 && strcmp(value + length - 8, ".monitor") == 0;
	snprintf(t->target, sizeof(t->target), "%s", value);
}

static const struct property {
	const char *key;
	void (*read)(struct pipewire_traits *t, const char *value);
} properties[] = {
	{ "media.class", of_class },    { "media.type", of_type },
	{ "media.role", of_role },      { "stream.capture.sink", of_monitor },
	{ "target.object", of_target }, { "node.target", of_target },
};

static const struct property *property_of(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
		if (strcmp(properties[i].key, key) == 0)
			return &properties[i];
	return NULL;
}

bool pipewire_traits_knows(const char *key)
{
	return property_of(key);
}

void pipewire_traits_read(struct pipewire_traits *t, const char *key, const char *value)
{
	const struct property *property = property_of(key);

	if (property)
		property->read(t, value);
}

enum pia_request pipewire_traits_word(const struct pipewire_traits *t)
{
	if (t->sink)
		return REQ_SPEAKERS;
	if (!t->input)
		return REQ_NONE;
	if (t->audio)
		return t->monitor ? REQ_SPEAKERS : REQ_MICROPHONE;
	if (t->camera != t->screen)
		return t->camera ? REQ_CAMERA : REQ_SCREEN_STREAM;
	return REQ_VIDEO;
}
