/* SPDX-License-Identifier: Apache-2.0 */
/* transports_net.c - the transports of piaudit-export. */
#include <curl/curl.h>

#include "daemon/export/destination/transport.h"

extern const struct transport_ops transport_file, transport_syslog, transport_http;

const char *const transports_program = "piaudit-export";
const struct transport_ops *const transports[] = { &transport_file, &transport_syslog,
						   &transport_http, NULL };

/* Runs before any thread starts: curl_global_init() is not thread-safe everywhere. */
int transports_begin(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) ? -1 : 0;
}
