/* SPDX-License-Identifier: Apache-2.0 */
/* history_query.c - reads the history. All answers come from one snapshot. */
#include "history_query.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "history_private.h"
#include "history_schema.h"

#define BUSY_MS 5000 /* a reader can wait; only the recovery after a crash makes it wait */

struct history_query {
	sqlite3 *db;
	int64_t version; /* of the file's tables, from 1 */
	char path[PATH_MAX];
};

struct history_query_row {
	sqlite3_stmt *sql;
};

#define SPAN   "(:since = 0 OR last >= :since) AND (:until = 0 OR first < :until)"
#define OF_APP "(:app IS NULL OR app = :app)"
#define OF_POLICY                               \
	"(:policy = 0 OR policy = :policy) AND" \
	" (:statement IS NULL OR policy IN (SELECT id FROM policy WHERE name = :statement))"
/* The id of the statement, for any version. */
#define STATEMENT(table) "(SELECT name FROM policy WHERE policy.id = " table ".policy)"
#define OF_SCENARIO                                   \
	"(:scenario IS NULL OR scenarios = :scenario" \
	" OR :scenario <> '' AND instr(',' || scenarios || ',', ',' || :scenario || ','))"
#define OF_RUN                                                                                  \
	"(:app IS NULL OR app = (SELECT id FROM word WHERE text = :app)) AND " OF_POLICY " AND" \
	" (:since = 0 OR max(seen, coalesce(ended, 0)) >= :since) AND"                          \
	" (:until = 0 OR started < :until)"

static const char *const query_text[] = {
	[HISTORY_QUERY_ACCESSES] =
		"SELECT hour, policy, app, exe, category, source, grade, disposition, verdict,"
		" scenarios, exception, finding, count, first, last, " STATEMENT(
			"accesses") " FROM accesses"
				    " WHERE (:since = 0 OR hour >= :since / 1000000000 - 3600) AND " SPAN
				    " AND " OF_APP " AND " OF_POLICY " AND " OF_SCENARIO
				    " AND (:category IS NULL OR category = :category)"
				    " AND (:source IS NULL OR source = :source)"
				    " AND (:verdict IS NULL OR verdict = :verdict)"
				    " ORDER BY hour, policy, app, category, source, first, exe, grade, verdict, scenarios",
	[HISTORY_QUERY_FINDINGS] =
		"SELECT id, policy, app, exe, category, source, grade, disposition, verdict,"
		" scenarios, count, first, last, object, comm, pid, reason, rule, " STATEMENT(
			"findings") " FROM findings"
				    " WHERE " SPAN " AND " OF_APP " AND " OF_POLICY
				    " ORDER BY last DESC, id",
	[HISTORY_QUERY_POLICIES] =
		"SELECT id, name, title, version, source, file, sha256, meaning, first, last"
		" FROM policy WHERE (:policy = 0 OR id = :policy) AND"
		" (:statement IS NULL OR name = :statement) AND " SPAN
		" ORDER BY last DESC, id DESC",
	[HISTORY_QUERY_SCENARIOS] =
		"SELECT place, id, title, role, purpose, methods, delegates, line"
		" FROM scenario WHERE policy = :policy ORDER BY place",
	[HISTORY_QUERY_DECLARATIONS] =
		"SELECT scenario, category, by_group, limited, listed, line"
		" FROM declaration WHERE policy = :policy ORDER BY scenario, place",
	[HISTORY_QUERY_CATEGORIES] =
		"SELECT place, id, title, parent, observable, why FROM category"
		" WHERE policy = :policy ORDER BY place",
	[HISTORY_QUERY_EXCEPTIONS] = "SELECT id, reason, owner, expires, category FROM exception"
				     " WHERE policy = :policy ORDER BY place",
	[HISTORY_QUERY_RUNS] =
		"SELECT id, policy, (SELECT text FROM word WHERE id = app),"
		" (SELECT text FROM word WHERE id = scenarios), text, started, seen, ended,"
		" stopped, events, lost, malformed, undecoded, doubts, processes, hole,"
		" sight_known, exit FROM run WHERE " OF_RUN " ORDER BY started, run.id",
	[HISTORY_QUERY_ACTIVE] =
		"SELECT DISTINCT (SELECT policy FROM run WHERE id = active.run),"
		" (SELECT text FROM word WHERE id = active.scenario) FROM active WHERE " SPAN
		" AND run IN (SELECT id FROM run WHERE " OF_RUN ") ORDER BY 1, 2",
	[HISTORY_QUERY_LOSSES] =
		"SELECT run, class, first, last, count, (SELECT ended IS NOT NULL FROM run"
		" WHERE run.id = loss.run) FROM loss WHERE " SPAN
		" AND run IN (SELECT id FROM run WHERE " OF_RUN ") ORDER BY first, class",
	[HISTORY_QUERY_BLIND] =
		"SELECT kind, (SELECT w.text FROM word w WHERE w.id = blind.text), count(*)"
		" FROM blind WHERE run IN (SELECT id FROM run WHERE " OF_RUN ")"
		" GROUP BY kind, blind.text ORDER BY kind, 2",
	[HISTORY_QUERY_DROPPED] = "SELECT time, what, why, count, first, last FROM dropped"
				  " WHERE " SPAN " ORDER BY time, what",
	[HISTORY_QUERY_EXTENT] = "SELECT min(started), max(max(seen, coalesce(ended, 0))) FROM run"
				 " WHERE " OF_RUN,
};
_Static_assert(ARRAY_SIZE(query_text) == HISTORY_QUERY_MAX, "a question without its text");

/*
 * The first version with the tables of a query. An older file, as in an archive, has no rows for
 * it. 0 = any.
 */
static const int64_t query_since[HISTORY_QUERY_MAX] = { [HISTORY_QUERY_ACTIVE] = 2 };

void history_query_close(struct history_query **view)
{
	if (!*view)
		return;
	sqlite3_close((*view)->db);
	free(*view);
	*view = NULL;
}

static int query_one_number(sqlite3 *db, const char *text, int64_t *out)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, text, -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	*out = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_finalize(s);
	return history_errno(rc);
}

/* Makes a URI of a path, with special characters escaped. */
static int uri_of(const char *path, bool still, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	size_t used = (size_t)snprintf(out, size, "file:");

	for (; *path && used + 16 < size; path++) {
		unsigned char c = (unsigned char)*path;

		if (c > ' ' && c < 0x7f && !strchr("%?#", c)) {
			out[used++] = (char)c;
			continue;
		}
		out[used++] = '%';
		out[used++] = hex[c >> 4];
		out[used++] = hex[c & 15];
	}
	snprintf(out + used, size - used, still ? "?immutable=1" : "");
	return *path ? -ENAMETOOLONG : 0;
}

/*
 * True if no process has the file open to write. Then it can be read as immutable, on a medium
 * without locks and logs, as an archive is.
 */
static bool history_query_still(const char *path)
{
	char log[PATH_MAX + 8];
	struct stat st;

	snprintf(log, sizeof(log), "%s-wal", path);
	return stat(log, &st) && errno == ENOENT;
}

static int connect_to(struct history_query *v, bool immutable)
{
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
	char uri[3 * PATH_MAX + 32];
	int64_t application;
	int err = uri_of(v->path, immutable, uri, sizeof(uri));

	sqlite3_close(v->db);
	v->db = NULL;
	err = err ?: history_errno(sqlite3_open_v2(uri, &v->db, flags, NULL));
	if (!err)
		sqlite3_busy_timeout(v->db, BUSY_MS);
	err = err
		      ?: history_exec(v->db,
				      "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
				      "PRAGMA cell_size_check = ON; BEGIN");
	err = err ?: query_one_number(v->db, "PRAGMA application_id", &application);
	err = err ?: query_one_number(v->db, "PRAGMA user_version", &v->version);
	if (err)
		return err;
	if (application != HISTORY_APPLICATION)
		return -EINVAL;
	return v->version > 0 && v->version <= (int64_t)ARRAY_SIZE(store_steps) ? 0 : -ENOTSUP;
}

static int history_query_missing(const char *path, int err)
{
	if (err != -ENOENT)
		return log_err(err, "history %s: cannot be opened", path);
	return log_err(0,
		       "history %s: does not exist; start the daemon, or audit with --history FILE "
		       "(run, --pid, replay)",
		       path),
	       err;
}

int history_query_open(struct history_query **out, const char *path)
{
	AUTO(history_query_close) struct history_query *v = calloc(1, sizeof(*v));
	struct stat st;
	int err;

	if (!v)
		return -ENOMEM;
	/* For a missing file SQLite only says that it cannot open it. */
	if (stat(path, &st))
		return history_query_missing(path, -errno);
	snprintf(v->path, sizeof(v->path), "%s", path);
	err = connect_to(v, false);
	if (err && err != -EINVAL && err != -ENOTSUP && history_query_still(path))
		err = connect_to(v, true);
	if (err == -EINVAL)
		return log_err(0, "history %s: not a piaudit history; use another file", path), err;
	if (err == -ENOTSUP)
		return log_err(0,
			       "history %s: written by a newer version of piaudit; use that "
			       "version",
			       path),
		       err;
	if (err)
		return log_err(err, "history %s: cannot be opened", path);
	*out = TAKE(v);
	return 0;
}

const char *history_query_text(const struct history_query_row *row, int column)
{
	return (const char *)sqlite3_column_text(row->sql, column);
}

const char *history_query_word(const struct history_query_row *row, int column)
{
	return history_query_text(row, column) ?: "";
}

uint64_t history_query_number(const struct history_query_row *row, int column)
{
	int64_t n = sqlite3_column_int64(row->sql, column);

	return n < 0 ? 0 : (uint64_t)n;
}

void view_print_access(const struct history_query_row *row, char out[FINDING_PRINT_MAX])
{
	struct finding_key key = { .statement = history_query_word(row, ACCESS_STATEMENT),
				   .app = history_query_word(row, ACCESS_APP),
				   .category = history_query_word(row, ACCESS_CATEGORY),
				   .source = history_query_word(row, ACCESS_SOURCE),
				   .disposition = history_query_word(row, ACCESS_DISPOSITION),
				   .verdict = history_query_word(row, ACCESS_VERDICT),
				   .grade = history_query_word(row, ACCESS_GRADE),
				   .scenarios = history_query_word(row, ACCESS_SCENARIOS) };

	finding_print(&key, out);
}

void view_print_finding(const struct history_query_row *row, char out[FINDING_PRINT_MAX])
{
	struct finding_key key = { .statement = history_query_word(row, FINDING_STATEMENT),
				   .app = history_query_word(row, FINDING_APP),
				   .category = history_query_word(row, FINDING_CATEGORY),
				   .source = history_query_word(row, FINDING_SOURCE),
				   .disposition = history_query_word(row, FINDING_DISPOSITION),
				   .verdict = history_query_word(row, FINDING_VERDICT),
				   .grade = history_query_word(row, FINDING_GRADE),
				   .scenarios = history_query_word(row, FINDING_SCENARIOS) };

	finding_print(&key, out);
}

static void bind_text(sqlite3_stmt *s, const char *name, const char *text)
{
	int i = sqlite3_bind_parameter_index(s, name);

	if (i && text)
		sqlite3_bind_text(s, i, text, -1, SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *s, const char *name, int64_t n)
{
	int i = sqlite3_bind_parameter_index(s, name);

	if (i)
		sqlite3_bind_int64(s, i, n);
}

int history_query_each(struct history_query *v, enum history_query_kind query,
		       const struct history_query_filter *f, history_query_row_fn *each,
		       void *context)
{
	struct history_query_row row = { 0 };
	int rc, err = 0;

	if (v->version < query_since[query])
		return 0;
	rc = sqlite3_prepare_v2(v->db, query_text[query], -1, &row.sql, NULL);
	if (rc == SQLITE_OK) {
		bind_text(row.sql, ":app", f->app);
		bind_text(row.sql, ":category", f->category);
		bind_text(row.sql, ":source", f->source);
		bind_text(row.sql, ":verdict", f->verdict);
		bind_text(row.sql, ":scenario", f->scenario);
		bind_text(row.sql, ":statement", f->statement);
		bind_number(row.sql, ":since", (int64_t)f->since);
		bind_number(row.sql, ":until", (int64_t)f->until);
		bind_number(row.sql, ":policy", f->policy);
		while (!err && (rc = sqlite3_step(row.sql)) == SQLITE_ROW)
			err = each(context, &row);
	}
	sqlite3_finalize(row.sql);
	if (!err && rc != SQLITE_DONE)
		err = log_err(history_errno(rc), "history %s: cannot be read: %s", v->path,
			      sqlite3_errmsg(v->db));
	return err;
}
