/* SPDX-License-Identifier: Apache-2.0 */
/* profile.h - profiles: the parts of an event that leave the machine. */
#ifndef PIAUDIT_PROFILE_H
#define PIAUDIT_PROFILE_H

struct event; /* daemon/event/event.h */

/* An event is personal data itself. A profile decides which of its items leave the machine. */
enum profile { PROFILE_FULL, PROFILE_PSEUDONYMOUS, PROFILE_MINIMAL, PROFILE_MAX };
extern const char *const profile_word[PROFILE_MAX];

#define PROFILE_KEY 32 /* bytes */

/*
 * Pseudonymous: users and hosts become keyed hashes, home directories "~". Minimal: items that
 * identify a person, a process or a file are dropped. Both drop items that this version does not
 * know. @key: PROFILE_KEY bytes. -ENOMEM.
 */
int event_profile(struct event *e, enum profile profile, const unsigned char *key);

#endif
