-- clickhouse.sql - a table for piaudit's events of many hosts, without duplicates by id. ClickHouse 20.8+.
-- Run `clickhouse-client --multiquery <clickhouse.sql`, then give the user `piaudit` a password and a host.

CREATE DATABASE IF NOT EXISTS piaudit;

CREATE TABLE IF NOT EXISTS piaudit.events
(
	id UUID,
	seq UInt64,
	schema LowCardinality(String),
	type LowCardinality(String),
	time DateTime64(9, 'UTC'),
	severity LowCardinality(String),
	host LowCardinality(String),
	machine String,
	boot String,
	app LowCardinality(String),

	-- columns of an access
	event UInt64,
	`process.pid` UInt32,
	`process.exe` String,
	`process.exe_hex` String,
	`process.comm` String,
	`process.comm_hex` String,
	tid UInt32,
	uid Nullable(UInt32), -- Nullable, since 0 is root
	scenario Array(String),
	category LowCardinality(String),
	source LowCardinality(Nullable(String)),
	kind LowCardinality(Nullable(String)),
	object String,
	object_hex String,
	folded UInt8,
	again UInt8,
	disposition LowCardinality(String),
	grade LowCardinality(String),
	verdict LowCardinality(String),
	finding UInt8,
	reason String,
	via LowCardinality(Nullable(String)),
	declared_in Array(String),
	rule Nullable(String),
	exception LowCardinality(Nullable(String)),
	count UInt64,
	policy LowCardinality(Nullable(String)),
	policy_version LowCardinality(Nullable(String)),

	-- columns of a state of the audit
	state LowCardinality(String),
	text String
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (app, category, time, id)
TTL toDateTime(time) + INTERVAL 1 YEAR;

-- One row of duplicates that are not merged yet.
CREATE VIEW IF NOT EXISTS piaudit.findings AS
SELECT time, host, app, severity, verdict, category, source, object, scenario, reason, `process.comm`, count, id
FROM piaudit.events FINAL
WHERE type = 'access' AND finding;

-- The user that inserts. Its settings: process.pid is a column, unknown keys of newer versions are skipped, times have
-- nine digits and a Z.
CREATE USER IF NOT EXISTS piaudit HOST NONE
	SETTINGS input_format_import_nested_json = 1, input_format_skip_unknown_fields = 1, date_time_input_format = 'best_effort';
GRANT INSERT ON piaudit.events TO piaudit;
