/* SPDX-License-Identifier: Apache-2.0 */
/* usdt_notes.h - where a program's file is marked for probes: the notes that include/piaudit/scenario.h makes. */
#ifndef PIAUDIT_USDT_NOTES_H
#define PIAUDIT_USDT_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/maps.h>

#define USDT_NOTES_MAX \
	4096 /* marks of one file; a client has one for each place where its scenario changes */

struct usdt_note {
	uint64_t offset; /* of the instruction in the file */
	enum pia_scenario_what what;
};

/*
 * The scenario marks in the ELF file @fd, malloc'ed: the caller frees. Returns their number, 0 for a file without any
 * or of another kind; -E2BIG for more than USDT_NOTES_MAX, or another negative errno. The file may be hostile.
 */
int usdt_notes_read(int fd, struct usdt_note **out);

#endif
