/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_record.c - random bytes as a record and as a line of a recording; accepted ones survive
 * the round trip. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/event.h>

#include "daemon/audit/audit.h"
#include "daemon/desktop/server_info.h"
#include "daemon/host/host.h"
#include "daemon/record/record_text.h"

#define INPUT_MAX 16384 /* bytes: twice the longest record */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_record: %s\n", what);
	abort();
}

static const unsigned char *tail(const unsigned char *bytes, struct pia_tail t)
{
	return t.len ? bytes + t.off : (const unsigned char *)"";
}

/* Compares all but the offsets of the tails and the bytes after the NUL of comm. */
static void same(const unsigned char *a, const unsigned char *b)
{
	struct pia_event x, y;
	struct pia_tail *tails[2][4] = { { &x.path, &x.root, &x.base, &x.data },
					 { &y.path, &y.root, &y.base, &y.data } };

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	for (int i = 0; i < 4; i++) {
		demand(tails[0][i]->len == tails[1][i]->len, "a string changed its length");
		demand(!memcmp(tail(a, *tails[0][i]), tail(b, *tails[1][i]), tails[0][i]->len),
		       "a string changed");
		tails[0][i]->off = tails[1][i]->off = 0;
	}
	demand(!strcmp(x.comm, y.comm), "comm changed");
	memset(x.comm, 0, sizeof(x.comm));
	memset(y.comm, 0, sizeof(y.comm));
	/* Only the kernel half uses these fields. */
	x.place = x.pad = y.place = y.pad = 0;
	x.size = y.size = 0;
	demand(!memcmp(&x, &y, sizeof(x)), "a field changed");
}

static void round_trip(const struct pia_event *ev)
{
	static unsigned char again[INPUT_MAX];
	AUTO_FREE char *line = NULL;
	const char *why = "";
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);
	int n;

	demand(out && !record_write(out, ev), "a checked record is not written");
	fclose(out);
	demand(size < RECORD_LINE_MAX, "a line is longer than its bound");
	n = record_parse(line, again, sizeof(again), &why);
	demand(n > 0, why);
	demand(!record_check(again, (size_t)n), "a parsed record is refused");
	same((const unsigned char *)ev, again);
}

/* Most random bytes are refused for size, wire or op. So they are tried again with valid values
 * there. */
static void as_record(const uint8_t *data, size_t size)
{
	AUTO_FREE unsigned char *bytes = malloc(size ? size : 1);
	struct pia_event *ev = (struct pia_event *)bytes;

	memcpy(bytes, data, size);
	if (!record_check(bytes, size))
		round_trip(ev);
	if (size < sizeof(*ev))
		return;
	ev->size = (__u16)size;
	ev->wire = PIA_WIRE;
	ev->op = (__u8)(1 + ev->op % (PIA_OP_MAX - 1));
	ev->flags &= PIA_F_ALL;
	ev->comm[PIA_COMM_MAX - 1] = '\0';
	if (!record_check(bytes, size))
		round_trip(ev);
}

static void as_text(const uint8_t *data, size_t size)
{
	static _Alignas(struct pia_event) unsigned char record[INPUT_MAX];
	AUTO_FREE char *line = malloc(size + 1);
	struct loss loss;
	const char *why = "";
	int n;

	memcpy(line, data, size);
	line[size] = '\0';
	n = record_parse(line, record, sizeof(record), &why);
	demand(n > 0 || why[0], "refused without a reason");
	if (n > 0) {
		demand(!record_check(record, (size_t)n), "a parsed record is refused");
		round_trip((const struct pia_event *)record);
	}
	record_parse_loss(line, &loss, &why);
}

static void as_host(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = malloc(size + 1);
	AUTO(host_close) struct host *host = NULL;
	AUTO(server_info_close) struct server_info *servers = NULL;
	char path[PIA_PATH_MAX], *rest = text;

	memcpy(text, data, size);
	text[size] = '\0';
	demand(!host_open_recorded(&host, NULL) && !server_info_open(&servers, false), "no memory");
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
		if (server_info_load_line(servers, line) == -ENOENT)
			host_load(host, line);
	for (uint32_t dev = 0; dev < 4; dev++) {
		host_path(host, dev, "/a/b", path, sizeof(path));
		host_device(host, dev & 1, dev);
		host_identity(host, dev, 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > INPUT_MAX)
		return 0;
	as_record(data, size);
	as_text(data, size);
	as_host(data, size);
	return 0;
}
