/* SPDX-License-Identifier: Apache-2.0 */
/* dbus_request.c - the request of a D-Bus method call: a member, properties, the bus itself. */
#include "dbus_request.h"

#include <stdio.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/desktop/server_info.h"

#define DETAIL_MAX 512 /* bytes; a name on a bus has up to 255 */
#define BUS        "org.freedesktop.DBus"
#define PROPERTIES BUS ".Properties"
#define OBJECTS    BUS ".ObjectManager"
#define MONITORING BUS ".Monitoring"

/*
 * Reports one request, with the well-known name of the service if it is known. A call to a name
 * that the client itself owns is skipped.
 */
static void tell_one(const struct dbus_call *call, struct bus_question q, const char *detail)
{
	struct server_request asked = { REQ_NONE, &q, detail };

	q.absent = dbus_names_lacks(call->facts->bus, q.service);
	if (!dbus_names_owned_by(call->facts->bus, q.service, call->facts->client))
		call->out->asked(call->out->context, &asked);
}

/* A service can own several names. Without an interface the request is reported for each name. */
static void dbus_request_tell(const struct dbus_call *call, struct bus_question q,
			      const char *detail)
{
	const char *unique = q.service, *name;

	/* The owner or some of its names are not known, and no interface identifies the request. */
	if (*unique == ':' && !*q.interface && dbus_names_unsure(call->facts->bus))
		call->out->lost(call->out->context);
	q.service = dbus_names_of(call->facts->bus, unique, 0) ?: unique;
	tell_one(call, q, detail);
	for (size_t i = 1; !*q.interface && (name = dbus_names_of(call->facts->bus, unique, i));
	     i++) {
		q.service = name;
		tell_one(call, q, detail);
	}
}

static struct bus_question question(const struct dbus_call *call, enum bus_ask ask)
{
	return (struct bus_question){ .ask = ask,
				      .service = call->fields.destination,
				      .path = call->fields.path,
				      .interface = "",
				      .member = "",
				      .property = "" };
}

/* The next argument, a text. If its bytes are missing: "" and a loss. */
static const char *dbus_request_argument(struct dbus_call *call)
{
	const char *text = "";

	if (*call->fields.signature != 's' || call->fields.body.bad)
		return "";
	call->fields.signature++;
	text = dbus_text(&call->fields.body, 4);
	if (call->fields.body.bad)
		call->out->lost(call->out->context);
	return text;
}

static void ask_member(struct dbus_call *call)
{
	struct bus_question q = question(call, BUS_CALL);
	char detail[DETAIL_MAX];

	q.interface = call->fields.interface;
	q.member = call->fields.member;
	if (*q.interface)
		snprintf(detail, sizeof(detail), "%s.%s", q.interface, q.member);
	else
		snprintf(detail, sizeof(detail), "%s of %s", q.member, q.service);
	dbus_request_tell(call, q, detail);
}

static void ask_property(struct dbus_call *call)
{
	struct bus_question q = question(call, BUS_GET);
	char detail[DETAIL_MAX];

	q.interface = dbus_request_argument(call);
	q.property = dbus_request_argument(call);
	if (call->fields.body.bad)
		return;
	snprintf(detail, sizeof(detail), "%s.%s", *q.interface ? q.interface : q.service,
		 q.property);
	dbus_request_tell(call, q, detail);
}

static void ask_properties(struct dbus_call *call)
{
	struct bus_question q = question(call, BUS_GET_ALL);
	char detail[DETAIL_MAX];

	q.interface = dbus_request_argument(call);
	if (call->fields.body.bad)
		return;
	snprintf(detail, sizeof(detail), "all properties of %s",
		 *q.interface ? q.interface : q.service);
	dbus_request_tell(call, q, detail);
}

static void ask_objects(struct dbus_call *call)
{
	struct bus_question q = question(call, BUS_OBJECTS);
	char detail[DETAIL_MAX];

	snprintf(detail, sizeof(detail), "all objects of %s",
		 dbus_names_of(call->facts->bus, q.service, 0) ?: q.service);
	dbus_request_tell(call, q, detail);
}

static void ask_presence(struct dbus_call *call)
{
	struct bus_question q = question(call, BUS_PRESENCE);
	char detail[DETAIL_MAX];

	q.service = dbus_request_argument(call);
	q.path = "";
	snprintf(detail, sizeof(detail), "whether %s is there", q.service);
	tell_one(call, q, detail);
}

/* A started service is no descendant of the app: it runs outside the audited tree. */
static void ask_start(struct dbus_call *call)
{
	struct bus_question q = question(call, BUS_CALL);
	struct dbus_call again = *call;
	char detail[DETAIL_MAX];

	q.interface = BUS;
	q.member = call->fields.member;
	snprintf(detail, sizeof(detail), "start of %s", dbus_request_argument(&again));
	if (again.fields.body.bad)
		return;
	tell_one(call, q, detail);
	ask_presence(call);
}

/*
 * A scope contains processes that run already; desktop programs group their own processes so. Other
 * units start processes.
 */
static void ask_unit(struct dbus_call *call)
{
	struct dbus_call again = *call;
	const char *unit = dbus_request_argument(&again);
	size_t len = strlen(unit);

	if (len < 6 || strcmp(unit + len - 6, ".scope") != 0)
		ask_member(call);
}

static void ask_everything(struct dbus_call *call, enum bus_ask ask, const char *detail)
{
	struct bus_question q = question(call, ask);

	q.interface = MONITORING;
	q.member = "BecomeMonitor";
	tell_one(call, q, detail);
}

/*
 * Libraries send a rule for each signal of a service, and several rules for its properties. Equal
 * rules in a row are one subscription.
 */
static bool subscribed(struct dbus_call *call, const struct bus_question *q)
{
	const char *const texts[] = { q->service, q->interface, q->member };
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		for (const char *c = texts[i]; *c; c++)
			hash = (hash ^ (unsigned char)*c) * 1099511628211u;
		hash = (hash ^ '/') * 1099511628211u;
	}
	if (*call->signals == hash)
		return true;
	*call->signals = hash;
	return false;
}

/* The signals of a rule, if they carry properties or have their own name in the policy. */
static void ask_signals(struct dbus_call *call, const struct dbus_rule *rule)
{
	struct bus_question q = question(call, BUS_SUBSCRIBE);
	char detail[DETAIL_MAX];

	q.service = rule->sender;
	q.path = rule->path;
	q.interface = rule->interface;
	q.member = rule->member;
	if (strcmp(rule->interface, PROPERTIES) == 0) {
		q.interface = rule->arg0;
		q.member = "";
	} else if (strcmp(rule->interface, OBJECTS) == 0) {
		if (strcmp(rule->member, "InterfacesRemoved") == 0)
			return;
		q.interface = q.member = "";
	} else if (strcmp(rule->member, "PropertiesChanged") == 0) {
		q.member = "";
	}
	if (subscribed(call, &q))
		return;
	snprintf(
		detail, sizeof(detail), "signals of %s%s%s",
		*q.interface ? q.interface : (dbus_names_of(call->facts->bus, q.service, 0) ?: q.service),
		*q.member ? "." : "", q.member);
	dbus_request_tell(call, q, detail);
}

static void ask_match(struct dbus_call *call)
{
	struct dbus_rule rule;

	if (dbus_rule_read(&rule, dbus_request_argument(call)) || call->fields.body.bad)
		return;
	if (strcmp(rule.eavesdrop, "true") == 0) {
		ask_everything(call, BUS_CALL, "all messages of the bus");
		return;
	}
	if (*rule.type && strcmp(rule.type, "signal") != 0)
		return;
	/* The bus's own signals report which names appeared and disappeared. */
	if (strcmp(rule.sender, BUS) == 0 || strcmp(rule.interface, BUS) == 0)
		return;
	if (rule.keys)
		ask_signals(call, &rule);
	else
		ask_everything(call, BUS_SUBSCRIBE, "all signals of the bus");
}

static void ask_nothing(struct dbus_call *call)
{
	(void)call;
}

/* Calls that need their own reader. @signature identifies calls without an interface. */
static const struct {
	const char *interface, *member, *signature;
	void (*ask)(struct dbus_call *call);
} members[] = {
	{ PROPERTIES, "Get", "ss", ask_property },
	{ PROPERTIES, "GetAll", "s", ask_properties },
	{ PROPERTIES, "Set", "ssv", ask_nothing },
	{ OBJECTS, "GetManagedObjects", "", ask_objects },
	{ BUS, "NameHasOwner", "s", ask_presence },
	{ BUS, "GetNameOwner", "s", ask_presence },
	{ BUS, "StartServiceByName", "su", ask_start },
	{ BUS, "AddMatch", "s", ask_match },
	{ "org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))", ask_unit },
	{ BUS ".Introspectable", "Introspect", "", ask_nothing },
	{ BUS ".Peer", "Ping", "", ask_nothing },
};

void dbus_request(struct dbus_call *call)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		bool same = *call->fields.interface ? strcmp(call->fields.interface,
							     members[i].interface) == 0
						    : strcmp(call->fields.signature,
							     members[i].signature) == 0;

		if (!same || strcmp(call->fields.member, members[i].member) != 0)
			continue;
		members[i].ask(call);
		return;
	}
	ask_member(call);
}
