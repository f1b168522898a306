/* SPDX-License-Identifier: Apache-2.0 */
/* export_main.c - piaudit-export: sends findings from the spool to other machines. */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/system/sd_notify.h"
#include "daemon/util/escape.h"
#include "daemon/util/exit.h"
#include "daemon/util/log.h"
#include "policy/suggest.h"
#include "state_dir.h"
#include "workers.h"

static struct {
	const char *config, *spool;
	bool once, check, keys, help, version;
} options = { .config = SETTINGS_PATH };

static const struct {
	struct option option;
	const char *arg, *doc;
} table[] = {
	{ { "config", required_argument, NULL, 'c' },
	  "FILE",
	  "configuration (default: " SETTINGS_PATH ")" },
	{ { "spool", required_argument, NULL, 's' },
	  "DIR",
	  "use this spool instead of the configured one" },
	{ { "once", no_argument, NULL, '1' }, NULL, "exit when all findings are sent" },
	{ { "check", no_argument, NULL, 'n' }, NULL, "check the configuration, and exit" },
	{ { "keys", no_argument, NULL, 'k' },
	  NULL,
	  "list the keys of the configuration, and exit" },
	{ { "verbose", no_argument, NULL, 'v' }, NULL, "print more diagnostics" },
	{ { "help", no_argument, NULL, 'h' }, NULL, "print this help" },
	{ { "version", no_argument, NULL, 'V' }, NULL, "print the version" },
};

static void exporter_take(int letter)
{
	switch (letter) {
	case 'c':
		options.config = optarg;
		break;
	case 's':
		options.spool = optarg;
		break;
	case '1':
		options.once = true;
		break;
	case 'n':
		options.check = true;
		break;
	case 'k':
		options.keys = true;
		break;
	case 'v':
		log_level = LOG_INFO;
		break;
	case 'V':
		options.version = true;
		break;
	default:
		options.help = true;
		break;
	}
}

static int exporter_usage(FILE *out)
{
	fprintf(out, "usage: %s [OPTION...]\n", transports_program);
	fputs("Sends findings from the spool of the daemon to other machines.\n\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		fprintf(out, "  -%c, --%-8s %-5s %s\n", table[i].option.val, table[i].option.name,
			table[i].arg ?: "", table[i].doc);
	fputs("\nexit codes: 0 done, 1 internal error, 2 usage, 6 configuration invalid\n", out);
	return fflush(out) ? EXIT_INTERNAL : EXIT_CLEAN;
}

/* @arg is the option that getopt_long() could not use; optopt is its letter if it is known. */
static int exporter_refuse(int why, const char *arg)
{
	const char *name = arg + strspn(arg, "-");
	struct suggest g;

	suggest_start(&g, name);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		suggest_offer(&g, table[i].option.name);
		if (!optopt || table[i].option.val != optopt)
			continue;
		if (why == ':')
			log_err(0, "option --%s has no value; use --%s %s", table[i].option.name,
				table[i].option.name, table[i].arg);
		else
			log_err(0, "option --%s takes no value; remove \"%s\"",
				table[i].option.name, strchr(arg, '=') ?: arg);
		return EXIT_USAGE;
	}
	if (optopt)
		log_err(0, "unknown option \"-%c\"; see %s --help", optopt, transports_program);
	else if (g.best)
		log_err(0, "unknown option \"%s\"; did you mean \"--%s\"?", arg, g.best);
	else
		log_err(0, "unknown option \"%s\"; see %s --help", arg, transports_program);
	return EXIT_USAGE;
}

static int exporter_parse(int argc, char **argv)
{
	struct option list[ARRAY_SIZE(table) + 1] = { 0 };
	char letters[3 * ARRAY_SIZE(table) + 2] = ":"; /* report a missing value differently */
	size_t len = 1;
	int letter;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		list[i] = table[i].option;
		len += (size_t)snprintf(letters + len, sizeof(letters) - len, "%c%s", list[i].val,
					list[i].has_arg ? ":" : "");
	}
	opterr = 0;
	while ((letter = getopt_long(argc, argv, letters, list, NULL)) != -1) {
		if (letter == '?' || letter == ':')
			return exporter_refuse(letter, argv[optind - 1]);
		exporter_take(letter);
	}
	if (optind < argc) {
		log_err(0, "%s takes no arguments: \"%s\"", transports_program, argv[optind]);
		return EXIT_USAGE;
	}
	return EXIT_CLEAN;
}

static int read_settings(struct settings **out)
{
	struct problems problems = { 0 };
	int err = settings_load(out, options.config, &problems);

	for (size_t i = 0; i < problems.count; i++) {
		escape_put(stderr, problems.list[i].text);
		fputc('\n', stderr);
	}
	problems_clear(&problems);
	if (!err && options.spool)
		(*out)->spool = options.spool;
	return err == -ENOMEM ? EXIT_INTERNAL : err ? EXIT_CONFIG : EXIT_CLEAN;
}

/* Blocked before threads start, so that no thread is interrupted: only main waits for signals. */
static void hold_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1); /* sent by a worker that ends */
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* An invalid or unreadable configuration changes nothing. -errno, logged: no worker runs. */
static int exporter_reload(struct settings **settings, struct workers **workers,
			   const struct state_dir *site)
{
	AUTO(settings_free) struct settings *given = NULL;
	struct workers *next = NULL;

	if (read_settings(&given) || workers_open(&next, given, site, options.once)) {
		log_warn("configuration %s: not reloaded; the previous configuration stays active",
			 options.config);
		return 0;
	}
	if (strcmp(given->state, (*settings)->state) != 0)
		log_warn("state %s: a new folder is used only after the next start", given->state);
	workers_close(workers, EXIT_INTERNAL); /* the service manager starts it again */
	settings_free(settings);
	*settings = TAKE(given);
	*workers = next;
	log_info("configuration %s: reloaded", options.config);
	return workers_start(next);
}

static int serve(struct settings **settings, struct workers **workers, const struct state_dir *site,
		 const sigset_t *signals)
{
	int got = workers_start(*workers);

	if (!got)
		sd_notify_ready();
	while (!got && (got = workers_wait(*workers, signals)) == SIGHUP) {
		sd_notify_reloading();
		got = exporter_reload(settings, workers, site);
		sd_notify_ready();
	}
	sd_notify_stopping();
	return got < 0 ? got : 0;
}

static int bring(struct settings **settings)
{
	struct workers *workers = NULL;
	struct state_dir *site = NULL;
	sigset_t signals;
	int err;

	hold_signals(&signals);
	/* A heap per thread would keep the peak memory of each thread. */
	mallopt(M_ARENA_MAX, 1);
	err = state_dir_open(&site, (*settings)->state, transports_program);
	err = err ?: transports_begin();
	err = err ?: workers_open(&workers, *settings, site, options.once);
	err = err ?: serve(settings, &workers, site, &signals);
	workers_close(&workers, EXIT_CLEAN);
	state_dir_close(&site);
	return err == -EINVAL ? EXIT_CONFIG : err ? EXIT_INTERNAL : EXIT_CLEAN;
}

int main(int argc, char **argv)
{
	AUTO(settings_free) struct settings *settings = NULL;
	int code;

	log_program = transports_program;
	code = exporter_parse(argc, argv);
	if (code)
		return code;
	if (options.help)
		return exporter_usage(stdout);
	if (options.version) {
		fprintf(stdout, "%s " PIA_VERSION "\n", transports_program);
		return fflush(stdout) ? EXIT_INTERNAL : EXIT_CLEAN;
	}
	if (options.keys)
		return settings_keys(stdout) ? EXIT_INTERNAL : EXIT_CLEAN;
	code = read_settings(&settings);
	return code || options.check ? code : bring(&settings);
}
