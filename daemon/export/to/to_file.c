/* SPDX-License-Identifier: Apache-2.0 */
/* to_file.c - writes findings in an encoding to a file, for an agent that reads files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "append_file.h"
#include "daemon/export/destination/transport.h"

static int file_open(struct transport **out, const struct destination *to,
		     const struct state_dir *site)
{
	extern const struct transport_ops transport_file;
	struct transport *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	*t = (struct transport){
		.ops = &transport_file, .to = to, .site = site, .most = to->batch
	};
	*out = t;
	return 0;
}

static int file_send(struct transport *t, struct item **list, size_t count)
{
	struct append_file file = { .dir = AT_FDCWD,
				    .path = t->to->to,
				    .bytes = t->to->file_bytes,
				    .files = t->to->files,
				    .mode = 0640 };
	AUTO_FREE char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int err;

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		fwrite(list[i]->text, 1, list[i]->len, out);
		fputc('\n', out);
	}
	if (fclose(out))
		return -ENOMEM;
	err = append_file(&file, text, len);
	if (err)
		return transport_fail(t, err, "%s: %s", t->to->to, strerror(-err));
	for (size_t i = 0; i < count; i++)
		list[i]->fate = ITEM_THERE;
	return 0;
}

static void file_close(struct transport *t)
{
	free(t);
}

extern const struct transport_ops transport_file;
const struct transport_ops transport_file = {
	.type = TO_FILE, .open = file_open, .send = file_send, .close = file_close
};
