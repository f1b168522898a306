/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - prints the results, as a table and as JSON. */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "figures.h"

struct machine {
	char cpu[96];
	struct utsname uts;
	long cpus;
	char load[64];
};

static void look_at(struct machine *m)
{
	AUTO_FILE FILE *info = fopen("/proc/cpuinfo", "re");
	AUTO_FILE FILE *load = fopen("/proc/loadavg", "re");
	char line[256];

	*m = (struct machine){ .cpu = "?", .cpus = sysconf(_SC_NPROCESSORS_ONLN), .load = "?" };
	uname(&m->uts);
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "model name : %95[^\n]", m->cpu) == 1)
			break;
	if (load && fgets(m->load, sizeof(m->load), load))
		m->load[strcspn(m->load, "\n")] = 0;
}

static void print_machine(const struct bench *b)
{
	struct machine m;

	look_at(&m);
	printf("machine: %s, %ld CPUs, Linux %s, load %s\n", m.cpu, m.cpus, m.uts.release, m.load);
	printf("method: %u repetitions, each variant between two runs of off, %u ms a run, its median chunk of "
	       "1 ms;\n        figures are medians over the repetitions, [quartiles] beside them\n",
	       b->reps, b->run_ms);
	if (b->resident)
		printf("not alone: %u tracing programs of somebody else were loaded when it began: the baseline "
		       "pays for them already,\n        and the floor is lower than on a quiet machine\n",
		       b->resident);
}

static void print_off(const struct bench *b)
{
	printf("\n%-34s %10s   %-18s %s\n", "baseline (off), ns an operation", "median",
	       "quartiles", "IQR");
	for (int op = 0; op < OP_MAX; op++) {
		struct spread s = stats_spread(b->s.off[op], b->s.off_count);

		printf("%-34s %10.0f   [%.0f %.0f]%*s %.0f %%\n", op_word[op], s.median, s.low,
		       s.high, 8, "", stats_iqr_percent(b->s.off[op], b->s.off_count));
	}
}

static void print_costs(const struct bench *b)
{
	printf("\n%-34s", "over off, all repetitions, ns");
	for (int op = 0; op < OP_MAX; op++)
		printf(" %20.20s", op == OP_MISS  ? "triple, no match"
				   : op == OP_HIT ? "triple, match"
						  : op_word[op]);
	putchar('\n');
	for (int v = 0; v < VARIANT_MAX; v++) {
		printf("%-34s", variants[v].name);
		for (int op = 0; op < OP_MAX; op++) {
			struct spread s = stats_spread(b->s.over[v][op], b->reps);
			char quartiles[32];

			snprintf(quartiles, sizeof(quartiles), "[%.0f %.0f]", s.low, s.high);
			printf(" %+7.0f %12s", s.median, quartiles);
		}
		putchar('\n');
	}
}

static void print_row(const struct figure_row *r)
{
	int digits = !strcmp(r->unit, "x") ? 2 : !strcmp(r->unit, "ms") ? 1 : 0;
	char quartiles[48], goal[32] = "";

	snprintf(quartiles, sizeof(quartiles), "[%.*f %.*f]", digits, r->spread.low, digits,
		 r->spread.high);
	if (r->goal)
		snprintf(goal, sizeof(goal), "<= %.*f", digits, r->goal);
	printf("%-3s %-56s %9.*f %-2s %-18s %-10s %-8s%s\n", r->row, r->name, digits,
	       r->spread.median, r->unit, quartiles, goal, outcome_word[r->outcome], r->why);
}

void rows_print(const struct bench *b)
{
	struct figure_row rows[FIGURES_MAX];
	size_t n = figures_make(b, rows);

	print_machine(b);
	print_off(b);
	print_costs(b);
	printf("\n%-3s %-56s %12s %-18s %-10s\n", "row", "what", "figure", "quartiles", "goal");
	for (size_t i = 0; i < n; i++)
		print_row(&rows[i]);
}

static void put_spread(FILE *f, const struct spread *s)
{
	fprintf(f, "\"median\":%.3f,\"q25\":%.3f,\"q75\":%.3f,\"min\":%.3f,\"max\":%.3f,\"n\":%zu}",
		s->median, s->low, s->high, s->min, s->max, s->n);
}

/* The texts are our own and need no escaping. The name of the CPU would need it, so it is left
 * out. */
static void put_json(FILE *f, const struct bench *b)
{
	struct figure_row rows[FIGURES_MAX];
	size_t n = figures_make(b, rows);
	struct machine m;

	look_at(&m);
	fprintf(f,
		"{\"schema\":\"piaudit.bench/1\",\"kernel\":\"%s\",\"cpus\":%ld,\"reps\":%u,\"run_ms\":%u,"
		"\"resident\":%u,\n\"off\":[",
		m.uts.release, m.cpus, b->reps, b->run_ms, b->resident);
	for (int op = 0; op < OP_MAX; op++) {
		struct spread s = stats_spread(b->s.off[op], b->s.off_count);

		fprintf(f, "%s\n{\"op\":\"%s\",", op ? "," : "", op_word[op]);
		put_spread(f, &s);
	}
	fputs("],\n\"over_off\":[", f);
	for (int i = 0; i < VARIANT_MAX * OP_MAX; i++) {
		struct spread s = stats_spread(b->s.over[i / OP_MAX][i % OP_MAX], b->reps);

		fprintf(f, "%s\n{\"variant\":\"%s\",\"op\":\"%s\",", i ? "," : "",
			variants[i / OP_MAX].name, op_word[i % OP_MAX]);
		put_spread(f, &s);
	}
	fputs("],\n\"rows\":[", f);
	for (size_t i = 0; i < n; i++) {
		fprintf(f,
			"%s\n{\"row\":\"%s\",\"what\":\"%s\",\"unit\":\"%s\",\"goal\":%.2f,\"verdict\":\"%s\","
			"\"note\":\"%s\",",
			i ? "," : "", rows[i].row, rows[i].name, rows[i].unit, rows[i].goal,
			outcome_word[rows[i].outcome], rows[i].why);
		put_spread(f, &rows[i].spread);
	}
	fputs("]}\n", f);
}

int rows_json(const struct bench *b)
{
	AUTO_FILE FILE *f = fopen(b->json, "we");

	if (!f)
		return log_err(-errno, "bench: %s", b->json);
	put_json(f, b);
	return fflush(f) || ferror(f) ? log_err(-EIO, "bench: %s", b->json) : 0;
}
