/* SPDX-License-Identifier: Apache-2.0 */
/* test_match_bus.c - the sources that a request on a message bus touches. */
#include <errno.h>

#include "catalog_fixture.h"

#include "policy/match_bus.c"

#include "policy/match.h"

static const char bus_sources[] =
	"sources:\n"
	"  - {id: hw, category: mac, kind: dbus, service: org.n.NM, interface: [org.n.NM.Device, org.n.NM.Wired],\n"
	"     property: [Hw, PermHw]}\n"
	"  - {id: secret, category: serial, kind: dbus, service: org.n.NM, interface: org.n.NM.Settings, member: GetSecrets}\n"
	"  - {id: place, category: mail, kind: dbus, service: [org.g.Geo, org.g.Geo2], interface: org.g.Geo.Location}\n"
	"  - {id: start, category: mail, kind: dbus, service: org.g.Geo, interface: org.g.Geo.Client, member: [Start, Moved]}\n"
	"  - {id: battery, category: disk, kind: dbus, path: \"/u/devices/*_*\", interface: org.u.Device, property: Serial}\n"
	"  - {id: whole, category: av, kind: dbus, service: org.w.Whole}\n"
	"  - {id: own, category: device, kind: dbus, interface: org.o.I, own: /usr/bin/owner}\n";

static const struct {
	int line;
	enum bus_ask ask;
	const char *service, *object, *interface, *member, *property, *want;
} cases[] = {
	/* An interface identifies the source at any service. */
	{ __LINE__, BUS_GET, "org.n.NM", "/", "org.n.NM.Device", "", "Hw", "hw" },
	{ __LINE__, BUS_GET, ":1.7", "/", "org.n.NM.Wired", "", "PermHw", "hw" },
	{ __LINE__, BUS_GET, "org.x", "/", "org.n.NM.Wired", "", "PermHw", "hw" },
	{ __LINE__, BUS_GET, "org.n.NM", "/", "org.n.NM.Device", "", "Mtu", "" },
	{ __LINE__, BUS_GET, "org.n.NM", "/", "org.n.NM.Settings", "", "GetSecrets", "" },
	{ __LINE__, BUS_CALL, "org.n.NM", "/", "org.n.NM.Settings", "GetSecrets", "", "secret" },
	{ __LINE__, BUS_CALL, "org.n.NM", "/", "org.n.NM.Device", "Hw", "", "" },
	{ __LINE__, BUS_GET_ALL, "org.n.NM", "/", "org.n.NM.Device", "", "", "hw" },
	{ __LINE__, BUS_GET_ALL, "org.n.NM", "/", "org.n.NM.Settings", "", "", "" },
	/*
	 * Without an interface the service decides. If the service is not known, the tree of the
	 * object decides.
	 */
	{ __LINE__, BUS_GET, "org.n.NM", "/", "", "", "Hw", "hw" },
	{ __LINE__, BUS_GET_ALL, "org.n.NM", "/", "", "", "", "hw" },
	{ __LINE__, BUS_OBJECTS, "org.n.NM", "/", "", "", "", "hw" },
	{ __LINE__, BUS_OBJECTS, ":1.7", "/org/n/NM/Devices/1", "", "", "", "hw" },
	{ __LINE__, BUS_OBJECTS, ":1.7", "/org/n/NMX", "", "", "", "" },
	{ __LINE__, BUS_OBJECTS, ":1.7", "/", "", "", "", "" },
	{ __LINE__, BUS_OBJECTS, "org.x", "/org/n/NM", "", "", "", "" },
	/*
	 * A call without an interface is found by its member, at that service or at an unknown one.
	 */
	{ __LINE__, BUS_CALL, "org.n.NM", "/", "", "GetSecrets", "", "secret" },
	{ __LINE__, BUS_CALL, ":1.9", "/", "", "GetSecrets", "", "secret" },
	{ __LINE__, BUS_CALL, "org.x", "/", "", "GetSecrets", "", "" },
	/* Sources that are a whole interface or a whole service. */
	{ __LINE__, BUS_GET, "org.g.Geo", "/", "org.g.Geo.Location", "", "Latitude", "place" },
	{ __LINE__, BUS_GET_ALL, "org.g.Geo", "/", "org.g.Geo.Location", "", "", "place" },
	{ __LINE__, BUS_CALL, "org.g.Geo2", "/", "org.g.Geo.Location", "Any", "", "place" },
	{ __LINE__, BUS_CALL, "org.w.Whole", "/", "org.any", "Any", "", "whole" },
	{ __LINE__, BUS_GET, "org.w.Whole", "/", "org.any", "", "Any", "whole" },
	/* A request for the presence of a service reports one source, the first. */
	{ __LINE__, BUS_PRESENCE, "org.n.NM", "", "", "", "", "hw" },
	{ __LINE__, BUS_PRESENCE, "org.g.Geo", "", "", "", "", "place" },
	{ __LINE__, BUS_PRESENCE, "org.x", "", "", "", "", "" },
	/* Signals with a name, and signals that carry properties. */
	{ __LINE__, BUS_SUBSCRIBE, "org.g.Geo", "", "org.g.Geo.Client", "Moved", "", "start" },
	{ __LINE__, BUS_SUBSCRIBE, "org.g.Geo", "", "org.g.Geo.Client", "Other", "", "" },
	{ __LINE__, BUS_SUBSCRIBE, "org.n.NM", "", "org.n.NM.Device", "StateChanged", "", "" },
	{ __LINE__, BUS_SUBSCRIBE, "org.n.NM", "", "org.n.NM.Device", "", "", "hw" },
	{ __LINE__, BUS_SUBSCRIBE, "org.n.NM", "", "", "", "", "hw" },
	/* A source of some objects only. A request for all objects includes them. */
	{ __LINE__, BUS_GET, "org.u", "/u/devices/a_b", "org.u.Device", "", "Serial", "battery" },
	{ __LINE__, BUS_GET_ALL, "org.u", "/u/devices/Sum", "org.u.Device", "", "", "" },
	{ __LINE__, BUS_SUBSCRIBE, "org.u", "", "org.u.Device", "", "", "battery" },
	{ __LINE__, BUS_CALL, "org.o", "/", "org.o.I", "M", "", "" },
	{ __LINE__, BUS_CALL, "", "", "", "", "", "" },
};

static void requests_find_their_sources(void **state)
{
	struct catalog *catalog = NULL;
	struct problems p = { 0 };

	(void)state;
	assert_int_equal(load_texts(&catalog, good_categories, bus_sources, &p), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct source_query q = { .kind = SOURCE_DBUS,
					  .ask = cases[i].ask,
					  .service = cases[i].service,
					  .object = cases[i].object,
					  .interface = cases[i].interface,
					  .member = cases[i].member,
					  .property = cases[i].property,
					  .exe = "/usr/bin/owner" };
		const struct source *out[SOURCE_MATCH_MAX];
		size_t n = catalog_match(catalog, &q, out);

		if (n > 1 || strcmp(n ? out[0]->id : "", cases[i].want))
			fail_msg("row of line %d: %zu, \"%s\", want \"%s\"", cases[i].line, n,
				 n ? out[0]->id : "", cases[i].want);
	}
	catalog_free(&catalog);
}

static void bad_rows_are_refused_with_a_reason(void **state)
{
	static const struct {
		int line;
		const char *row, *why;
	} bad[] = {
		{ __LINE__, "member: A", "need an \"interface\"" },
		{ __LINE__, "interface: a.b, member: A, property: B", "write two sources" },
		{ __LINE__, "path: /a", "needs \"interface\" or \"service\"" },
		{ __LINE__, "service: [a.b, [c]]", "must be a list of texts" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct catalog *catalog = NULL;
		struct problems p = { 0 };
		char text[256];

		snprintf(text, sizeof(text),
			 "sources:\n  - {id: x, category: mac, kind: dbus, %s}\n", bad[i].row);
		assert_int_equal(load_texts(&catalog, good_categories, text, &p), -EINVAL);
		if (!p.count || !strstr(p.list[0].text, bad[i].why))
			fail_msg("row of line %d: %s", bad[i].line,
				 p.count ? p.list[0].text : "nothing");
		problems_clear(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_find_their_sources),
		cmocka_unit_test(bad_rows_are_refused_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, fixture_end);
}
