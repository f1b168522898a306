/* SPDX-License-Identifier: Apache-2.0 */
/* test_x11_info.c - X servers that accept us, refuse us, send nothing, or send nonsense. */
#include "daemon/desktop/x11/x11_auth.c"
#include "daemon/desktop/x11/x11_connect.c"
#include "daemon/desktop/x11/x11_info.c"
#include "daemon/desktop/x11/x11_owners.c"
#include "daemon/desktop/x11/x11_query.c"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cmocka.h>

#define ROOT    0x50du
#define MOMENT  50000000ull /* ns */
#define MINUTES 120000000000ull

static uint64_t in(uint64_t ns)
{
	return clock_ns(CLOCK_MONOTONIC) + ns;
}

/* The answer of a server that accepts a client, behind the first eight bytes. */
static size_t put_setup(unsigned char *to)
{
	unsigned char setup[32 + 4 + 8 + 40 + 8 + 24] = { 0 };
	const uint32_t mask = 0x1fffff, root = ROOT;

	memcpy(&setup[8], &mask, 4);
	setup[16] = 3; /* length of the vendor's name */
	setup[20] = setup[21] = 1;
	memcpy(&setup[44], &root, 4);
	setup[44 + 39] = 1;
	setup[84 + 2] = 1;
	memcpy(to, setup, sizeof(setup));
	return sizeof(setup);
}

static void setup_of_every_length(void **state)
{
	struct x11_server s = { .root_count = 0 };
	unsigned char setup[256];
	size_t len = put_setup(setup);

	(void)state;
	assert_int_equal(x11_query_take_setup(&s, setup, len), 0);
	assert_int_equal(s.id_mask, 0x1fffff);
	assert_int_equal(s.root_count, 1);
	assert_int_equal(s.roots[0], ROOT);
	for (size_t n = 0; n < len; n++) {
		unsigned char *copy = malloc(n + 1);

		memcpy(copy, setup, n);
		assert_int_equal(x11_query_take_setup(&s, copy, n), n < 84 ? -EPROTO : 0);
		free(copy);
	}
	for (size_t i = 16; i < len; i++) {
		unsigned char *copy = malloc(len);

		memcpy(copy, setup, len);
		copy[i] = 0xff;
		x11_query_take_setup(&s, copy, len);
		free(copy);
	}
}

static const unsigned char authority[] = "\0\0\0\4\x7f\0\0\1\0\1"
					 "7\0\x12MIT-MAGIC-COOKIE-1\0\4none"
					 "\1\0\0\4host\0\1"
					 "8\0\x12MIT-MAGIC-COOKIE-1\0\4othr"
					 "\1\0\0\4host\0\1"
					 "7\0\x13XDM-AUTHORIZATION-1\0\4xdm1"
					 "\1\0\0\4host\0\1"
					 "7\0\x12MIT-MAGIC-COOKIE-1\0\4mine"
					 "\xff\xff\0\0\0\0\0\x12MIT-MAGIC-COOKIE-1\0\4wild";

static void cookies_of_a_display(void **state)
{
	const char *text = (const char *)authority;
	struct x11_cookie cookie;

	(void)state;
	assert_true(find_cookie(text, sizeof(authority) - 1, "7", &cookie));
	assert_int_equal(cookie.len, 4);
	assert_memory_equal(cookie.bytes, "mine", 4);
	assert_true(find_cookie(text, sizeof(authority) - 1, "9", &cookie));
	assert_memory_equal(cookie.bytes, "wild", 4);
	for (size_t n = 0; n < sizeof(authority); n++) {
		char *copy = malloc(n + 1);

		memcpy(copy, text, n);
		find_cookie(copy, n, "7", &cookie);
		find_cookie(copy, n, "none", &cookie);
		free(copy);
	}
}

/* Only a file of the user's own, and only a regular one. */
static void cookies_are_the_users_own(void **state)
{
	const struct process_id us = process_id_now(getpid());
	const struct process_id later = { us.start + 1000000000, us.pid };
	struct x11_cookie cookie;
	char path[] = "/tmp/test_x11_info.XXXXXX", magic[64];
	AUTO_FD int fd = mkstemp(path);

	(void)state;
	assert_true(write(fd, authority, sizeof(authority) - 1) > 0);
	assert_true(cookie_at(&us, path, "7", &cookie));
	/* Such a link can lead out of the root of the process. */
	snprintf(magic, sizeof(magic), "/proc/self/fd/%d", fd);
	assert_false(cookie_at(&us, magic, "7", &cookie));
	assert_false(cookie_at(&us, "relative", "7", &cookie));
	assert_false(cookie_at(&us, "/dev/zero", "7", &cookie));
	assert_false(cookie_at(&us, "/nonexistent", "7", &cookie));
	assert_false(cookie_at(&later, path, "7", &cookie));
	unlink(path);
}

/* Listens at a unique name, which @name gets. */
static int listen_at(char *name, size_t size, const char *what)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(name, size, "@/tmp/.X11-unix/X%d-%s", (int)getpid(), what);
	memcpy(at.sun_path + 1, name + 1, strlen(name) - 1);
	assert_false(bind(fd, (struct sockaddr *)&at,
			  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))));
	assert_false(listen(fd, 4));
	return fd;
}

static void no_server_is_waited_for_long(void **state)
{
	const struct process_id us = process_id_now(getpid()), none = { .pid = 0 };
	struct x11_state f = { .open = false };
	char name[100];
	AUTO_FD int server = listen_at(name, sizeof(name), "mute");
	struct server_id mute = { .name = name }, nobody = { .name = "@/tmp/.X11-unix/nobody" };
	struct server_id nowhere = { .name = "/tmp/.X11-unix/nobody" };
	struct x11_connection others[8];

	(void)state;
	assert_true(server >= 0);
	assert_int_equal(x11_info_ask(&f, &mute, &us, in(MOMENT)), -ETIMEDOUT);
	/* The same if the server's queue has no room for another client. */
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		others[i] = (struct x11_connection){ .until = in(0) };
		x11_connect_dial(&others[i], &mute, &us);
	}
	assert_int_equal(x11_info_ask(&f, &mute, &us, in(MOMENT)), -ETIMEDOUT);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		x11_hang_up(&others[i]);
	assert_false(f.open);
	assert_true(x11_info_gone(&f));
	assert_int_equal(x11_info_ask(&f, &nobody, &us, in(MINUTES)), -ECONNREFUSED);
	assert_int_equal(x11_info_ask(&f, &nowhere, &us, in(MINUTES)), -ENOENT);
	assert_int_equal(x11_info_ask(&f, &mute, &none, in(MINUTES)), -ESRCH);
}

static void say(int fd, const unsigned char *bytes, size_t len)
{
	if (write(fd, bytes, len) != (ssize_t)len)
		_exit(2);
}

/*
 * Returns the client that sends @len bytes. A client that finds no cookie hangs up, and connects
 * again without one.
 */
static int hear(int listener, size_t len)
{
	unsigned char bytes[64];
	int fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		if (recv(fd, bytes, len, MSG_WAITALL) == (ssize_t)len)
			return fd;
		close(fd);
	}
	_exit(3);
}

/* An answer with a value in its third word, or an event. */
static void say_unit(int fd, uint8_t kind, uint8_t data, uint16_t sequence, uint32_t value)
{
	unsigned char unit[32] = { kind, data };

	memcpy(&unit[2], &sequence, 2);
	memcpy(&unit[8], &value, 4);
	say(fd, unit, sizeof(unit));
}

static void say_owner(int fd, uint8_t kind, uint32_t window, uint32_t selection)
{
	unsigned char unit[32] = { kind };

	memcpy(&unit[8], &window, 4);
	memcpy(&unit[12], &selection, 4);
	say(fd, unit, sizeof(unit));
}

/*
 * A server in a few lines. It numbers atoms from 301 and extensions from 129, then reports an owner
 * and exits.
 */
static void serve(int listener)
{
	int fd = hear(listener, 12);
	const unsigned char allowed[] = { 1, 0, 11, 0, 0, 0, 29, 0 };
	unsigned char setup[256], tail[4] = { 9, 0, 96, 0 };
	uint16_t sequence = 0;

	say(fd, allowed, sizeof(allowed));
	say(fd, setup, put_setup(setup));
	say_unit(fd, 34, 0, 0, 0); /* an event that was not requested */
	for (uint32_t i = 1; i <= X11_ATOM_MAX; i++)
		say_unit(fd, 1, 0, ++sequence, 300 + i);
	for (uint32_t i = 1; i <= X11_EXTENSION_MAX; i++)
		say_unit(fd, 1, 0, ++sequence, 1 | (128 + i) << 8 | (80 + i) << 16);
	sequence++; /* the version of XFIXES: answered, and not used */
	say_unit(fd, 1, 0, sequence, 5);
	for (uint32_t i = 0; i < X11_SELECTION_MAX; i++) {
		sequence++;
		say_unit(fd, 1, 0, ++sequence, 0x600001 + i);
	}
	say_owner(fd, 80 + X11_XFIXES + 1, 0x700001, 301); /* changes before all is answered */
	{
		unsigned char unit[32] = { 1, 32, 0, 0, 1 };

		sequence++;
		memcpy(&unit[2], &sequence, 2);
		say(fd, unit, sizeof(unit));
		say(fd, tail, sizeof(tail));
	}
	say_owner(fd, 80 + X11_XFIXES + 1, 0x800001, 1);
	say_owner(fd, 0x80 | (80 + X11_XFIXES + 1), 0x900001, 1); /* of another client */
	say_owner(fd, 80 + X11_XFIXES + 1, 0x800002, 999);
	shutdown(fd, SHUT_WR);
	while (read(fd, setup, sizeof(setup)) > 0)
		;
	_exit(0);
}

static void facts_of_a_server(void **state)
{
	const struct process_id us = process_id_now(getpid());
	struct x11_state f = { .open = false };
	char name[100];
	AUTO_FD int listener = listen_at(name, sizeof(name), "kind");
	pid_t child = fork();
	int status;

	(void)state;
	if (!child)
		serve(listener);
	assert_int_equal(x11_info_ask(&f, &(struct server_id){ .name = name }, &us, in(MINUTES)),
			 0);
	assert_false(x11_info_gone(&f));
	assert_int_equal(f.server.atoms[X11_CLIPBOARD], 301);
	assert_int_equal(f.server.majors[X11_XFIXES], 129 + X11_XFIXES);
	assert_int_equal(f.server.xinput_event, 81 + X11_XINPUT);
	assert_int_equal(f.server.wm_check, 0x600009);
	assert_int_equal(f.server.owners[X11_SELECTION_CLIPBOARD].window, 0x700001);
	/* The last messages of the server are received. Then its facts are void. */
	while (!x11_info_gone(&f))
		x11_info_refresh(&f);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(f.server.owners[X11_SELECTION_PRIMARY].window, 0x800001);
	assert_int_equal(f.server.owners[X11_SELECTION_PRIMARY].changes, 2);
	assert_int_equal(f.server.owners[X11_SELECTION_CLIPBOARD].changes, 2);
}

/* Adds one client to the server's list of its clients. */
static void put_client(unsigned char *unit, uint32_t base, uint32_t pid)
{
	uint32_t units, count;

	memcpy(&units, &unit[4], 4);
	memcpy(&count, &unit[8], 4);
	memcpy(&unit[32 + 4 * units], (const uint32_t[]){ base, 2, 4, pid }, 16);
	units += 4;
	count++;
	memcpy(&unit[4], &units, 4);
	memcpy(&unit[8], &count, 4);
}

static void clients_of_a_server(void **state)
{
	static struct x11_server s;
	static struct x11_connection c;
	unsigned char unit[128] = { 1, 0, 1, 0 }, event[32] = { 34 };
	int ends[2];

	(void)state;
	assert_false(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	s.majors[X11_RESOURCE] = 150;
	c = (struct x11_connection){ .fd = ends[0],
				     .base = 0x200000,
				     .wm_asked = clock_ns(CLOCK_MONOTONIC) };
	put_client(unit, 0x200000, (uint32_t)getpid());
	put_client(unit, 0x400000, (uint32_t)getppid());
	say(ends[1], event, sizeof(event));
	say(ends[1], unit, 64);
	say(ends[1], event, 20); /* the beginning of another one */
	/* A client that came later may have the ids of one that has ended. */
	assert_int_equal(x11_meet(&s, &c, 1, in(MINUTES)), 0);
	assert_int_equal(s.holder_count, 0);
	unit[2] = 2;
	say(ends[1], event, 12);
	say(ends[1], unit, 64);
	assert_int_equal(x11_meet(&s, &c, UINT64_MAX, in(MINUTES)), 1);
	assert_int_equal(s.holder_count, 1);
	assert_int_equal(s.holders[0].base, 0x400000);
	assert_int_equal(s.holders[0].pid, getppid());
	/* Known clients stay known. A slow answer leaves only new clients unknown. */
	assert_int_equal(x11_meet(&s, &c, 1, in(0)), 1);
	assert_true(s.unsure);
	assert_int_equal(x11_meet(&s, &c, 0, in(MOMENT)), 0);
	assert_true(s.unsure);
	assert_int_equal(s.holder_count, 1);
	unit[2] = 3;
	say(ends[1], unit, 64);
	assert_int_equal(x11_meet(&s, &c, 0, in(MINUTES)), 1);
	assert_false(s.unsure);
	assert_int_equal(s.holder_count, 1);
	assert_int_equal(x11_meet(&s, &c, 0, in(MINUTES)), 0);
	/* The server knows us by another pid. */
	unit[2] = 4;
	memset(&unit[32 + 12], 1, 4);
	say(ends[1], unit, 64);
	assert_int_equal(x11_meet(&s, &c, UINT64_MAX, in(MINUTES)), 1);
	assert_int_equal(s.holder_count, 0);
	close(ends[1]);
	assert_true(x11_meet(&s, &c, 1, in(MINUTES)) < 0);
	close(ends[0]);
}

/*
 * Saved facts are loaded again, word by word. A line that was cut is refused, or has fewer facts.
 */
static void facts_are_saved_and_loaded(void **state)
{
	struct x11_state f = { .open = false }, g = { .open = false };
	AUTO_FREE char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);
	const char *at, *why;
	struct record_word word;

	(void)state;
	f.server = (struct x11_server){ .roots = { ROOT, 7 },
					.root_count = 2,
					.id_mask = 0x3fffff,
					.wm_check = 3,
					.xinput_event = 66,
					.unsure = true,
					.owners = { { 1, 2 }, { 3, 4 } } };
	for (uint32_t i = 0; i < X11_ATOM_MAX; i++)
		f.server.atoms[i] = 100 + i;
	for (uint32_t i = 0; i < X11_EXTENSION_MAX; i++)
		f.server.majors[i] = 128 + i;
	f.server.holders[0] = (struct x11_holder){ 0x200000, 812 };
	f.server.holders[1] = (struct x11_holder){ 0x400000, 4194303 };
	f.server.holder_count = 2;
	x11_info_save(&f, out);
	fclose(out);
	for (int times = 0; times < 2; times++) {
		at = line;
		while (record_lex_next(&at, &word, &why) > 0)
			assert_int_equal(x11_info_load(&g, &word), 0);
		assert_memory_equal(&f.server, &g.server, sizeof(f.server));
	}
	at = "atom=12 atom=x:CLIPBOARD root=x mask=4294967296 owner=99999999999:PRIMARY client=1 client=1: "
	     "client=:1 client=x:1 client=1:4294967296";
	while (record_lex_next(&at, &word, &why) > 0)
		assert_int_equal(x11_info_load(&g, &word), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setup_of_every_length),
		cmocka_unit_test(cookies_of_a_display),
		cmocka_unit_test(cookies_are_the_users_own),
		cmocka_unit_test(no_server_is_waited_for_long),
		cmocka_unit_test(facts_of_a_server),
		cmocka_unit_test(clients_of_a_server),
		cmocka_unit_test(facts_are_saved_and_loaded),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
