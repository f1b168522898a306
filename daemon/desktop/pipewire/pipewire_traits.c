/* SPDX-License-Identifier: Apache-2.0 */
/* pipewire_traits.c - what the properties of a node of PipeWire say of what it takes in. */
#include "pipewire_traits.h"

#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

static void of_class(struct traits *t, const char *value)
{
	t->classed = true;
	t->input |= strncmp(value, "Stream/Input/", 13) == 0;
	/* What others play to it is what it gets. */
	t->sink |= strncmp(value, "Audio/Sink", 10) == 0 || strncmp(value, "Audio/Duplex", 12) == 0;
	t->audio |= strstr(value, "Audio") != NULL;
	t->video |= strstr(value, "Video") != NULL;
}

static void of_type(struct traits *t, const char *value)
{
	t->audio |= strcmp(value, "Audio") == 0;
	t->video |= strcmp(value, "Video") == 0;
}

static void of_role(struct traits *t, const char *value)
{
	t->camera |= strcmp(value, "Camera") == 0;
	t->screen |= strcmp(value, "Screen") == 0;
}

static void of_monitor(struct traits *t, const char *value)
{
	t->monitor |= strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

/* The names that sources of wireplumber and of the portals have. */
static void of_target(struct traits *t, const char *value)
{
	size_t length = strlen(value);

	t->camera |= strncmp(value, "v4l2_", 5) == 0 || strncmp(value, "libcamera_", 10) == 0;
	t->screen |= strncmp(value, "xdg-desktop-portal", 18) == 0;
	t->monitor |= length > 8 && strcmp(value + length - 8, ".monitor") == 0;
	snprintf(t->target, sizeof(t->target), "%s", value);
}

static const struct property {
	const char *key;
	void (*read)(struct traits *t, const char *value);
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

bool traits_knows(const char *key)
{
	return property_of(key);
}

void traits_read(struct traits *t, const char *key, const char *value)
{
	const struct property *property = property_of(key);

	if (property)
		property->read(t, value);
}

enum pia_asked traits_word(const struct traits *t)
{
	if (t->sink)
		return ASKED_SPEAKERS;
	if (!t->input)
		return ASKED_NONE;
	if (t->audio)
		return t->monitor ? ASKED_SPEAKERS : ASKED_MICROPHONE;
	if (t->camera != t->screen)
		return t->camera ? ASKED_CAMERA : ASKED_SCREEN_STREAM;
	return ASKED_VIDEO;
}
