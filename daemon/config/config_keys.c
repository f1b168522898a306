/* SPDX-License-Identifier: Apache-2.0 */
/* config_keys.c - the keys of the configuration: a row each, for defaults, help and the manual. */
#include <errno.h>
#include <grp.h>
#include <string.h>

#include <piaudit/auto.h>

#include "config_private.h"
#include "daemon/capture/probes/probes.h"
#include "daemon/control/control.h"
#include "daemon/history/history.h"
#include "daemon/sink/journal.h"
#include "daemon/sink/spool.h"
#include "policy/units.h"

static int set_group(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object)
{
	if (!strcmp(value->text, "none"))
		return 0;
	if (!getgrnam(value->text))
		return problem_error(
			r->problems, schema_place(r, value),
			"unknown group \"%.60s\" on this host; add the group, or use none",
			value->text);
	return schema_text(r, f, value, object);
}

static int config_keys_set_ring(struct reader *r, const struct schema_field *f,
				const struct yaml_node *value, void *object)
{
	struct schema_field alone = *f;
	uint64_t bytes = 0;
	int err;

	alone.at = 0;
	err = config_set_size(r, &alone, value, &bytes);
	if (!err && !probes_ring_fits(bytes))
		err = problem_error(
			r->problems, schema_place(r, value),
			"invalid size \"%.60s\": use a power of two, for example 1M, 2M or 4M",
			value->text);
	((struct config *)object)->ring = (uint32_t)bytes;
	return err;
}

/* Only stores the value: config_apps.c reads it after the keys that it needs. */
static int set_apps(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	struct loading *l = r->context;

	(void)f;
	(void)object;
	l->apps = value;
	return 0;
}

#define KEY(name, kind, set, ...) CONFIG_KEY(config, name, kind, false, set, __VA_ARGS__)

/* type, default, least, most, help */
const struct config_row config_rows[] = {
	KEY(log, YAML_TEXT, config_set_path_or_none, "path or none",
	    "/var/log/piaudit/events.jsonl", NULL, NULL,
	    "findings, losses and states: one JSON object per line"),
	KEY(log_bytes, YAML_TEXT, config_set_size, "size", "64M", "64K", "64G",
	    "at this size the log is rotated"),
	KEY(log_files, YAML_TEXT, config_set_number, "number", "8", "1", "1000",
	    "log files that are kept, including the current one"),
	KEY(log_declared, YAML_TEXT, schema_bool, "true or false", "false", NULL, NULL,
	    "also log accesses that are not findings"),
	KEY(journal, YAML_TEXT, config_set_path_or_none, "path or none", "none", NULL, NULL,
	    "the socket of the journal, to send findings there too: " JOURNAL_PATH),
	KEY(history, YAML_TEXT, config_set_path_or_none, "path or none", HISTORY_PATH, NULL, NULL,
	    "the database that search and report read"),
	KEY(history_keep, YAML_TEXT, config_set_time, "time", "90d", "1h", "520w",
	    "older accesses are deleted from the history"),
	KEY(history_bytes, YAML_TEXT, config_set_size, "size", "256M", "1M", "64G",
	    "above this size the oldest accesses are deleted from the history"),
	KEY(spool, YAML_TEXT, config_set_path_or_none, "directory or none", "none", NULL, NULL,
	    "findings that piaudit-export sends to other machines; " SPOOL_PATH),
	KEY(spool_bytes, YAML_TEXT, config_set_size, "size", "256M", "1M", "16G",
	    "above this size the oldest findings are deleted from the spool, sent or not"),
	KEY(spool_keep, YAML_TEXT, config_set_time, "time", "7d", "1h", "52w",
	    "older findings are deleted from the spool, sent or not"),
	KEY(spool_declared, YAML_TEXT, schema_bool, "true or false", "false", NULL, NULL,
	    "also export accesses that are not findings"),
	KEY(metrics, YAML_TEXT, config_set_path_or_none, "path or none", "none", NULL, NULL,
	    "the daemon's health for Prometheus: a .prom file in the folder of a node exporter"),
	KEY(control, YAML_TEXT, config_set_path, "path", CONTROL_PATH, NULL, NULL,
	    "the control socket for status, top, reload and scenario"),
	KEY(control_group, YAML_TEXT, set_group, "group or none", "none", NULL, NULL,
	    "members of this group may use the control socket, besides root"),
	KEY(ring, YAML_TEXT, config_keys_set_ring, "size", "2M", "4K", "1024M",
	    "the ring buffer between kernel and daemon, a power of two"),
	KEY(policies, YAML_TEXT, config_set_path, "directory", "/etc/piaudit/policies.d", NULL,
	    NULL,
	    "statements: each replaces the shipped one of its name, a link to /dev/null disables it"),
	KEY(apps, YAML_LIST, set_apps, "list of apps", NULL, NULL, NULL,
	    "the programs to audit (default: every app of every statement)"),
};
const size_t config_row_count = ARRAY_SIZE(config_rows);
_Static_assert(ARRAY_SIZE(config_rows) <= SCHEMA_ROWS_MAX, "more keys than schema_read takes");

const struct config_key *config_key(size_t i)
{
	return i < config_row_count ? &config_rows[i].key : NULL;
}
