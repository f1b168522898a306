/* SPDX-License-Identifier: Apache-2.0 */
/* audit_run.c - an audit with its outputs and its exit code. */
#include "audit_run.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/sink/history_sink.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"

int audit_run_format(const struct options *options)
{
	struct sink sink = { 0 };

	if (sink_format(&sink, format_word[options->format])) {
		log_err(0, "--format %s is only for policy show; use text or json",
			format_word[options->format]);
		return -EINVAL;
	}
	if (options->profile == PROFILE_FULL || sink.ops->stamped)
		return 0;
	log_err(0, "--profile %s cannot be combined with --format %s; use json or a SIEM format",
		profile_word[options->profile], format_word[options->format]);
	return -EINVAL;
}

static int keep_history(struct audit_run *t, const struct audit_config *config)
{
	struct history_config store = { .path = t->options->history,
					.keep = HISTORY_KEEP,
					.bytes = HISTORY_BYTES };
	int err;

	if (!t->options->history)
		return 0;
	err = history_open(&t->store, &store);
	if (err)
		return err;
	err = history_sink(&t->sinks.list[t->sinks.count], t->store, config->policy, config->app,
			   &config->scenarios);
	t->sinks.count += !err;
	return err ? log_err(err, "history") : 0;
}

int audit_run_open(struct audit_run *t, const struct options *options, struct audit_config *config,
		   FILE *out)
{
	int err;

	t->options = options;
	/*
	 * A new key for each run: receivers of two runs cannot see that both are about one person.
	 */
	if (options->profile == PROFILE_PSEUDONYMOUS &&
	    getrandom(t->key, sizeof(t->key), 0) != sizeof(t->key))
		return log_err(-errno, "profile: no random key");
	t->sinks.list[t->sinks.count++] = (struct sink){
		.out = out,
		.profile = options->profile,
		.profile_key = t->key,
		.policy = config->policy,
		.colour = options_colour(options, out),
		.verbose = options->verbose,
		.quiet = options->quiet,
	};
	sink_format(&t->sinks.list[0], format_word[options->format]);
	if (options->learn)
		t->sinks.list[0].ops = &sink_draft;
	config->sinks = &t->sinks;
	err = keep_history(t, config);
	if (err)
		return err;
	err = audit_open(&t->audit, config);
	return err ? log_err(err, "audit: cannot be started") : 0;
}

/* Findings have precedence over losses: lost records cannot disprove a finding. */
static int verdict_exit(const struct options *options, const struct summary *s)
{
	for (int v = 0; v < VERDICT_MAX; v++)
		if (options->fail_on >> v & 1 && s->verdicts[v])
			return EXIT_FINDINGS;
	return summary_incomplete(s) ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

const char *audit_run_state(const struct audit_run_end *end)
{
	return end->ending == ENDING_TARGET ? "ended" : "left";
}

int audit_run_finish(struct audit_run *t, const struct audit_run_end *end)
{
	struct status last = { .state = audit_run_state(end),
			       .time = end->ended,
			       .text = end->text };
	struct summary s = { 0 };
	int err;

	audit_finish(t->audit, &s);
	memcpy(s.counts, end->counts, sizeof(s.counts));
	s.lost = 0;
	for (size_t i = 0; i < PIA_OP_MAX; i++)
		s.lost += s.counts[i].lost;
	s.malformed += end->malformed;
	s.probes_missing = end->probes_missing;
	s.probes_refused = end->probes_refused;
	s.not_seen = end->not_seen;
	s.hole = end->hole;
	s.ending = end->ending;
	s.target_status = end->target_status;
	s.started = end->started ?: s.started;
	s.ended = end->ended ?: s.ended;
	s.incomplete = end->incomplete;
	s.exit = verdict_exit(t->options, &s);
	if (end->text)
		sinks_status(&t->sinks, &last);
	sinks_summary(&t->sinks, &s);
	err = sinks_error(&t->sinks);
	if (err) {
		log_err(err, "output %s", t->options->output ?: "stdout");
		return EXIT_INTERNAL;
	}
	return s.exit;
}

void audit_run_close(struct audit_run *t)
{
	audit_close(&t->audit);
	sinks_close(&t->sinks);
	history_close(&t->store);
}
