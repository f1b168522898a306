/* SPDX-License-Identifier: Apache-2.0 */
/* test_statement_show.c - a statement as text, JSON and YAML: complete, and YAML loads again. */
#include "policy_world.h"

#include "daemon/report/statement_show.c"
#include "daemon/report/statement_yaml.c"

static const char whole[] =
	"statement: {id: acme, title: \"A \\e[1m\", version: 1.2, source: \"https://example.com/x\"}\n"
	"groups: {network: [mac, ip]}\n"
	"scenarios:\n"
	"  - {id: chat, title: C, role: processor, purpose: Talk., methods: [app], delegates: form,\n"
	"     information: [{network: transient}, {clip: {latest: 3}}]}\n"
	"  - {id: form, title: F, role: controller, purpose: Fill in., methods: [user], information: [mail]}\n"
	"apps:\n"
	"  - {id: tool, exe: [/usr/bin/tool, /opt/**], scenario: chat}\n"
	"  - {id: unit, unit: 'a\\x2db@*.service', cgroup: /c, argv: '*\" -v', uid: [root, 77],\n"
	"     scenario: [chat, form], triggers: [{scenario: form, when: [mac, ip_file], for: 1500ms},\n"
	"     {scenario: chat, when: both}]}\n"
	"exceptions:\n"
	"  - {id: EX1, reason: agreed, owner: me, expires: 2026-06-30, category: mac, source: mac_file,\n"
	"     scenarios: form}\n"
	"raise: [probe]\n";

/* The caller frees the result. */
static char *text_of(int (*show)(FILE *out, const struct policy *policy),
		     const struct policy *policy)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(show(out, policy), 0);
	fclose(out);
	return text;
}

static struct policy *loaded(const char *text)
{
	struct problems p = { 0 };
	struct policy *policy = NULL;

	load_statement(&policy, text, &p);
	if (!policy)
		fail_msg("not loaded: %s\nof: %s", p.count ? p.list[0].text : "?", text);
	return policy;
}

static void every_part_is_shown(void **state)
{
	static const struct {
		int (*show)(FILE *out, const struct policy *policy);
		const char *parts[16];
	} cases[] = {
		{ statement_show_text,
		  { "A \\x1b[1m (acme), version 1.2", "https://example.com/x", "Talk.", "Fill in.",
		    "latest:3", "/opt/**", "EX1", "2026-06-30", "mac_file", "agreed", "probe",
		    "**/a\\\\x2db@*.service", "mac, ip_file", "1.500 s", "60.000 s" } },
		{ statement_show_json,
		  { "\"version\":\"1.2\"", "\"source\":\"https://example.com/x\"", "\"Talk.\"",
		    "\"delegates\":\"form\"", "\"latest:3\"", "\"/opt/**\"", "\"EX1\"",
		    "\"scenarios\":[\"form\"]", "\"uid\":[0,77]",
		    "\"when\":[\"mac\",\"ip_file\"],\"for_ms\":1500}",
		    "\"findings\":[\"direct\",\"exposed\",\"probe\"]" } },
		{ statement_show_yaml,
		  { "version: \"1.2\"", "source: \"https://example.com/x\"", "delegates: \"form\"",
		    "network: [mac, ip]", "raise: [probe]", "scenarios: [form]",
		    "scenario: [chat, form]", "for: 1500ms" } },
	};
	struct policy *policy = loaded(whole);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = text_of(cases[i].show, policy);

		for (size_t k = 0; cases[i].parts[k]; k++)
			if (!strstr(text, cases[i].parts[k]))
				fail_msg("not shown: %s\nin: %s", cases[i].parts[k], text);
		free(text);
	}
	policy_free(&policy);
}

/* Two statements with the same output in every form are equal, but for the lines of their rows. */
static void yaml_parses_back(void **state)
{
	struct policy *policy = loaded(whole), *again;
	char *yaml = text_of(statement_show_yaml, policy),
	     *text = text_of(statement_show_text, policy), *other;

	(void)state;
	again = loaded(yaml);
	other = text_of(statement_show_yaml, again);
	assert_string_equal(yaml, other);
	free(other);
	other = text_of(statement_show_text, again);
	assert_string_equal(text, other);
	free(other);
	free(text);
	free(yaml);
	policy_free(&again);
	policy_free(&policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_is_shown),
		cmocka_unit_test(yaml_parses_back),
	};

	return cmocka_run_group_tests(tests, world_open, world_close);
}
