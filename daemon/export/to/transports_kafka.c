/* SPDX-License-Identifier: Apache-2.0 */
/* transports_kafka.c - the transport of piaudit-export-kafka. */
#include "daemon/export/destination/transport.h"

extern const struct transport_ops transport_kafka;

const char *const transports_program = "piaudit-export-kafka";
const struct transport_ops *const transports[] = { &transport_kafka, NULL };

int transports_begin(void)
{
	return 0;
}
