/* SPDX-License-Identifier: Apache-2.0 */
/* record_text.h - a recorded stream: raw records as text, a line each, to replay without root or kernel. */
/* Room daemon/record: the wire record in user space: validity check, paths, text form, recordings. */
#ifndef PIAUDIT_RECORD_TEXT_H
#define PIAUDIT_RECORD_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RECORD_LINE_MAX \
	(48u            \
	 << 10) /* bytes: three strings of PIA_PATH_MAX and PIA_DATA_MAX, each byte an escape of four */

#include <piaudit/event.h>

struct loss;

/*
 * First line: "piaudit.record/1 offset=NS app=NAME ..."; then "@..." lines of the host (host.h), "open tgid=1
 * path=/etc/machine-id ..." for records (record_field table: name, place, type), "lost from=.. until=.. open=3"
 * for losses; last "end ..." (recording.h). '#' begins a comment. Strings are quoted where they hold blanks, with \xHH for other bytes.
 * Paths are in the order of people, with two slashes at the mount point: see path_codec.h. What is zero is left out.
 */
int record_write(FILE *out, const void *bytes, size_t len); /* a checked record; -EIO */
int record_write_loss(FILE *out, const struct loss *loss);  /* -EIO */

/* Parse one record line into @buf as the kernel would have written it. Returns its size; -EINVAL, with @why. */
int record_parse(const char *line, void *buf, size_t size, const char **why);
int record_parse_loss(const char *line, struct loss *loss,
		      const char **why); /* 0, -ENOENT: another line */

/* Bytes that may be anything: 0 if they are one whole record, every tail inside it and ended; else -EBADMSG. */
int record_check(const void *bytes, size_t len);
const char *record_fault(const void *bytes,
			 size_t len); /* why it is refused (static), NULL if it is not */

#endif
