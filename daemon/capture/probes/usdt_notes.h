/* SPDX-License-Identifier: Apache-2.0 */
/* usdt_notes.h - the places in a program's file that have marks, from the notes that
 * include/piaudit/scenario.h makes. */
#ifndef PIAUDIT_USDT_NOTES_H
#define PIAUDIT_USDT_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <piaudit/maps.h>

/* Marks of one file; a client has one for each place in its code that changes the scenario. */
#define USDT_NOTES_MAX 4096

struct usdt_note {
	uint64_t offset; /* of the instruction in the file */
	enum pia_scenario_what what;
};

/*
 * Reads the scenario marks in the ELF file @fd into malloc'ed memory; the caller frees. Returns
 * their number, 0 for a file without marks or of another format. Returns -E2BIG for more than
 * USDT_NOTES_MAX, or another negative errno. The file may be hostile.
 */
int usdt_notes_read(int fd, struct usdt_note **out);

#endif
