/* SPDX-License-Identifier: Apache-2.0 */
/* family.c - families of generic netlink as the catalog names them, and their commands. */
#include "family.h"

#include <ctype.h>
#include <linux/nl80211.h>
#include <string.h>

#include <piaudit/auto.h>

#include "diagnostics.h"
#include "suggest.h"

#define COMMAND_MAX 255 /* genlmsghdr.cmd is a byte */

const char *const family_word[] = {
	[PIA_FAMILY_NL80211] = "nl80211",
};
_Static_assert(ARRAY_SIZE(family_word) == PIA_FAMILY_MAX, "a family without a word");

/* Commands that read. Any other can be given by its number. */
static const struct {
	enum pia_family family;
	const char *name;
	uint32_t number;
} commands[] = {
	{ PIA_FAMILY_NL80211, "GET_WIPHY", NL80211_CMD_GET_WIPHY },
	{ PIA_FAMILY_NL80211, "GET_INTERFACE", NL80211_CMD_GET_INTERFACE },
	{ PIA_FAMILY_NL80211, "GET_KEY", NL80211_CMD_GET_KEY },
	{ PIA_FAMILY_NL80211, "GET_STATION", NL80211_CMD_GET_STATION },
	{ PIA_FAMILY_NL80211, "GET_MPATH", NL80211_CMD_GET_MPATH },
	{ PIA_FAMILY_NL80211, "GET_REG", NL80211_CMD_GET_REG },
	{ PIA_FAMILY_NL80211, "GET_SCAN", NL80211_CMD_GET_SCAN },
	{ PIA_FAMILY_NL80211, "TRIGGER_SCAN", NL80211_CMD_TRIGGER_SCAN },
	{ PIA_FAMILY_NL80211, "START_SCHED_SCAN", NL80211_CMD_START_SCHED_SCAN },
	{ PIA_FAMILY_NL80211, "GET_SURVEY", NL80211_CMD_GET_SURVEY },
	{ PIA_FAMILY_NL80211, "GET_POWER_SAVE", NL80211_CMD_GET_POWER_SAVE },
};

static int by_number(struct reader *r, const struct yaml_node *value, uint32_t *out)
{
	uint32_t number = 0;
	int err = schema_to_number(r, value, &number);

	if (!err && number > COMMAND_MAX)
		err = problem_error(r->problems, schema_place(r, value),
				    "invalid command \"%.60s\": use a number from 0 to %d",
				    value->text, COMMAND_MAX);
	if (!err)
		*out = number;
	return err;
}

int family_command(struct reader *r, const struct yaml_node *value, enum pia_family family,
		   uint32_t *out)
{
	struct suggest guess;

	if (isdigit((unsigned char)value->text[0]))
		return by_number(r, value, out);
	suggest_start(&guess, value->text);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].family != family)
			continue;
		if (!strcmp(commands[i].name, value->text)) {
			*out = commands[i].number;
			return 0;
		}
		suggest_offer(&guess, commands[i].name);
	}
	return problem_error(r->problems, schema_place(r, value), "unknown command \"%.60s\"%s%s",
			     value->text, suggest_hint(&guess),
			     guess.best ? " Otherwise use its number"
					: "; use its number, or a name of piaudit-catalog(5)");
}
