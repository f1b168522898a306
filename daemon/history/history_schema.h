/* SPDX-License-Identifier: Apache-2.0 */
/* history_schema.h - the tables of the history, by version. Times: ns since the epoch, UTC. */
#ifndef PIAUDIT_HISTORY_SCHEMA_H
#define PIAUDIT_HISTORY_SCHEMA_H

/*
 * Step i upgrades a file from version i to i + 1 (user_version). A released step is never changed.
 */
static const char *const store_steps[] = {
	"CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
	/*
	 * sha256: of the statement's file; meaning: of its content as parsed with the catalog at
	 * that time
	 */
	"CREATE TABLE policy (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, title TEXT,"
	" version TEXT, source TEXT, file TEXT NOT NULL, sha256 TEXT NOT NULL, meaning TEXT NOT NULL,"
	" first INTEGER NOT NULL, last INTEGER NOT NULL, UNIQUE (name, sha256, meaning)) STRICT;"
	"CREATE TABLE scenario (policy INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL,"
	" title TEXT, role TEXT NOT NULL, purpose TEXT, methods TEXT NOT NULL, delegates TEXT,"
	" line INTEGER NOT NULL, PRIMARY KEY (policy, place)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE declaration (policy INTEGER NOT NULL, scenario INTEGER NOT NULL,"
	" place INTEGER NOT NULL, category TEXT NOT NULL, by_group TEXT, limited TEXT,"
	" listed INTEGER NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (policy, scenario, place))"
	" STRICT, WITHOUT ROWID;"
	"CREATE TABLE category (policy INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL,"
	" title TEXT, parent TEXT, observable INTEGER NOT NULL, why TEXT,"
	" PRIMARY KEY (policy, place)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE exception (policy INTEGER NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL,"
	" reason TEXT, owner TEXT, expires TEXT, category TEXT NOT NULL, source TEXT,"
	" PRIMARY KEY (policy, place)) STRICT, WITHOUT ROWID;"
	/* a run without an end is still running, or was killed: seen is its last sign of life */
	"CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, policy INTEGER NOT NULL,"
	" app INTEGER NOT NULL, scenarios INTEGER NOT NULL, text TEXT, started INTEGER NOT NULL,"
	" seen INTEGER NOT NULL, ended INTEGER, stopped TEXT, events INTEGER, lost INTEGER,"
	" malformed INTEGER, undecoded INTEGER, doubts INTEGER, processes INTEGER, hole TEXT,"
	" sight_known INTEGER, exit INTEGER) STRICT;"
	"CREATE INDEX run_seen ON run (seen);"
	/* hour: of the beginning, in seconds since the epoch */
	"CREATE TABLE access (hour INTEGER NOT NULL, policy INTEGER NOT NULL, app INTEGER NOT NULL,"
	" exe INTEGER NOT NULL, category INTEGER NOT NULL, source INTEGER NOT NULL,"
	" grade INTEGER NOT NULL, disposition INTEGER NOT NULL, verdict INTEGER NOT NULL,"
	" scenarios INTEGER NOT NULL, exception INTEGER NOT NULL, finding INTEGER NOT NULL,"
	" count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
	" PRIMARY KEY (hour, policy, app, exe, category, source, grade, disposition, verdict,"
	" scenarios, exception, finding)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE finding (id INTEGER PRIMARY KEY AUTOINCREMENT, policy INTEGER NOT NULL,"
	" app INTEGER NOT NULL, exe INTEGER NOT NULL, category INTEGER NOT NULL,"
	" source INTEGER NOT NULL, grade INTEGER NOT NULL, disposition INTEGER NOT NULL,"
	" verdict INTEGER NOT NULL, scenarios INTEGER NOT NULL, count INTEGER NOT NULL,"
	" first INTEGER NOT NULL, last INTEGER NOT NULL, object TEXT, comm TEXT, pid INTEGER,"
	" reason TEXT, rule TEXT, UNIQUE (policy, app, exe, category, source, grade, disposition,"
	" verdict, scenarios)) STRICT;"
	"CREATE TABLE loss (run INTEGER NOT NULL, class TEXT NOT NULL, first INTEGER NOT NULL,"
	" last INTEGER NOT NULL, count INTEGER NOT NULL) STRICT;"
	"CREATE INDEX loss_run ON loss (run);"
	/* kind: a missing probe, or a way to read that the attached probes cannot see */
	"CREATE TABLE blind (run INTEGER NOT NULL, kind TEXT NOT NULL, text INTEGER NOT NULL,"
	" PRIMARY KEY (run, kind, text)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE dropped (time INTEGER NOT NULL, what TEXT NOT NULL, why TEXT NOT NULL,"
	" count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;"
	/* for users with sqlite3, and for our own queries: words, not their numbers */
	"CREATE VIEW accesses AS SELECT a.hour, a.policy, app.text app, exe.text exe,"
	" category.text category, source.text source, grade.text grade, disposition.text disposition,"
	" verdict.text verdict, scenarios.text scenarios, exception.text exception, a.finding, a.count,"
	" a.first, a.last FROM access a JOIN word app ON app.id = a.app"
	" JOIN word exe ON exe.id = a.exe JOIN word category ON category.id = a.category"
	" JOIN word source ON source.id = a.source JOIN word grade ON grade.id = a.grade"
	" JOIN word disposition ON disposition.id = a.disposition"
	" JOIN word verdict ON verdict.id = a.verdict"
	" JOIN word scenarios ON scenarios.id = a.scenarios"
	" JOIN word exception ON exception.id = a.exception;"
	"CREATE VIEW findings AS SELECT f.id, f.policy, app.text app, exe.text exe,"
	" category.text category, source.text source, grade.text grade, disposition.text disposition,"
	" verdict.text verdict, scenarios.text scenarios, f.count, f.first, f.last, f.object, f.comm,"
	" f.pid, f.reason, f.rule FROM finding f JOIN word app ON app.id = f.app"
	" JOIN word exe ON exe.id = f.exe JOIN word category ON category.id = f.category"
	" JOIN word source ON source.id = f.source JOIN word grade ON grade.id = f.grade"
	" JOIN word disposition ON disposition.id = f.disposition"
	" JOIN word verdict ON verdict.id = f.verdict"
	" JOIN word scenarios ON scenarios.id = f.scenarios;",
	/* scenarios that were active in an hour of a run, with or without accesses */
	"CREATE TABLE active (run INTEGER NOT NULL, hour INTEGER NOT NULL, scenario INTEGER NOT NULL,"
	" first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (run, hour, scenario))"
	" STRICT, WITHOUT ROWID;",
};

#endif
