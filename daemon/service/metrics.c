/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.c - the daemon's own health, one row for each metric. Labels are ids: no escapes. */
#include "metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

#include "daemon/event/field.h"
#include "daemon/record/op_names.h"
#include "daemon/util/log.h"

#define EVERY_NS 60000000000ull /* a collector scrapes a few times a minute */

struct metric {
	const char *name, *type, *help;
	void (*print)(FILE *out, const struct metric *m, const struct metrics_values *v);
	size_t at; /* offset in metrics_values, for print_number and print_time */
};

static uint64_t metrics_number_at(const struct metric *m, const struct metrics_values *v)
{
	return *(const uint64_t *)(const void *)((const char *)v + m->at);
}

static void print_number(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	fprintf(out, "%s %" PRIu64 "\n", m->name, metrics_number_at(m, v));
}

static void print_time(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	uint64_t ms = metrics_number_at(m, v) / 1000000;

	fprintf(out, "%s %" PRIu64 ".%03u\n", m->name, ms / 1000, (unsigned int)(ms % 1000));
}

static void print_build(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	fprintf(out, "%s{version=\"%s\"} 1\n", m->name, v->version);
}

/* @at: offset of made or lost in a struct pia_count. */
static void print_classes(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	for (size_t i = 0; i < PIA_OP_MAX; i++)
		if (class_word[i])
			fprintf(out, "%s{class=\"%s\"} %" PRIu64 "\n", m->name, class_word[i],
				*(const uint64_t *)(const void *)((const char *)&v->events[i] +
								  m->at));
}

static void print_findings(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	for (size_t i = 0; i < v->app_count; i++)
		for (size_t k = VERDICT_DECLARED + 1; k < VERDICT_INCONCLUSIVE; k++)
			fprintf(out, "%s{app=\"%s\",verdict=\"%s\"} %" PRIu64 "\n", m->name,
				v->apps[i].app, verdict_word[k], v->apps[i].findings[k]);
}

static void print_processes(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	for (size_t i = 0; i < v->app_count; i++)
		fprintf(out, "%s{app=\"%s\"} %" PRIu64 "\n", m->name, v->apps[i].app,
			v->apps[i].processes);
}

static void print_probes(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	for (size_t i = 0; i < v->probe_count; i++)
		fprintf(out, "%s{probe=\"%s\",required=\"%s\"} %d\n", m->name, v->probes[i].name,
			v->probes[i].required ? "true" : "false", v->probes[i].attached);
}

static void print_reloads(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	fprintf(out, "%s{result=\"success\"} %" PRIu64 "\n", m->name, v->reloads);
	fprintf(out, "%s{result=\"failure\"} %" PRIu64 "\n", m->name, v->refused);
}

static void print_reload_ok(FILE *out, const struct metric *m, const struct metrics_values *v)
{
	fprintf(out, "%s %d\n", m->name, v->reload_ok);
}

#define AT(member) offsetof(struct metrics_values, member)

static const struct metric metrics[] = {
	{ "piaudit_build_info", "gauge", "Version of the running daemon.", print_build, 0 },
	{ "piaudit_start_time_seconds", "gauge",
	  "Start time of the daemon, in seconds since the epoch.", print_time, AT(started) },
	{ "piaudit_resident_memory_bytes", "gauge", "Resident memory of the daemon.", print_number,
	  AT(memory) },
	{ "piaudit_events_total", "counter", "Events in the kernel by class, including lost ones.",
	  print_classes, offsetof(struct pia_count, made) },
	{ "piaudit_events_lost_total", "counter",
	  "Lost events by class; accesses of that time cannot be declared, only inconclusive.",
	  print_classes, offsetof(struct pia_count, lost) },
	{ "piaudit_findings_total", "counter",
	  "Accesses that violate the statement of the app, by verdict.", print_findings, 0 },
	{ "piaudit_processes", "gauge", "Processes audited now, by app.", print_processes, 0 },
	{ "piaudit_probe_attached", "gauge",
	  "1 if the probe is attached; only probes that this machine needs.", print_probes, 0 },
	{ "piaudit_log_lines_dropped_total", "counter", "Log lines that could not be written.",
	  print_number, AT(log_dropped) },
	{ "piaudit_history_accesses_unwritten_total", "counter",
	  "Accesses that could not be written to the history.", print_number,
	  AT(history_unwritten) },
	{ "piaudit_config_reloads_total", "counter", "Reloads of the configuration, by result.",
	  print_reloads, 0 },
	{ "piaudit_config_last_reload_successful", "gauge",
	  "1 if the last reload succeeded, so that the files are in effect.", print_reload_ok, 0 },
	{ "piaudit_config_last_reload_success_timestamp_seconds", "gauge",
	  "Time of the last successful reload, in seconds since the epoch.", print_time,
	  AT(reloaded) },
};

void metrics_print(FILE *out, const struct metrics_values *values)
{
	for (size_t i = 0; i < ARRAY_SIZE(metrics); i++) {
		const struct metric *m = &metrics[i];

		fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, m->type);
		m->print(out, m, values);
	}
}

/* All of these only grow until a reload. So a larger sum means that one of them grew. */
static uint64_t wrong(const struct metrics_values *v)
{
	uint64_t sum = v->log_dropped + v->history_unwritten;

	for (size_t i = 0; i < PIA_OP_MAX; i++)
		sum += v->events[i].lost;
	for (size_t i = 0; i < v->app_count; i++)
		for (size_t k = 0; k < VERDICT_MAX; k++)
			sum += v->apps[i].findings[k];
	return sum;
}

/* The folder may belong to another user, so no existing file is followed or written. */
static int write_file(const char *path, const struct metrics_values *values)
{
	char next[PATH_MAX];
	FILE *out;
	int fd, err;

	if (snprintf(next, sizeof(next), "%s.new", path) >= (int)sizeof(next))
		return -ENAMETOOLONG;
	unlink(next);
	fd = open(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	metrics_print(out, values);
	/* The collector is another user, and our umask would deny it access. */
	err = fchmod(fd, 0644) ? -errno : 0;
	if (fclose(out) && !err)
		err = -errno;
	if (!err && rename(next, path))
		err = -errno;
	if (err)
		unlink(next);
	return err;
}

void metrics_tick(struct metrics *m, const char *path, const struct metrics_values *values,
		  uint64_t now)
{
	uint64_t told = wrong(values);
	int err;

	if (m->written && told == m->told && now - m->written < EVERY_NS)
		return;
	err = write_file(path, values);
	if (err && !m->failing)
		log_err(err, "metrics file %s: cannot be written", path);
	m->failing = err != 0;
	m->written = now;
	m->told = told;
}

void metrics_end(const char *path)
{
	if (*path && unlink(path) && errno != ENOENT)
		log_err(-errno, "metrics file %s: cannot be removed", path);
}
