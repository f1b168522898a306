/* SPDX-License-Identifier: Apache-2.0 */
/* history_sql.c - the writer's connection: opens it, upgrades the file, prepares statements. */
#include "history_private.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"
#include "history_schema.h"

/* Longest wait for another writer's transaction; then the next flush tries again. */
#define BUSY_MS 200
/* A checkpoint after each MiB of the log, which is the only fsync in NORMAL mode. */
#define WAL_PAGES 256

#define KEYS "app, exe, category, source, grade, disposition, verdict, scenarios"
#define WORD "(SELECT id FROM word WHERE text = ?)"
#define SEEN "first = min(first, excluded.first), last = max(last, excluded.last)"

static const char *const sql_text[] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_WORD] = "INSERT OR IGNORE INTO word (text) VALUES (?)",
	[SQL_ACCESS] = "INSERT INTO access (hour, policy, " KEYS
		       ", exception, finding, count, first,"
		       " last) VALUES (?, ?, " WORD "," WORD "," WORD "," WORD "," WORD "," WORD
		       "," WORD "," WORD "," WORD ", ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
		       " count = count + excluded.count, " SEEN,
	/* The evidence stays that of the first access. */
	[SQL_FINDING] =
		"INSERT INTO finding (policy, " KEYS ", count, first, last, object, comm, pid,"
		" reason, rule) VALUES (?, " WORD "," WORD "," WORD "," WORD "," WORD "," WORD
		"," WORD "," WORD ", ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
		" count = count + excluded.count, " SEEN,
	[SQL_POLICY_FIND] = "SELECT id FROM policy WHERE name = ? AND sha256 = ? AND meaning = ?",
	[SQL_POLICY_ADD] =
		"INSERT INTO policy (name, sha256, meaning, title, version, source, file,"
		" first, last) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
	[SQL_POLICY_SEEN] =
		"UPDATE policy SET first = min(first, ?), last = max(last, ?) WHERE id = ?",
	[SQL_SCENARIO] = "INSERT INTO scenario (policy, place, id, title, role, purpose, methods,"
			 " delegates, line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[SQL_DECLARATION] = "INSERT INTO declaration (policy, scenario, place, category, by_group,"
			    " limited, listed, line) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[SQL_CATEGORY] = "INSERT INTO category (policy, place, id, title, parent, observable, why)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?)",
	[SQL_EXCEPTION] = "INSERT INTO exception (policy, place, id, reason, owner, expires,"
			  " category, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[SQL_RUN_ADD] = "INSERT INTO run (policy, app, scenarios, text, started, seen)"
			" VALUES (?, " WORD "," WORD ", ?, ?, ?) RETURNING id",
	[SQL_RUN_SEEN] = "UPDATE run SET seen = ? WHERE id = ?",
	[SQL_RUN_END] = "UPDATE run SET started = ?, ended = ?, stopped = ?, events = ?, lost = ?,"
			" malformed = ?, undecoded = ?, doubts = ?, processes = ?, hole = ?,"
			" sight_known = ?, exit = ? WHERE id = ?",
	[SQL_ACTIVE] = "INSERT INTO active (run, hour, scenario, first, last) VALUES (?, ?, " WORD
		       ", ?, ?) ON CONFLICT DO UPDATE SET " SEEN,
	[SQL_LOSS] = "INSERT INTO loss (run, class, first, last, count) VALUES (?, ?, ?, ?, ?)",
	[SQL_BLIND] = "INSERT OR IGNORE INTO blind (run, kind, text) VALUES (?, ?, " WORD ")",
	[SQL_DROPPED] = "INSERT INTO dropped (time, what, why, count, first, last)"
			" VALUES (?, ?, ?, ?, ?, ?)",
};
_Static_assert(ARRAY_SIZE(sql_text) == SQL_MAX, "a statement without its text");

int history_errno(int sqlite)
{
	static const struct {
		int sqlite, err;
	} table[] = {
		{ SQLITE_OK, 0 },
		{ SQLITE_ROW, 0 },
		{ SQLITE_DONE, 0 },
		{ SQLITE_BUSY, -EBUSY },
		{ SQLITE_LOCKED, -EBUSY },
		{ SQLITE_NOMEM, -ENOMEM },
		{ SQLITE_READONLY, -EROFS },
		{ SQLITE_FULL, -ENOSPC },
		{ SQLITE_CANTOPEN, -ENOENT },
		{ SQLITE_PERM, -EPERM },
		{ SQLITE_NOTADB, -EINVAL },
		{ SQLITE_CORRUPT, -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if ((sqlite & 0xff) == table[i].sqlite)
			return table[i].err;
	return -EIO;
}

int history_exec(sqlite3 *db, const char *script)
{
	return history_errno(sqlite3_exec(db, script, NULL, NULL, NULL));
}

static int pragma(sqlite3 *db, const char *text, int64_t *out)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, text, -1, &s, NULL);

	*out = 0;
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return history_errno(rc);
}

/* Upgrades the file from its version to ours. Each step is done completely or not at all. */
static int upgrade(sqlite3 *db)
{
	int64_t application, version, tables;
	char head[96];
	int err = pragma(db, "PRAGMA application_id", &application);

	err = err ?: pragma(db, "PRAGMA user_version", &version);
	err = err ?: pragma(db, "SELECT count(*) FROM sqlite_schema", &tables);
	if (err)
		return err;
	if (application != HISTORY_APPLICATION && (application || tables))
		return -EINVAL;
	if (version < 0 || version > (int64_t)ARRAY_SIZE(store_steps))
		return -ENOTSUP;
	for (; version < (int64_t)ARRAY_SIZE(store_steps) && !err; version++) {
		err = history_exec(db, store_steps[version]);
		snprintf(head, sizeof(head), "PRAGMA application_id = %d; PRAGMA user_version = %d",
			 HISTORY_APPLICATION, (int)version + 1);
		err = err ?: history_exec(db, head);
	}
	return err;
}

static int history_sql_set_up(struct history *store)
{
	char pages[64];
	int err;

	sqlite3_busy_timeout(store->db, BUSY_MS);
	snprintf(pages, sizeof(pages), "PRAGMA wal_autocheckpoint = %d", WAL_PAGES);
	/*
	 * NORMAL with a write-ahead log: a crash of the daemon loses no commit. A power failure
	 * loses commits that were not synced to the disk yet (history.c).
	 */
	err = history_exec(store->db,
			   "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;"
			   "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
			   "PRAGMA journal_size_limit = 4194304; PRAGMA trusted_schema = OFF;"
			   "PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON");
	/*
	 * A small page cache is enough, since the kernel caches the file. A transaction may use
	 * more until its end.
	 */
	err = err ?: history_exec(store->db, "PRAGMA cache_size = -128; PRAGMA cache_spill = 500");
	err = err ?: history_exec(store->db, pages);
	/* If two processes start at once, the second one finds the upgraded file. */
	err = err ?: history_exec(store->db, "BEGIN IMMEDIATE");
	if (err)
		return err;
	err = upgrade(store->db);
	err = err ?: history_exec(store->db, "COMMIT");
	if (err)
		return err;
	for (size_t i = 0; i < SQL_MAX && !err; i++)
		err = history_errno(sqlite3_prepare_v3(store->db, sql_text[i], -1,
						       SQLITE_PREPARE_PERSISTENT, &store->sql[i],
						       NULL));
	return err;
}

int history_connect(struct history *store)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
	int err = history_errno(sqlite3_open_v2(store->path, &store->db, flags, NULL));

	err = err ?: history_sql_set_up(store);
	if (err)
		history_disconnect(store);
	return err;
}

void history_disconnect(struct history *store)
{
	for (size_t i = 0; i < SQL_MAX; i++) {
		sqlite3_finalize(store->sql[i]);
		store->sql[i] = NULL;
	}
	sqlite3_close(store->db);
	store->db = NULL;
}

int history_do(struct history *store, enum history_sql which, int64_t *out, const char *types, ...)
{
	sqlite3_stmt *s = store->sql[which];
	int rc = SQLITE_OK;
	va_list values;

	va_start(values, types);
	for (int i = 0; types[i] && rc == SQLITE_OK; i++)
		rc = types[i] == 't'
			     ? sqlite3_bind_text(s, i + 1, va_arg(values, const char *), -1,
						 SQLITE_STATIC)
			     : sqlite3_bind_int64(s, i + 1, (int64_t)va_arg(values, uint64_t));
	va_end(values);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (out)
		*out = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	/* A statement with RETURNING only writes once it is stepped to its end. */
	while (rc == SQLITE_ROW)
		rc = sqlite3_step(s);
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	return history_errno(rc);
}
