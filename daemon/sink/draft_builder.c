/* SPDX-License-Identifier: Apache-2.0 */
/* draft_builder.c - drafts a statement from accesses. Owners: cmd_learn.c, draft_sink.c. */
#include "draft_builder.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/hash.h>

#include "daemon/util/json.h"
#include "policy/pattern.h"

#define ID_SIZE       65 /* bytes of a statement's id, NUL included */
#define PROGRAMS_MAX  64
#define EXES_MAX      64 /* of one program: a script runs a dozen, a build hundreds */
#define SOURCES_NAMED 4  /* named behind a row; the others are counted */
#define ROW_WIDTH     34 /* least column of the comment behind a row */
#define UNMARKED      "any_use"

/* The key of a row. Executables are not part of it. */
struct key {
	const struct category *category;
	const struct source *source;
	unsigned int scenario; /* index, in the order of their first access */
	enum grade grade;
};

struct row {
	struct key key;
	uint64_t count;
	UT_hash_handle hh;
};

struct program {
	char id[ID_SIZE];
	char *exe[EXES_MAX]; /* patterns; owned */
	size_t count;
	bool more;
};

struct draft_builder {
	const struct catalog *catalog;
	char scenarios[SCENARIO_MAX][ID_SIZE];
	size_t scenario_count;
	struct program programs[PROGRAMS_MAX];
	size_t program_count;
	bool more_programs;
	struct row *rows;
	uint64_t left_out;
};

int draft_builder_open(struct draft_builder **out, const struct catalog *catalog)
{
	struct draft_builder *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->catalog = catalog;
	*out = l;
	return 0;
}

void draft_builder_close(struct draft_builder **learn)
{
	struct draft_builder *l = *learn;
	struct row *row, *next;

	if (!l)
		return;
	HASH_ITER (hh, l->rows, row, next) {
		HASH_DEL(l->rows, row);
		free(row);
	}
	for (size_t i = 0; i < l->program_count; i++)
		for (size_t k = 0; k < l->programs[i].count; k++)
			free(l->programs[i].exe[k]);
	free(l);
	*learn = NULL;
}

/* Makes an id of a name: characters that an id cannot have become "_". */
static void id_of(const char *name, char id[ID_SIZE])
{
	snprintf(id, ID_SIZE, "%s", *name ? name : "program");
	for (char *c = id; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_-.:", *c))
			*c = '_';
}

/*
 * Makes a pattern of @path. A byte that YAML cannot hold becomes "?". NULL if @path is no path, or
 * without memory.
 */
static char *pattern_of(const char *path)
{
	char *pattern = malloc(2 * strlen(path) + 1), *at = pattern;

	while (at && *path) {
		size_t len = json_utf8(path);

		if (!len || iscntrl((unsigned char)*path)) {
			*at++ = '?';
			path++;
			continue;
		}
		if (strchr("*?[]\\", *path))
			*at++ = '\\';
		memcpy(at, path, len);
		at += len;
		path += len;
	}
	if (!at)
		return NULL;
	*at = 0;
	if (*pattern && !pattern_fault(pattern))
		return pattern;
	free(pattern);
	return NULL;
}

static struct program *draft_program_of(struct draft_builder *l, const char *app)
{
	struct program *p = &l->programs[l->program_count];
	char id[ID_SIZE];

	id_of(app, id);
	for (size_t i = 0; i < l->program_count; i++)
		if (!strcmp(l->programs[i].id, id))
			return &l->programs[i];
	if (l->program_count == PROGRAMS_MAX) {
		l->more_programs = true;
		return NULL;
	}
	memcpy(p->id, id, sizeof(id));
	l->program_count++;
	return p;
}

static void add_program(struct draft_builder *l, const struct draft_item *seen)
{
	struct program *p = draft_program_of(l, seen->app);
	AUTO_FREE char *exe = p ? pattern_of(seen->exe) : NULL;

	if (!exe)
		return;
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->exe[i], exe))
			return;
	if (p->count < EXES_MAX)
		p->exe[p->count++] = TAKE(exe);
	else
		p->more = true;
}

/* Returns the index, or -1 if a statement has no room for more. */
static int scenario_of(struct draft_builder *l, const char *id)
{
	for (size_t i = 0; i < l->scenario_count; i++)
		if (!strcmp(l->scenarios[i], id))
			return (int)i;
	if (l->scenario_count == SCENARIO_MAX)
		return -1;
	snprintf(l->scenarios[l->scenario_count], ID_SIZE, "%s", id);
	return (int)l->scenario_count++;
}

void draft_builder_scenario(struct draft_builder *l, const char *id)
{
	scenario_of(l, id);
}

void draft_builder_left_out(struct draft_builder *l, uint64_t count)
{
	l->left_out += count;
}

int draft_builder_add(struct draft_builder *l, const char *scenario, const struct draft_item *seen)
{
	int place = scenario_of(l, scenario && *scenario ? scenario : UNMARKED);
	struct key key = { seen->category, seen->source, (unsigned int)place, seen->grade };
	struct row *row;

	add_program(l, seen);
	if (place < 0) {
		l->left_out += seen->count;
		return 0;
	}
	HASH_FIND(hh, l->rows, &key, sizeof(key), row);
	if (!row) {
		row = calloc(1, sizeof(*row));
		if (!row)
			return -ENOMEM;
		row->key = key;
		if (!HASH_ENTER(l->rows, key, row)) {
			free(row);
			return -ENOMEM;
		}
	}
	row->count += seen->count;
	return 0;
}

static int order(const struct row *a, const struct row *b)
{
	if (a->key.scenario != b->key.scenario)
		return a->key.scenario < b->key.scenario ? -1 : 1;
	if (a->key.category != b->key.category)
		return a->key.category->index < b->key.category->index ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->key.source->id, b->key.source->id)
		       ?: (int)a->key.grade - (int)b->key.grade;
}

/* The draft declares it. Other grades are only listed as a comment. */
static bool counts(const struct row *row)
{
	return grade_obtained(row->key.grade);
}

static bool together(const struct row *a, const struct row *b)
{
	return b && a->key.scenario == b->key.scenario && a->key.category == b->key.category;
}

/*
 * Writes a row of `information:` with its evidence. @row: the first of its category; returns the
 * first of the next category.
 */
static const struct row *put_category(FILE *out, const struct row *row)
{
	const struct row *first = row;
	size_t sources = 0;
	bool declared = false;

	for (; together(first, row); row = row->hh.next)
		declared |= counts(row);
	fprintf(out, "      %s- %-*s #", declared ? "" : "# ", ROW_WIDTH - (declared ? 8 : 10),
		first->key.category->id);
	for (row = first; together(first, row); row = row->hh.next) {
		if (sources++ >= SOURCES_NAMED)
			continue;
		fprintf(out, "%s %s x%" PRIu64, sources > 1 ? "," : "", row->key.source->id,
			row->count);
		if (row->key.grade != GRADE_DIRECT)
			fprintf(out, " (%s)", grade_word[row->key.grade]);
	}
	if (sources > SOURCES_NAMED)
		fprintf(out, " and %zu more", sources - SOURCES_NAMED);
	fputc('\n', out);
	return row;
}

static void draft_put_scenario(const struct draft_builder *l, unsigned int scenario, FILE *out)
{
	const struct row *first = l->rows, *row;
	bool declares = false;

	while (first && first->key.scenario != scenario)
		first = first->hh.next;
	for (row = first; row && row->key.scenario == scenario; row = row->hh.next)
		declares |= counts(row);
	fprintf(out,
		"\n  - id: %s\n"
		"    title: \"TODO: task of the user\"\n"
		"    role: controller               # TODO: or processor\n"
		"    purpose: \"TODO: purpose of the data\"\n"
		"    methods: [app]                 # TODO: submitter of the data: app, user, org or provider\n"
		"    information:%s\n",
		l->scenarios[scenario], declares ? "" : " []");
	for (row = first; row && row->key.scenario == scenario;)
		row = put_category(out, row);
}

static void put_programs(const struct draft_builder *l, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < l->program_count; i++) {
		const struct program *p = &l->programs[i];

		if (!p->count)
			continue;
		fprintf(out,
			"%s  - id: %s\n"
			"    exe: # TODO: keep only files of this program; its child processes are audited too\n",
			any ? "" : "\napps:\n", p->id);
		any = true;
		for (size_t k = 0; k < p->count; k++) {
			struct json j = { .out = out };

			fputs("      - ", out);
			json_string(&j, NULL, p->exe[k]);
			fputc('\n', out);
		}
		fputs(p->more ? "      # and more: one pattern such as /opt/name/** matches all\n"
			      : "",
		      out);
	}
	fputs(l->more_programs ? "  # and other programs\n" : "", out);
}

int draft_builder_write(struct draft_builder *l, const char *app, FILE *out)
{
	char id[ID_SIZE];

	if (!l->scenario_count)
		scenario_of(l, UNMARKED);
	HASH_SORT(l->rows, order);
	id_of(app ?: l->program_count ? l->programs[0].id : "", id);
	fputs("# Draft of a statement, written by piaudit learn from observed accesses. Edit it before use.\n"
	      "# It lacks everything that the program did not do while it was observed. The comment behind\n"
	      "# each row has the sources and the number of accesses. Rows that are commented out are not\n"
	      "# findings: existence checks (probe), failed accesses (attempted), or accesses that a\n"
	      "# library makes for every program (ambient).\n"
	      "#\n"
	      "#   piaudit policy lint FILE     shows what is still to do\n"
	      "#   piaudit list categories      explains the categories\n",
	      out);
	if (l->left_out)
		fprintf(out,
			"#\n# %" PRIu64
			" accesses are left out: their category or scenario is not in this draft.\n",
			l->left_out);
	fprintf(out,
		"\nstatement:\n  id: %s\n  title: \"TODO: title of the statement\"\n\nscenarios:\n",
		id);
	for (size_t i = 0; i < l->scenario_count; i++)
		draft_put_scenario(l, (unsigned int)i, out);
	put_programs(l, out);
	return ferror(out) ? -EIO : 0;
}
