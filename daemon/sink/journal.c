/* SPDX-License-Identifier: Apache-2.0 */
/* journal.c - the journal's native protocol: a datagram for each entry, or a sealed file. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"

/* bytes: twice the encoder's largest entry, so that stdio never flushes half an entry */
#define ENTRY_MAX (512u << 10)
#define SEALS     (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

struct journal {
	struct sockaddr_un to;
	int fd;
	uint64_t lost; /* entries, since the journal last accepted one */
	FILE *stream;
	char buffer[ENTRY_MAX];
};

static int send_message(const struct journal *j, struct msghdr *message)
{
	message->msg_name = (void *)&j->to;
	message->msg_namelen = sizeof(j->to);
	return sendmsg(j->fd, message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

static int send_bytes(const struct journal *j, const char *bytes, size_t len)
{
	struct iovec part = { (void *)bytes, len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	return send_message(j, &message);
}

/* The journal accepts a file only if it is sealed against changes. */
static int send_file(const struct journal *j, const char *bytes, size_t len)
{
	AUTO_FD int fd = memfd_create("piaudit-journal", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct msghdr message = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	if (fd < 0)
		return -errno;
	if (write(fd, bytes, len) != (ssize_t)len || fcntl(fd, F_ADD_SEALS, SEALS))
		return -EIO;
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	return send_message(j, &message);
}

static ssize_t journal_put(void *cookie, const char *bytes, size_t len)
{
	struct journal *j = cookie;
	int err = send_bytes(j, bytes, len);

	/* net.core.wmem_default limits the size of a datagram. */
	if (err == -EMSGSIZE || err == -ENOBUFS)
		err = send_file(j, bytes, len);
	if (err) {
		if (!j->lost++)
			log_err(err, "journal %s: entries are lost", j->to.sun_path);
	} else if (j->lost) {
		log_warn("journal %s: works again; entries lost: %" PRIu64, j->to.sun_path,
			 j->lost);
		j->lost = 0;
	}
	return (ssize_t)len;
}

int journal_open(struct journal **out, const char *path)
{
	const cookie_io_functions_t calls = { .write = journal_put };
	struct journal *j;

	if (strlen(path) >= sizeof(j->to.sun_path))
		return log_err(-ENAMETOOLONG, "journal %s", path);
	j = calloc(1, sizeof(*j));
	if (!j)
		return log_err(-ENOMEM, "journal %s: cannot be opened", path);
	j->to.sun_family = AF_UNIX;
	memcpy(j->to.sun_path, path, strlen(path));
	j->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (j->fd >= 0)
		j->stream = fopencookie(j, "w", calls);
	if (!j->stream || setvbuf(j->stream, j->buffer, _IOFBF, sizeof(j->buffer))) {
		int err = log_err(-errno ?: -ENOMEM, "journal %s: cannot be opened", path);

		journal_close(&j);
		return err;
	}
	*out = j;
	return 0;
}

FILE *journal_stream(struct journal *j)
{
	return j->stream;
}

void journal_close(struct journal **at)
{
	struct journal *j = *at;

	if (!j)
		return;
	if (j->stream)
		fclose(j->stream);
	if (j->fd >= 0)
		close(j->fd);
	free(j);
	*at = NULL;
}
