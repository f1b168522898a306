// SPDX-License-Identifier: Apache-2.0
/* getaddrinfo.c - resolves a name like any network program: `getaddrinfo [addrconfig] NAME`. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	int err;

	if (argc > 2 && !strcmp(argv[1], "addrconfig"))
		hints.ai_flags = AI_ADDRCONFIG;
	err = getaddrinfo(argv[argc - 1], "80", &hints, &list);
	printf("%s\n", err ? gai_strerror(err) : "resolved");
	if (!err)
		freeaddrinfo(list);
	return 0;
}
