/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_dbus.c - random bytes as a client's stream to a message bus, in random calls, with holes:
 * requests are plausible. */
#include "fuzz_cuts.h"

#include "daemon/desktop/server_info.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

static const unsigned char handshake[] = "\0AUTH EXTERNAL\r\nBEGIN\r\n";
static struct server_info *servers; /* contains two names of the owner :1.7 */
static struct server_state facts;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	demand(!server_info_open(&servers, false), "no memory");
	demand(!server_info_load(servers,
				 "protocol=dbus name=/b names=1 owner=:1.7/5/a.b owner=:1.7/5/c.d"),
	       "a line of a recording is refused");
	server_info_get(servers, "dbus", &(struct server_id){ .name = "/b" },
			&(struct server_client){ .sender.pid = 6 }, &facts);
	return 0;
}

static void add(struct told *t, const char *text)
{
	for (; *text; text++)
		told_add(t, (unsigned char)*text);
	told_add(t, '/');
}

static void on_asked(void *context, const struct server_request *asked)
{
	const struct bus_question *q = asked->bus;
	struct told *t = context;

	demand(asked->what == REQ_NONE && q && q->ask < BUS_ASK_MAX, "no such question");
	demand(strlen(asked->detail) < 512, "a long detail");
	add(t, q->service);
	add(t, q->path);
	add(t, q->interface);
	add(t, q->member);
	add(t, q->property);
	t->sum += q->ask;
	t->count++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct fuzz fuzz = {
		.decoder = &dbus_decoder,
		.facts = &facts,
		.asked = on_asked,
		.begin = handshake,
		.begin_len = sizeof(handshake) - 1,
		.step = 3,
		.least = 16,
		.most = 3, /* one for each of an owner's two names, or for a start */
	};

	return size < 1 ? 0 : fuzz_run(&fuzz, 0, data, size);
}
