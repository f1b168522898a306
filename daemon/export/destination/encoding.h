/* SPDX-License-Identifier: Apache-2.0 */
/* encoding.h - encodings and profiles by name, for code that reads settings but no events. */
#ifndef PIAUDIT_ENCODING_H
#define PIAUDIT_ENCODING_H

#include <stddef.h>

struct encoder;

const struct encoder *encoding_find(const char *name); /* or NULL */
const char *encoding_name(size_t i);                   /* NULL after the last */

extern const char *const *const encoding_profiles;
extern const size_t encoding_profile_count;

#endif
