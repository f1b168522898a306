// SPDX-License-Identifier: Apache-2.0
/* getifaddrs.c - lists interfaces as most programs do: the MAC is in the reply, wanted or not. */
#include <ifaddrs.h>
#include <stdio.h>

int main(void)
{
	struct ifaddrs *list;
	int n = 0;

	if (getifaddrs(&list))
		return 1;
	for (struct ifaddrs *i = list; i; i = i->ifa_next)
		n++;
	freeifaddrs(list);
	printf("%d addresses\n", n);
	return 0;
}
