/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_request.h - what a method call of D-Bus asks. */
#ifndef PIAUDIT_DBUS_REQUEST_H
#define PIAUDIT_DBUS_REQUEST_H

#include "dbus_message.h"

struct dbus_call {
	struct dbus_fields fields;
	const struct server_state *facts;
	uint64_t *signals; /* what was subscribed to last, as a hash */
	const struct decode_out *out;
};

void dbus_request(struct dbus_call *call);

#endif
