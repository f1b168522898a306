/* SPDX-License-Identifier: Apache-2.0 */
/* completion.c - completion for a shell: the tables, and a script that reads them. */
#include "completion.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "cmd.h"
#include "daemon/config/option_values.h"
#include "daemon/config/options.h"

/* The script is a separate file for easy editing and checking. The assembler includes it. */
extern const char completion_script[];
__asm__(".section .rodata\n"
	".global completion_script\n"
	"completion_script:\n"
	".incbin \"completion.bash\"\n"
	".byte 0\n"
	".previous\n");

static const char *name_of(const struct verb *verb)
{
	return *verb->name ? verb->name : "-";
}

/*
 * Writes the possible values: the words, or the kind. A comma behind them means that a list is
 * allowed.
 */
static void completion_put_value(FILE *out, const struct verb *verb,
				 const struct option_view *option)
{
	const struct option_values *w = option_values_of(option->name);
	unsigned int taken = w ? w->taken(verb) : 0;

	if (!option->arg)
		return;
	fputc(' ', out);
	for (int i = 0; taken >> i; i++)
		if (taken >> i & 1)
			fprintf(out, "%s%s", w->words[i], taken >> i > 1 ? "|" : "");
	if (w && w->none)
		fprintf(out, "|%s", w->none);
	if (!w)
		fprintf(out, "%.*s", (int)strcspn(option->arg, "["), option->arg);
	if (strchr(option->arg, '['))
		fputc(',', out);
}

static void put_options(FILE *out, const struct verb *verb)
{
	struct option_view option;

	for (size_t at = 0; options_next(verb, &at, &option);) {
		fprintf(out, "%s --%s %c%c", name_of(verb), option.name, option.letter ? '-' : '.',
			option.letter ? option.letter : '.');
		completion_put_value(out, verb, &option);
		fputc('\n', out);
	}
}

/* Writes the words of the synopsis that are no options, without brackets. */
static void put_places(FILE *out, const struct verb *verb)
{
	fputs(name_of(verb), out);
	for (const char *at = verb->synopsis; !verb->command && *at; at += strspn(at, " ")) {
		const char *word = at + strspn(at, "[");
		size_t len = strcspn(word, " .]");

		if (isalpha((unsigned char)*word) && strncmp(word, "OPTION", len) != 0)
			fprintf(out, " %.*s", (int)len, word);
		at += strcspn(at, " ");
	}
	fputc('\n', out);
}

static void put_verbs(FILE *out, const char *before, const struct verb *verbs, size_t count)
{
	fputs(before, out);
	for (size_t i = 0; i < count; i++)
		if (*verbs[i].name)
			fprintf(out, "%s|", verbs[i].name);
	fputs("help\n", out);
}

int completion_bash(FILE *out, const struct verb *verbs, size_t count)
{
	fputs("# completion of piaudit for bash, printed by `piaudit completion bash`\n"
	      "# VERB OPTION LETTER [KIND OF VALUE]; - means that there is no verb\n_piaudit_options='",
	      out);
	for (size_t i = 0; i < count; i++)
		put_options(out, &verbs[i]);
	fputs("- --version -V'\n# VERB [WORD|...] [KIND]...\n_piaudit_verbs='", out);
	for (size_t i = 0; i < count; i++)
		if (*verbs[i].name)
			put_places(out, &verbs[i]);
	put_verbs(out, "- ", verbs, count);
	put_verbs(out, "help ", verbs, count);
	fputs("'\n# verbs with a command behind their options\n_piaudit_commands='", out);
	for (size_t i = 0; i < count; i++)
		if (verbs[i].command)
			fprintf(out, "%s ", verbs[i].name);
	fputs("'\n", out);
	fputs(completion_script, out);
	return ferror(out) ? -EIO : 0;
}
