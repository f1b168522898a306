/* SPDX-License-Identifier: Apache-2.0 */
/* config_fixture.h - directories and statements of a machine, for tests of the configuration. */
#ifndef PIAUDIT_CONFIG_FIXTURE_H
#define PIAUDIT_CONFIG_FIXTURE_H

#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>

#include "policy_world.h"

#include "daemon/config/config.h"

/* Not the file of this machine. */
static char default_file[128];
#undef PIA_CONFIG
#define PIA_CONFIG default_file

#include "daemon/config/config.c"

#define SHIPPED "lib/statements/"
#define OWN     "own/"

#define SCENARIOS                                                                                  \
	"scenarios:\n"                                                                             \
	"- {id: s, title: t, role: processor, purpose: p, methods: [app], information: [mac]}\n"   \
	"- {id: meet, title: t, role: processor, purpose: p, methods: [app], information: [ip]}\n" \
	"apps:\n"

static const char first[] =
	"statement: {id: first, title: First}\n" SCENARIOS
	"- {id: a1, exe: /a1, uid: 0, scenario: s, triggers: [{scenario: meet, when: mac}]}\n"
	"- {id: a2, exe: /a2}\n";
static const char second[] = "statement: {id: second, title: Second}\n" SCENARIOS
			     "- {id: b1, unit: b.service}\n";
static const char other[] = "statement: {id: other, title: Other}\n" SCENARIOS
			    "- {id: o1, exe: /o1}\n";

static inline char *path_of(const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", fixture_dir, name);
	return path;
}

static inline int removed(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	return at->level ? remove(path) : 0;
}

static inline int fresh(void **state)
{
	static const char *const dirs[] = { "lib", "lib/catalog", "lib/statements", "own" };
	char path[128];

	(void)state;
	nftw(fixture_dir, removed, 8, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		assert_int_equal(mkdir(path_of(dirs[i], path), 0755), 0);
	setenv("PIAUDIT_DATADIR", path_of("lib", path), 1);
	path_of("default.yaml", default_file);
	fixture_file(path, SHIPPED "first.yaml", first);
	fixture_file(path, SHIPPED "second.yaml", second);
	fixture_file(path, SHIPPED "first.test.yaml", "no statement: [\n");
	fixture_file(path, OWN "README", "no statement\n");
	return 0;
}

/* Loads @text, behind a key with the test's own directory. */
static inline int load_text(struct config **out, const char *text, struct problems *p)
{
	char path[128], whole[4096];

	snprintf(whole, sizeof(whole), "policies: %s/own\n%s", fixture_dir, text);
	fixture_file(path, "x.yaml", whole);
	return config_load(out, path, world.catalog, p);
}

static inline struct config *loaded(const char *text, int line)
{
	struct config *config = NULL;
	struct problems p = { 0 };

	if (load_text(&config, text, &p)) {
		for (size_t i = 0; i < p.count; i++)
			print_error("  %s\n", p.list[i].text);
		fail_msg("line %d: not loaded", line);
	}
	problems_clear(&p);
	return config;
}

/* @want has "id@statement" for each app, in order, with blanks between. */
static inline void assert_apps(const struct config *config, const char *want, int line)
{
	char have[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < config->app_count; i++)
		len += (size_t)snprintf(have + len, sizeof(have) - len, "%s%s@%s", i ? " " : "",
					config->apps[i].app->id, policy_id(config->apps[i].policy));
	if (strcmp(have, want) != 0)
		fail_msg("line %d: apps are %s, not %s", line, have, want);
}

static inline int config_end(int failed)
{
	policy_free(&world.policy);
	catalog_free(&world.catalog);
	nftw(fixture_dir, removed, 8, FTW_DEPTH | FTW_PHYS);
	return failed + !!rmdir(fixture_dir);
}

#endif
