/* SPDX-License-Identifier: Apache-2.0 */
/* recording.c - reads and writes the first and the last line of a recorded stream; reads its
 * lines. */
#include "recording.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>

#include "op_names.h"
#include "record_lex.h"
#include "record_text.h"

#define HEAD "piaudit.record/1"
#define LOST ".lost" /* follows the name of a class */

int recording_write_head(FILE *out, const struct recording_head *head)
{
	fprintf(out, HEAD " offset=%" PRId64 " started=%" PRIu64, head->offset, head->started);
	record_lex_text(out, "app", head->app, strlen(head->app));
	if (*head->scenarios)
		record_lex_text(out, "scenario", head->scenarios, strlen(head->scenarios));
	for (size_t i = 0; head->missing[i]; i++)
		record_lex_text(out, "missing", head->missing[i], strlen(head->missing[i]));
	for (size_t i = 0; head->blind[i]; i++)
		record_lex_text(out, "unseen", head->blind[i], strlen(head->blind[i]));
	fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}

static int head_offset(struct recording_head *head, const struct record_word *word)
{
	uint64_t n;

	/* An int64 offset in ns reaches to the year 2262, and as far back. */
	if (record_word_number(word, INT64_MIN, INT64_MAX, &n))
		return -EINVAL;
	head->offset = (int64_t)n;
	return 0;
}

static int head_started(struct recording_head *head, const struct record_word *word)
{
	return record_word_number(word, 0, INT64_MAX, &head->started);
}

static int head_app(struct recording_head *head, const struct record_word *word)
{
	return record_word_text(word, head->app, sizeof(head->app)) < 0 ? -EINVAL : 0;
}

static int head_scenario(struct recording_head *head, const struct record_word *word)
{
	return record_word_text(word, head->scenarios, sizeof(head->scenarios)) < 0 ? -EINVAL : 0;
}

static int head_missing(struct recording_head *head, const struct record_word *word)
{
	size_t i = 0;

	while (head->missing[i])
		i++;
	if (i == RECORDING_MISSING_MAX ||
	    record_word_text(word, head->names[i], sizeof(head->names[i])) < 0)
		return -EINVAL;
	head->missing[i] = head->names[i];
	return 0;
}

static int head_unseen(struct recording_head *head, const struct record_word *word)
{
	size_t i = 0;

	while (head->blind[i])
		i++;
	if (i == RECORDING_BLIND_MAX ||
	    record_word_text(word, head->texts[i], sizeof(head->texts[i])) < 0)
		return -EINVAL;
	head->blind[i] = head->texts[i];
	return 0;
}

static const struct {
	const char *name;
	int (*take)(struct recording_head *head, const struct record_word *word);
} head_words[] = {
	{ "offset", head_offset },     { "started", head_started }, { "app", head_app },
	{ "scenario", head_scenario }, { "missing", head_missing }, { "unseen", head_unseen },
};

static int recording_refuse(const char **why, const char *what, const struct record_word *word)
{
	return record_lex_refuse(why, "%s: %.*s=\"%.*s\"", what, record_lex_shown(word->name_len),
				 word->name, record_lex_shown(word->value ? word->value_len : 0),
				 word->value ?: "");
}

int recording_read_head(const char *line, struct recording_head *head, const char **why)
{
	struct record_word word;
	int more;

	*head = (struct recording_head){ .app = "recorded" };
	*why = "the first line does not begin with " HEAD;
	if (strncmp(line, HEAD, strlen(HEAD)) || (line[strlen(HEAD)] && line[strlen(HEAD)] != ' '))
		return -EINVAL;
	line += strlen(HEAD);
	while ((more = record_lex_next(&line, &word, why)) > 0)
		for (size_t i = 0; i < ARRAY_SIZE(head_words); i++)
			if (word.value && record_word_is(&word, head_words[i].name) &&
			    head_words[i].take(head, &word))
				return recording_refuse(why, "invalid value in the first line",
							&word);
	return more;
}

int recording_write_end(FILE *out, const struct recording_end *end)
{
	fprintf(out, "end ended=%" PRIu64, end->ended);
	if (end->target_status >= 0)
		fprintf(out, " status=%d", end->target_status);
	if (ending_word[end->ending])
		fprintf(out, " stopped=%s", ending_word[end->ending]);
	for (size_t i = 0; i < PIA_OP_MAX; i++) {
		if (!class_word[i])
			continue;
		if (end->counts[i].made)
			fprintf(out, " %s=%" PRIu64, class_word[i], (uint64_t)end->counts[i].made);
		if (end->counts[i].lost)
			fprintf(out, " %s" LOST "=%" PRIu64, class_word[i],
				(uint64_t)end->counts[i].lost);
	}
	/* This is the last word: if a line was cut, its number of records is missing or wrong. */
	fprintf(out, " records=%" PRIu64 "\n", end->records);
	return ferror(out) ? -EIO : 0;
}

static int end_count(struct recording_end *end, const struct record_word *word)
{
	for (size_t i = 0; i < PIA_OP_MAX; i++) {
		size_t len = class_word[i] ? strlen(class_word[i]) : 0;
		struct record_word rest = *word;
		uint64_t n;

		if (!len || word->name_len < len || memcmp(word->name, class_word[i], len))
			continue;
		rest.name += len;
		rest.name_len -= len;
		if (rest.name_len && !record_word_is(&rest, LOST))
			continue;
		if (record_word_number(word, 0, INT64_MAX, &n))
			return -EINVAL;
		*(rest.name_len ? &end->counts[i].lost : &end->counts[i].made) = n;
		return 0;
	}
	return -EINVAL;
}

static int end_ended(struct recording_end *end, const struct record_word *word)
{
	return record_word_number(word, 0, INT64_MAX, &end->ended);
}

static int end_records(struct recording_end *end, const struct record_word *word)
{
	end->counted = true;
	return record_word_number(word, 0, INT64_MAX, &end->records);
}

static int end_status(struct recording_end *end, const struct record_word *word)
{
	uint64_t n;

	if (record_word_number(word, 0, UINT16_MAX, &n))
		return -EINVAL;
	end->target_status = (int)n;
	return 0;
}

static int end_stopped(struct recording_end *end, const struct record_word *word)
{
	for (int i = 0; i < ENDING_MAX; i++) {
		struct record_word value = { .name = word->value, .name_len = word->value_len };

		if (!word->value || !ending_word[i] || !record_word_is(&value, ending_word[i]))
			continue;
		end->ending = (enum ending)i;
		return 0;
	}
	return -EINVAL;
}

static const struct {
	const char *name;
	int (*take)(struct recording_end *end, const struct record_word *word);
} end_words[] = {
	{ "ended", end_ended },
	{ "records", end_records },
	{ "status", end_status },
	{ "stopped", end_stopped },
};

static int end_word(struct recording_end *end, const struct record_word *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(end_words); i++)
		if (record_word_is(word, end_words[i].name))
			return end_words[i].take(end, word);
	return end_count(end, word);
}

int recording_read_end(const char *line, struct recording_end *end, const char **why)
{
	struct recording_end read = { .target_status = -1 };
	struct record_word word;
	int more;

	if (record_lex_next(&line, &word, why) <= 0 || word.value || !record_word_is(&word, "end"))
		return -ENOENT;
	while ((more = record_lex_next(&line, &word, why)) > 0)
		if (end_word(&read, &word))
			return recording_refuse(
				why, "unknown field or invalid value in the last line", &word);
	if (!more)
		*end = read;
	return more;
}

int recording_line(FILE *in, char *line)
{
	size_t len;

	errno = 0;
	line[0] = 0;
	for (len = 0; len < RECORD_LINE_MAX; len++) {
		int c = getc(in);

		if (c == EOF && ferror(in))
			return -EIO;
		if (c == EOF && !len)
			return 0;
		if (c == EOF || c == '\n')
			break;
		line[len] = (char)c;
	}
	if (len < RECORD_LINE_MAX) {
		line[len] = 0;
		return strlen(line) == len ? 1 : -EMSGSIZE;
	}
	line[0] = 0;
	for (int c; (c = getc(in)) != EOF && c != '\n';)
		;
	return -EMSGSIZE;
}
