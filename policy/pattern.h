/* SPDX-License-Identifier: Apache-2.0 */
/* pattern.h - path patterns of sources and of executables. */
#ifndef PIAUDIT_PATTERN_H
#define PIAUDIT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_MAX 1024 /* bytes; fnmatch(3) copies its arguments to its stack */

/* fnmatch(3) by component ("*" stops at a slash). A final slash and two stars match all below. With
 * two stars elsewhere every star crosses slashes. */
bool pattern_match(const char *pattern, const char *path);
bool pattern_match_below(const char *pattern,
			 const char *path); /* it matches the path, or a directory above it */
bool pattern_match_any(const char *const *patterns, size_t count, const char *path);
bool pattern_literal(const char *pattern); /* it matches only itself */

/* The fault of the pattern as an absolute path, and the fix, as the end of a message: "invalid path
 * "x": ...". NULL if there is none. */
const char *pattern_fault(const char *pattern);
bool pattern_absolute(const char *pattern);

/* The next component at *@at: its start, *@len its length. *@at moves behind it. NULL
 * past the end. */
const char *pattern_component(const char **at, size_t *len);
bool pattern_component_literal(const char *component, size_t len);

#endif
