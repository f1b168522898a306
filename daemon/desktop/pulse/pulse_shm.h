/* SPDX-License-Identifier: Apache-2.0 */
/* pulse_shm.h - reads requests of PulseAudio clients in shared memory, without system calls. */
/* Room daemon/desktop/pulse: PulseAudio: the decoder, and its requests through shared memory. */
#ifndef PIAUDIT_PULSE_SHM_H
#define PIAUDIT_PULSE_SHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/event.h>

struct pulse_shm;

typedef int (*pulse_shm_fn)(void *context, const struct pia_event *ev);

int pulse_shm_open(struct pulse_shm **out);     /* -ENOMEM */
void pulse_shm_close(struct pulse_shm **rings); /* NULL-safe, nulls */

/*
 * @ev: a checked record. True: in it the client leaves its socket for a ring, which was found and
 * is followed from now on.
 */
bool pulse_shm_follow(struct pulse_shm *rings, const struct pia_event *ev);

/* Sends new frames of the rings to @fn, as records of PIA_OP_MESSAGE. @now: CLOCK_BOOTTIME, ns. */
void pulse_shm_read(struct pulse_shm *rings, uint64_t now, pulse_shm_fn fn, void *context);

/* Sends the last frames of @tgid, or of all processes for 0. No more will be written. */
void pulse_shm_end(struct pulse_shm *rings, uint32_t tgid, uint64_t now, pulse_shm_fn fn,
		   void *context);

#endif
