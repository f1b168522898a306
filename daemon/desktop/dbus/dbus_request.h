/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_request.h - the request of a D-Bus method call. */
#ifndef PIAUDIT_DBUS_REQUEST_H
#define PIAUDIT_DBUS_REQUEST_H

#include "dbus_message.h"

struct dbus_call {
	struct dbus_fields fields;
	const struct server_state *facts;
	uint64_t *signals; /* hash of the last subscription of the stream */
	const struct decode_out *out;
};

void dbus_request(struct dbus_call *call);

#endif
