/* SPDX-License-Identifier: Apache-2.0 */
/* profile.h - what of an event leaves the machine. */
#ifndef PIAUDIT_PROFILE_H
#define PIAUDIT_PROFILE_H

struct event; /* daemon/event/event.h */

/* What of an event leaves the machine: it is personal data too. */
enum profile { PROFILE_FULL, PROFILE_PSEUDONYMOUS, PROFILE_MINIMAL, PROFILE_MAX };
extern const char *const profile_word[PROFILE_MAX];

#define PROFILE_KEY 32 /* bytes */

/*
 * Pseudonymous: users and hosts become keyed hashes, home directories "~". Minimal: what names a person, a process or
 * a file goes. Of what this version does not know the meaning of, both leave nothing. @key: PROFILE_KEY bytes. -ENOMEM.
 */
int event_profile(struct event *e, enum profile profile, const unsigned char *key);

#endif
