"""configs.py - checks files for collectors that cannot be installed here: they are valid in their format, define the
names that they use, and use the log's real path, times and keys."""
import datetime
import json
import os
import re
import subprocess
import sys
import tomllib

import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import golden

SIEM = "systemd/siem/"


def said(path):
    with open(SIEM + path, encoding="utf-8") as f:
        return f.read()


def list_of(piaudit, what):
    return json.loads(subprocess.run([piaudit, "list", what, "-f", "json"], check=True, capture_output=True).stdout)


def fluent_bit(known, time):
    c = yaml.safe_load(said("fluent-bit.yaml"))
    parsers = {p["name"]: p for p in c["parsers"]}
    for kind in ("inputs", "filters", "outputs"):
        yield from (f"{kind}: without a name" for plugin in c["pipeline"][kind] if "name" not in plugin)
    tags = {i["tag"] for i in c["pipeline"]["inputs"]}
    yield from (f"nothing matches {p['match']}" for kind in ("filters", "outputs") for p in c["pipeline"][kind] if p["match"] not in tags)
    for i in c["pipeline"]["inputs"]:
        parser = parsers[i["parser"]]
        if parser["time_key"] not in known["all"]:
            yield "no such key for the time"
        # strptime of Python accepts six digits, Fluent Bit's %L accepts all.
        datetime.datetime.strptime(re.sub(r"(\.\d{6})\d*", r"\1", time), parser["time_format"].replace("%L", "%f"))
    for o in c["pipeline"]["outputs"]:
        key = re.fullmatch(r"\$piaudit\['(\w+)'\]", o["id_key"])
        if not key or key[1] not in known["all"]:
            yield f"id_key {o['id_key']}"


def otel(known, time):
    c = yaml.safe_load(said("otel-collector.yaml"))
    kinds = {kind: set(c.get(kind, {})) for kind in ("receivers", "processors", "exporters", "extensions")}
    for name, pipeline in c["service"]["pipelines"].items():
        for kind, used in pipeline.items():
            yield from (f"{name}: {u} is not defined" for u in used if u not in kinds[kind])
    yield from (f"{e} is not defined" for e in c["service"]["extensions"] if e not in kinds["extensions"])
    receiver = c["receivers"]["filelog/piaudit"]
    storages = {receiver["storage"], c["exporters"]["otlphttp/piaudit"]["sending_queue"]["storage"]}
    yield from (f"storage {s} does not run" for s in storages if s not in c["service"]["extensions"])
    named = re.findall(r"\bbody\.([\w.]+)", said("otel-collector.yaml"))
    yield from (f"no key {n}" for n in named if not any(n in names for names in known.values()))
    layout = receiver["operators"][0]["timestamp"]["layout"]
    if re.sub(r"\d", "9", layout) != re.sub(r"\d", "9", time):
        yield f"layout {layout} of {time}"


def vector(known, time):
    c = tomllib.loads(said("vector.toml"))
    made = set(c["sources"]) | set(c["transforms"]) | {f"{t}.dropped" for t, v in c["transforms"].items() if v.get("reroute_dropped")}
    for name, part in {**c["transforms"], **c["sinks"]}.items():
        yield from (f"{name}: no input {i}" for i in part["inputs"] if i not in made)
    used = {i for part in {**c["transforms"], **c["sinks"]}.values() for i in part["inputs"]}
    yield from (f"{m}: goes nowhere" for m in sorted(made - used))
    sink = c["sinks"]["piaudit_clickhouse"]
    if f"{sink['database']}.{sink['table']}" not in said("clickhouse.sql"):
        yield "no such table"


def clickhouse(known, time):
    table = said("clickhouse.sql").split("\n(\n")[1].split("\n)\n")[0]
    columns = set(re.findall(r"^\t`?([\w.]+)`? ", table, re.M))
    of = known["access"] | known["all"]
    hex_ = {c for c in columns if c.endswith("_hex") and c[:-4] in columns}
    yield from (f"{n} has no column" for n in sorted(of - columns))
    yield from (f"column {c} is no key" for c in sorted(columns - hex_ - set().union(*known.values())))


def log_path(path):
    for name in ("rsyslog-client.conf", "fluent-bit.yaml", "otel-collector.yaml", "vector.toml", "wazuh-agent.conf"):
        if path not in said(name):
            yield f"{name}: does not read {path}"


def readme():
    text = said("README.md")
    yield from (f"{name}: not told of" for name in sorted(os.listdir(SIEM)) if name != "README.md" and name not in text)


def main(folder, piaudit):
    results = golden.Results()
    known = {}
    for f in list_of(piaudit, "fields"):
        known.setdefault(f["line"], set()).add(f["name"])
    path = next(k for k in list_of(piaudit, "config") if k["name"] == "log")["default"]
    time = next(iter(golden.read(folder).values()))[0]["time"]
    for name, check in (("fluent-bit", fluent_bit), ("otel-collector", otel), ("vector", vector), ("clickhouse-columns", clickhouse)):
        try:
            results.tell(name, check(known, time))
        except (KeyError, ValueError, yaml.YAMLError) as e:
            results.tell(name, [f"{type(e).__name__}: {e}"])
    results.tell("log-path", log_path(path))
    results.tell("readme", readme())
    return results.failed


sys.exit(main(*sys.argv[1:]))
