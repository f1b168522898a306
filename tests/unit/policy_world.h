/* SPDX-License-Identifier: Apache-2.0 */
/* policy_world.h - a small catalog and a statement over it, for tests of judge.c and of loading. */
#ifndef PIAUDIT_POLICY_WORLD_H
#define PIAUDIT_POLICY_WORLD_H

#include "policy_fixture.h"

#include "policy/policy.h"

#define DAY 86400000000000ull /* ns */

static const char categories[] = "categories:\n"
				 "  - {id: device_id, title: Device}\n"
				 "  - {id: serial, title: Serial, parent: device_id}\n"
				 "  - {id: machine_id, title: Machine, parent: device_id}\n"
				 "  - {id: mac, title: MAC}\n"
				 "  - {id: ip, title: IP}\n"
				 "  - {id: clip, title: Clipboard}\n"
				 "  - {id: text_clip, title: Text, parent: clip}\n"
				 "  - {id: mail, title: Mail}\n"
				 "  - {id: disk, title: Disk}\n"
				 "  - {id: half, title: Half, not_observable: by itself}\n"
				 "  - {id: seen, title: Seen, parent: half}\n"
				 "  - {id: unseen, title: Unseen, not_observable: never}\n";

static const char sources[] =
	"sources:\n"
	"  - {id: mac_file, category: mac, kind: file, path: /m}\n"
	"  - {id: ip_file, category: ip, kind: file, path: /i}\n"
	"  - {id: both, category: disk, also: [mac, clip], kind: file, path: /b}\n";

/* Tests expect these lines: meeting 6, chat 7, form 8, desk 9, sync 10. */
static const char statement[] =
	"statement: {id: acme, title: Acme, version: 1}\n"
	"groups:\n"
	"  device_id: [serial]\n"
	"  network: [mac, ip]\n"
	"scenarios:\n"
	"  - {id: meeting, title: M, role: processor, purpose: p, methods: [user, app], information: [device_id, network]}\n"
	"  - {id: chat, title: C, role: processor, purpose: p, methods: [app], information: [mac, {clip: transient}]}\n"
	"  - {id: form, title: F, role: controller, purpose: p, methods: [user, org], information: [mac, {mail: {latest: 5}}]}\n"
	"  - {id: desk, title: D, role: controller, purpose: p, methods: [provider], information: [ip]}\n"
	"  - {id: sync, title: S, role: controller, purpose: p, methods: [app], information: [network, ip]}\n"
	"apps:\n"
	"  - {id: tool, exe: /usr/bin/tool, scenario: chat}\n"
	"  - {id: other, exe: [/usr/bin/a, /opt/**/b]}\n"
	"exceptions:\n"
	"  - {id: EX1, reason: agreed, owner: me, expires: 2026-06-30, category: mac, source: mac_file, scenarios: form}\n"
	"  - {id: EX2, reason: known, owner: me, category: machine_id, scenarios: [chat, form]}\n"
	"  - {id: EX3, reason: for all, owner: me, expires: 2026-06-30, category: mail}\n"
	"raise: [probe]\n";

struct world {
	struct catalog *catalog;
	struct policy *policy;
};

static struct world world;

static inline int load_statement(struct policy **out, const char *text, struct problems *p)
{
	char path[128];

	fixture_file(path, "statement.yaml", text);
	return policy_load(out, path, world.catalog, p);
}

static inline int world_open(void **state)
{
	struct problems p = { 0 };
	char path[128];
	int err;

	(void)state;
	fixture_file(path, "categories.yaml", categories);
	fixture_file(path, "sources.yaml", sources);
	err = catalog_load(&world.catalog, fixture_dir, NULL, &p);
	err = err ?: load_statement(&world.policy, statement, &p);
	for (size_t i = 0; i < p.count; i++)
		print_error("  %s\n", p.list[i].text);
	return err;
}

/* Loads another statement over the same catalog, too. The caller frees it before the world. */
static inline int world_open_with(void **state, struct policy **other, const char *text)
{
	struct problems p = { 0 };
	int err = world_open(state) ?: load_statement(other, text, &p);

	problems_clear(&p);
	return err;
}

static inline int world_close(void **state)
{
	policy_free(&world.policy);
	catalog_free(&world.catalog);
	return fixture_end(state);
}

static inline const struct category *category(const char *id)
{
	const struct category *c = catalog_category_find(world.catalog, id);

	assert_non_null(c);
	return c;
}

#endif
