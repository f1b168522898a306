/* SPDX-License-Identifier: Apache-2.0 */
/* probes_verifier.c - names the program that the kernel's verifier refused, and the reason. */
#include "probes_verifier.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <bpf/libbpf.h>

#include "daemon/util/log.h"

/*
 * The log of one program. If a log is longer, kernels before 6.4 keep its beginning, later kernels
 * its end.
 */
#define LOG_BYTES (1u << 20)
#define LOG_LINES 40 /* printed with -v */

/*
 * libbpf asks for a log only when a program was refused, and then loads no other program. So at
 * most one log is not empty (libbpf 1.1, bpf_object_load_prog).
 */
void verifier_watch(struct verifier *v, struct bpf_object *object)
{
	struct bpf_program *prog;
	size_t i = 0;

	v->count = 0;
	bpf_object__for_each_program(prog, object) v->count++;
	v->logs = mmap(NULL, v->count * LOG_BYTES, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (v->logs == MAP_FAILED) {
		v->logs = NULL;
		return;
	}
	bpf_object__for_each_program(prog, object)
		bpf_program__set_log_buf(prog, v->logs + i++ * LOG_BYTES, LOG_BYTES);
}

/* The statistics at the end of every log: kernel/bpf/verifier.c, print_verification_stats. */
static bool is_statistic(const char *line)
{
	static const char *const begin[] = { "processed ", "verification time ", "stack depth " };

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (strncmp(line, begin[i], strlen(begin[i])) == 0)
			return true;
	return false;
}

/* The line that ends before @end; NULL if @log has none. */
static const char *line_before(const char *log, const char *end, size_t *len)
{
	const char *start;

	while (end > log && isspace((unsigned char)end[-1]))
		end--;
	start = end;
	while (start > log && start[-1] != '\n')
		start--;
	*len = (size_t)(end - start);
	return *len ? start : NULL;
}

/*
 * Linux 7.3 writes a report for people below the line with the reason. This is the report's head.
 */
#define REPORT "\nVerification failed: "

void verifier_reason(const char *log, char *why, size_t size)
{
	const char *report = strstr(log, REPORT), *line = report ?: log + strlen(log);
	bool ended = report;
	size_t len;

	snprintf(why, size, "the verifier gives no reason");
	while ((line = line_before(log, line, &len))) {
		if (!is_statistic(line))
			break;
		ended = true;
	}
	if (line && ended)
		snprintf(why, size, "%.*s", (int)len, line);
	else if (line)
		snprintf(why, size, "the verifier's log is longer than %u KiB", LOG_BYTES >> 10);
}

static void show_end(const char *name, const char *log)
{
	const char *from = log + strlen(log), *line = from;
	size_t len;

	for (int i = 0; i < LOG_LINES && (line = line_before(log, line, &len)); i++)
		from = line;
	while (*from) {
		len = strcspn(from, "\n");
		log_info("verifier: %s: %.*s", name, (int)len, from);
		from += len + (from[len] == '\n');
	}
}

const char *verifier_refused(const struct verifier *v, struct bpf_object *object, char *why,
			     size_t size)
{
	struct bpf_program *prog;
	size_t i = 0;

	bpf_object__for_each_program(prog, object)
	{
		const char *log = v->logs ? v->logs + i++ * LOG_BYTES : "";

		if (!*log)
			continue;
		verifier_reason(log, why, size);
		show_end(bpf_program__name(prog), log);
		return bpf_program__name(prog);
	}
	return NULL;
}

void verifier_end(struct verifier *v)
{
	if (v->logs)
		munmap(v->logs, v->count * LOG_BYTES);
	*v = (struct verifier){ 0 };
}
