/* SPDX-License-Identifier: Apache-2.0 */
/* recording.h - the first and the last line of a recorded stream, and reading one through. The records themselves: record_text.h. */
#ifndef PIAUDIT_RECORDING_H
#define PIAUDIT_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <piaudit/maps.h>
#include <piaudit/summary.h>

#define RECORDING_APP_MAX     64
#define RECORDING_MISSING_MAX 16 /* probes named as missing */
#define RECORDING_BLIND_MAX   32 /* texts of what the others cannot see */

/* "piaudit.record/1 offset=NS started=NS app=NAME scenario=A,B missing=PROBE unseen=TEXT" */
struct recording_head {
	int64_t offset;   /* to add to CLOCK_BOOTTIME for UTC, ns */
	uint64_t started; /* ns since the epoch, 0 = not said */
	char app[RECORDING_APP_MAX];
	char scenarios[512]; /* as --scenario had it, "" = not said */
	char names[RECORDING_MISSING_MAX][32];
	const char *missing[RECORDING_MISSING_MAX + 1]; /* into names, NULL-terminated */
	char texts[RECORDING_BLIND_MAX][96];
	const char *blind[RECORDING_BLIND_MAX + 1]; /* into texts, likewise; none = not said */
};

int recording_write_head(FILE *out, const struct recording_head *head); /* -EIO */
/* -EINVAL with @why (static) if the line is no head. */
int recording_read_head(const char *line, struct recording_head *head, const char **why);

/*
 * "end ended=NS status=N stopped=WHY open=MADE open.lost=N ... records=N": the last line, without which a recording is not
 * whole. What stands behind the first word may be left out.
 */
struct recording_end {
	uint64_t ended;   /* ns since the epoch, 0 = not said */
	bool counted;     /* records and counts are said */
	uint64_t records; /* lines of records before it */
	enum ending ending;
	int target_status; /* wait status of the command, -1 = none */
	struct pia_count counts[PIA_OP_MAX];
};

int recording_write_end(FILE *out, const struct recording_end *end); /* -EIO */
/* 0; -ENOENT for another line; -EINVAL with @why (static). */
int recording_read_end(const char *line, struct recording_end *end, const char **why);

/*
 * The next line of @in without its newline into @line (RECORD_LINE_MAX bytes): 1, 0 at the end; -EMSGSIZE for a
 * line that is longer or holds a NUL, which is skipped; -EIO.
 */
int recording_line(FILE *in, char *line);

#endif
