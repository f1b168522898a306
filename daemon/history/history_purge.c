/* SPDX-License-Identifier: Apache-2.0 */
/* history_purge.c - drops old rows, and rows beyond the size of the file, and records it. */
#include "history_private.h"

#include <string.h>

#include <piaudit/auto.h>

#include "daemon/util/log.h"

#define SPAN "count(*), sum(count), min(first), max(last)"

/*
 * Rows that are dropped and recorded together. @from has a boundary as its parameter. @oldest finds
 * the boundary of the oldest eighth.
 */
struct kind {
	const char *what, *columns, *from, *oldest;
};

/* The boundary is in UTC, ns. Accesses are sorted by the hour, so theirs is a whole hour. */
static const struct kind by_age[] = {
	{ "access", SPAN, "access WHERE hour < ?1 / 1000000000 - 3600", NULL },
	{ "finding", SPAN, "finding WHERE last < ?1", NULL },
	{ "scenario", "count(*), count(*), min(first), max(last)",
	  "active WHERE hour < ?1 / 1000000000 - 3600", NULL },
	{ "run", "count(*), count(*), min(started), max(seen)", "run WHERE seen < ?1", NULL },
};

/* Accesses that are findings are dropped last. */
static const struct kind by_room[] = {
	{ "access", SPAN, "access WHERE finding = 0 AND hour <= ?1",
	  "SELECT hour FROM access WHERE finding = 0 ORDER BY hour"
	  " LIMIT 1 OFFSET (SELECT count(*) / 8 FROM access WHERE finding = 0)" },
	{ "access", SPAN, "access WHERE hour <= ?1",
	  "SELECT hour FROM access ORDER BY hour LIMIT 1 OFFSET (SELECT count(*) / 8 FROM access)" },
	{ "finding", SPAN, "finding WHERE last <= ?1",
	  "SELECT last FROM finding ORDER BY last LIMIT 1 OFFSET (SELECT count(*) / 8 FROM finding)" },
};

/* Rows that no other row refers to any more. */
static const char orphans[] =
	"DELETE FROM loss WHERE run NOT IN (SELECT id FROM run);"
	"DELETE FROM blind WHERE run NOT IN (SELECT id FROM run);"
	"DELETE FROM active WHERE run NOT IN (SELECT id FROM run);"
	"DELETE FROM policy WHERE id NOT IN (SELECT policy FROM run UNION SELECT policy FROM access"
	" UNION SELECT policy FROM finding);"
	"DELETE FROM scenario WHERE policy NOT IN (SELECT id FROM policy);"
	"DELETE FROM declaration WHERE policy NOT IN (SELECT id FROM policy);"
	"DELETE FROM category WHERE policy NOT IN (SELECT id FROM policy);"
	"DELETE FROM exception WHERE policy NOT IN (SELECT id FROM policy);"
	"DELETE FROM word WHERE id NOT IN (SELECT app FROM access UNION SELECT exe FROM access"
	" UNION SELECT category FROM access UNION SELECT source FROM access"
	" UNION SELECT grade FROM access UNION SELECT disposition FROM access"
	" UNION SELECT verdict FROM access UNION SELECT scenarios FROM access"
	" UNION SELECT exception FROM access UNION SELECT app FROM finding"
	" UNION SELECT exe FROM finding UNION SELECT category FROM finding"
	" UNION SELECT source FROM finding UNION SELECT grade FROM finding"
	" UNION SELECT disposition FROM finding UNION SELECT verdict FROM finding"
	" UNION SELECT scenarios FROM finding UNION SELECT app FROM run"
	" UNION SELECT scenarios FROM run UNION SELECT scenario FROM active UNION SELECT text FROM blind);"
	"DELETE FROM dropped WHERE rowid <= (SELECT max(rowid) - 1000 FROM dropped)";

/* Number of rows, sum of their counts, and their span. */
struct extent {
	int64_t rows, count, first, last;
};

/* Reads the first row of @text, which has up to four numbers. All are 0 without a row. */
static int query(sqlite3 *db, const char *text, int64_t boundary, struct extent *out)
{
	int64_t *const columns[] = { &out->rows, &out->count, &out->first, &out->last };
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, text, -1, &s, NULL);

	*out = (struct extent){ 0 };
	if (rc == SQLITE_OK && sqlite3_bind_parameter_count(s))
		rc = sqlite3_bind_int64(s, 1, boundary);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	for (int i = 0; i < sqlite3_column_count(s) && rc == SQLITE_ROW; i++)
		*columns[i] = sqlite3_column_int64(s, i);
	sqlite3_finalize(s);
	return history_errno(rc);
}

/* Returns the bytes that hold rows. Pages on the free list are released or used again. */
static int used(sqlite3 *db, uint64_t *out)
{
	struct extent pages, unused, size;
	int err = query(db, "PRAGMA page_count", 0, &pages);

	err = err ?: query(db, "PRAGMA freelist_count", 0, &unused);
	err = err ?: query(db, "PRAGMA page_size", 0, &size);
	*out = (uint64_t)(pages.rows - unused.rows) * (uint64_t)size.rows;
	return err;
}

/* Drops rows before @boundary, and records them. Returns the number of rows, or -errno. */
static int64_t purge_drop(struct history *s, const struct kind *kind, const char *why,
			  int64_t boundary)
{
	char text[256];
	struct extent all, gone;
	int err;

	snprintf(text, sizeof(text), "SELECT %s FROM %s", kind->columns, kind->from);
	err = query(s->db, text, boundary, &all);
	if (err || !all.rows)
		return err;
	snprintf(text, sizeof(text), "DELETE FROM %s", kind->from);
	err = query(s->db, text, boundary, &gone);
	err = err
		      ?: history_do(s, SQL_DROPPED, NULL, "nttnnn", s->newest, kind->what, why,
				    (uint64_t)all.count, (uint64_t)all.first, (uint64_t)all.last);
	if (!err)
		log_info("history %s: removed %lld rows of kind %s: %s", s->path,
			 (long long)all.rows, kind->what, why);
	return err ?: all.rows;
}

static int64_t purge_drop_old(struct history *s)
{
	int64_t rows = 0, n = 0;

	if (s->utc <= s->config.keep)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(by_age) && n >= 0; i++) {
		n = purge_drop(s, &by_age[i], "older than the retention time",
			       (int64_t)(s->utc - s->config.keep));
		rows += n;
	}
	return n < 0 ? n : rows;
}

/* Drops the oldest eighth at a time, until an eighth of the room is free. */
static int drop_much(struct history *s)
{
	struct extent oldest;
	uint64_t bytes;
	int err = used(s->db, &bytes);

	if (err || bytes <= s->config.bytes)
		return err;
	for (size_t i = 0; i < ARRAY_SIZE(by_room); i++) {
		int64_t n = 1;

		while (n > 0 && bytes > s->config.bytes / 8 * 7) {
			err = query(s->db, by_room[i].oldest, 0, &oldest);
			n = err
				    ?: purge_drop(s, &by_room[i],
						  "larger than the maximum file size", oldest.rows);
			err = n < 0 ? (int)n : history_exec(s->db, orphans);
			err = err ?: used(s->db, &bytes);
			if (err)
				return err;
		}
	}
	return 0;
}

int history_purge(struct history *s)
{
	int err = history_do(s, SQL_BEGIN, NULL, "");
	int64_t old;

	if (err)
		return err;
	old = purge_drop_old(s);
	err = old > 0 ? history_exec(s->db, orphans) : (int)old;
	err = err ?: drop_much(s);
	err = err ?: history_do(s, SQL_COMMIT, NULL, "");
	if (err) {
		if (!sqlite3_get_autocommit(s->db))
			history_do(s, SQL_ROLLBACK, NULL, "");
		return err;
	}
	return history_exec(s->db, "PRAGMA incremental_vacuum");
}
