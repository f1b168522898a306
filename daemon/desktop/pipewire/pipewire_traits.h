/* SPDX-License-Identifier: Apache-2.0 */
/* pipewire_traits.h - from the properties of a PipeWire node: which media it receives. */
/* Room daemon/desktop/pipewire: PipeWire: the decoder and its types of objects. */
#ifndef PIAUDIT_PIPEWIRE_TRAITS_H
#define PIAUDIT_PIPEWIRE_TRAITS_H

#include <stdbool.h>

#include <piaudit/server_request.h>

#define TRAIT_VALUE_MAX 256 /* bytes of a value that are read */

struct pipewire_traits {
	bool classed, input, sink, audio, video; /* media.class, media.type */
	bool camera, screen; /* from media.role, or from the node it is connected to */
	bool monitor;        /* it records the sound that is played */
	char target[TRAIT_VALUE_MAX];
};

bool pipewire_traits_knows(const char *key);
void pipewire_traits_read(struct pipewire_traits *traits, const char *key, const char *value);
/* REQ_NONE: the node receives nothing. */
enum pia_request pipewire_traits_word(const struct pipewire_traits *traits);

#endif
