/* SPDX-License-Identifier: Apache-2.0 */
/* record_text.h - a recorded stream: raw records as text, one per line, for a replay without
 * root or kernel. */
/* Room daemon/record: the wire record in user space: validity check, paths, text form, recordings. */
#ifndef PIAUDIT_RECORD_TEXT_H
#define PIAUDIT_RECORD_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Bytes. Three strings of PIA_PATH_MAX and one of PIA_DATA_MAX fit, with each byte as an escape of
 * four.
 */
#define RECORD_LINE_MAX (48u << 10)
#define RECORD_MAX      (64u << 10) /* bytes of one record: its size has 16 bits */

#include <piaudit/event.h>

struct loss;

/* Room for any record, with the alignment of its head. */
union record_room {
	struct pia_event ev;
	unsigned char bytes[RECORD_MAX];
};

/*
 * A recorded stream has these lines:
 * - first "piaudit.record/1 offset=NS app=NAME ..."
 * - "@..." lines of the host (host.h)
 * - "open tgid=1 path=/etc/machine-id ..." for records (see wire_fields in record_text.c)
 * - "lost from=.. until=.. open=3" for losses
 * - last "end ..." (recording.h)
 * A '#' begins a comment. Strings with blanks are quoted, and other bytes are written as \xHH.
 * Paths begin at the root, with two slashes at the mount point: see path_codec.h. Fields that are
 * zero are omitted.
 */
int record_write(FILE *out, const struct pia_event *ev);   /* a checked record; -EIO */
int record_write_loss(FILE *out, const struct loss *loss); /* -EIO */

/*
 * Parses one record line into @buf, in the form that the kernel writes, and checks the record.
 * Returns its size; -EINVAL with @why.
 */
int record_parse(const char *line, void *buf, size_t size, const char **why);
/* 0, or -ENOENT for another line; -EINVAL with @why. */
int record_parse_loss(const char *line, struct loss *loss, const char **why);

/*
 * Checks arbitrary bytes. 0 if they are exactly one record and every tail is inside it and ended;
 * else -EBADMSG. Called once for each record, where it comes in: from the ring by engine.c, from a
 * recording by record_parse(). After that it is passed on as a struct pia_event.
 */
int record_check(const void *bytes, size_t len);
/* The reason why the record is invalid (static); NULL if it is valid. */
const char *record_fault(const void *bytes, size_t len);

#endif
