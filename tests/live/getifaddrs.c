// SPDX-License-Identifier: Apache-2.0
/* getifaddrs.c - lists interfaces like most programs: the reply contains MAC addresses, wanted
 * or not. */
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
