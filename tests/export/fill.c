/* SPDX-License-Identifier: Apache-2.0 */
/* fill.c - `fill DIR FROM COUNT [BYTES]`: writes findings FROM, FROM + 1 ... into a spool, with
 * the code of the daemon. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/sink/spool.h"
#include "daemon/util/clock.h"
#include "daemon/util/json.h"

/* Some of these names are hard for receivers to parse. */
static const char *const objects[] = {
	"/etc/machine-id",
	"/home/ann/it's \\\"quoted\\\" ]|= .txt",
	"/tmp/line\\nbreak\\ttab",
	"/home/\\u00e9t\\u00e9/\\ufffd",
};

static void put(FILE *out, uint64_t n)
{
	char time[JSON_TIME_MAX];

	json_time_text(clock_ns(CLOCK_REALTIME), time);
	fprintf(out,
		"{\"schema\":\"piaudit.event/1\",\"type\":\"access\",\"time\":\"%s\",\"event\":%" PRIu64
		",\"app\":\"notes\",\"process\":{\"pid\":4711,\"exe\":\"/usr/bin/notes\",\"comm\":\"notes\"},"
		"\"tid\":4711,\"uid\":1000,\"scenario\":[\"note_taking\"],\"category\":\"machine_id\","
		"\"source\":\"machine_id\",\"kind\":\"file\",\"object\":\"%s\",\"folded\":false,\"again\":false,"
		"\"disposition\":\"accessed\",\"grade\":\"direct\",\"verdict\":\"undeclared\",\"finding\":true,"
		"\"reason\":\"no scenario declares machine_id\",\"via\":null,\"declared_in\":[],\"rule\":null,"
		"\"exception\":null,\"count\":1,\"severity\":\"high\","
		"\"id\":\"01a208d6-53b4-791e-a077-%012" PRIx64 "\",\"seq\":%" PRIu64
		",\"host\":\"desk\",\"machine\":\"0123456789abcdef0123456789abcdef\","
		"\"boot\":\"fedcba98-7654-3210-fedc-ba9876543210\"}\n",
		time, n, objects[n % (sizeof(objects) / sizeof(*objects))], n, n);
}

int main(int argc, char **argv)
{
	uint64_t bytes = argc > 4 ? strtoull(argv[4], NULL, 10) : 256ull << 20;
	uint64_t from = argc > 3 ? strtoull(argv[2], NULL, 10) : 0;
	uint64_t count = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	struct spool *spool = NULL;

	if (!count || spool_open(&spool, argv[1], bytes, 86400000000000ull))
		return 2;
	for (uint64_t i = 0; i < count; i++)
		put(spool_stream(spool), from + i);
	spool_close(&spool);
	return 0;
}
