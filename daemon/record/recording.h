/* SPDX-License-Identifier: Apache-2.0 */
/* recording.h - the first and the last line of a recorded stream, and reading its lines.
 * Records: record_text.h. */
#ifndef PIAUDIT_RECORDING_H
#define PIAUDIT_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <piaudit/maps.h>
#include <piaudit/summary.h>

#define RECORDING_APP_MAX     64
#define RECORDING_MISSING_MAX 16 /* names of missing probes */
#define RECORDING_BLIND_MAX   32 /* texts of blind spots of the other probes */

/* "piaudit.record/1 offset=NS started=NS app=NAME scenario=A,B missing=PROBE unseen=TEXT" */
struct recording_head {
	int64_t offset;   /* to add to CLOCK_BOOTTIME for UTC, ns */
	uint64_t started; /* ns since the epoch, 0 = not given */
	char app[RECORDING_APP_MAX];
	char scenarios[512]; /* the value of --scenario, "" = not given */
	char names[RECORDING_MISSING_MAX][32];
	const char *missing[RECORDING_MISSING_MAX + 1]; /* point into names; NULL-terminated */
	char texts[RECORDING_BLIND_MAX][96];
	/* Point into texts; NULL-terminated; empty = not given. */
	const char *blind[RECORDING_BLIND_MAX + 1];
};

int recording_write_head(FILE *out, const struct recording_head *head); /* -EIO */
/* -EINVAL with @why (static) if the line is not a head. */
int recording_read_head(const char *line, struct recording_head *head, const char **why);

/*
 * "end ended=NS status=N stopped=WHY open=MADE open.lost=N ... records=N". This is the last line; a
 * recording without it is incomplete. All words after the first may be omitted.
 */
struct recording_end {
	uint64_t ended;   /* ns since the epoch, 0 = not given */
	bool counted;     /* records and counts are given */
	uint64_t records; /* number of record lines before it */
	enum ending ending;
	int target_status; /* wait status of the command, -1 = none */
	struct pia_count counts[PIA_OP_MAX];
};

int recording_write_end(FILE *out, const struct recording_end *end); /* -EIO */
/* 0; -ENOENT for another line; -EINVAL with @why (static). */
int recording_read_end(const char *line, struct recording_end *end, const char **why);

/*
 * Reads the next line of @in without its newline into @line (RECORD_LINE_MAX bytes). 1; 0 at the
 * end; -EIO. A line that is too long or has a NUL is skipped: -EMSGSIZE.
 */
int recording_line(FILE *in, char *line);

#endif
