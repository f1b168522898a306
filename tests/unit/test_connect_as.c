/* SPDX-License-Identifier: Apache-2.0 */
/* test_connect_as.c - whether a name leads to the server of the record, or to another one. */
#include "daemon/desktop/connect_as.c"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#include <cmocka.h>

static int listen_at(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	assert_false(bind(fd, (struct sockaddr *)&at, sizeof(at)));
	assert_false(listen(fd, 4));
	return fd;
}

static bool leads_there(const struct server_id *id, const struct process_id *client)
{
	struct server_place place;
	AUTO_FD int file = -1, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	int err = connect_as_find(&place, id, client);

	file = place.file;
	assert_int_equal(!err, place.len != 0);
	return !err && !connect_as(fd, &place.to, place.len, geteuid());
}

static void a_server_in_its_place_is_refused(void **state)
{
	char dir[] = "/tmp/piaudit-place.XXXXXX", path[64], other[64];
	const struct process_id us = process_id_now(getpid());
	struct server_id id = { .name = path };
	AUTO_FD int real = -1, fake = -1;
	struct statx st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/bus", dir);
	snprintf(other, sizeof(other), "%s/other", dir);
	real = listen_at(path);
	fake = listen_at(other);
	assert_false(statx(AT_FDCWD, path, 0, STATX_INO | STATX_MNT_ID, &st));
	id.ino = st.stx_ino;
	id.place = device_of(&st, &us);
	assert_true(leads_there(&id, &us));
	id.place++;
	assert_false(leads_there(&id, &us));
	id.place--;
	assert_false(rename(other, path));
	assert_false(leads_there(&id, &us));
	assert_false(unlink(path));
	assert_false(symlink(other, path));
	assert_false(leads_there(&id, &us));
	unlink(path);
	rmdir(dir);
}

static void abstract_names_belong_to_a_network_namespace(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct process_id us = process_id_now(getpid());
	struct server_id id;
	struct stat st;
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "@piaudit-place-%d", (int)getpid());
	memcpy(at.sun_path + 1, name + 1, strlen(name) - 1);
	assert_false(bind(fd, (struct sockaddr *)&at,
			  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))));
	assert_false(listen(fd, 4));
	assert_false(stat("/proc/self/ns/net", &st));
	id = (struct server_id){ .name = name, .place = st.st_ino };
	assert_true(leads_there(&id, &us));
	id.place++;
	assert_false(leads_there(&id, &us));
}

static struct process_id ended_process(void)
{
	struct process_id who;
	pid_t child = fork();

	while (!child)
		pause();
	who = process_id_now(child);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return who;
}

/* Its user is unknown, so nobody is asked: neither as root nor as a later process with its pid. */
static void no_server_is_asked_for_a_client_that_has_ended(void **state)
{
	const struct process_id us = process_id_now(getpid()), ended = ended_process();
	const struct process_id earlier = { us.start - 1000000000, us.pid };
	char dir[] = "/tmp/piaudit-place.XXXXXX", path[64];
	struct server_id id = { .name = path };
	struct server_place place;
	AUTO_FD int server = -1;
	struct statx st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/bus", dir);
	server = listen_at(path);
	assert_false(statx(AT_FDCWD, path, 0, STATX_INO | STATX_MNT_ID, &st));
	id.ino = st.stx_ino;
	id.place = device_of(&st, &us);
	assert_true(leads_there(&id, &us));
	assert_int_equal(connect_as_find(&place, &id, &ended), -ESRCH);
	assert_int_equal(place.file, -1);
	assert_int_equal(place.len, 0);
	assert_int_equal(connect_as_find(&place, &id, &earlier), -ESRCH);
	assert_int_equal(place.len, 0);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_in_its_place_is_refused),
		cmocka_unit_test(abstract_names_belong_to_a_network_namespace),
		cmocka_unit_test(no_server_is_asked_for_a_client_that_has_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
