#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""expect.py - checks JSON Lines with conditions: reads questions from stdin, writes answers to stdout, until end of
file.

A question is FILE EXIT 'CONDITION; ...'. An answer is 'ok' or the reason. NUL ends each word. One process serves all
tests, since on an emulated machine the start of an interpreter takes as long as an audit. A condition is a Python
expression over:
  exit                 the exit code of piaudit
  accesses, statuses, losses, summary    the lines, by type (summary: the only one)
  has(key=value...)    an access has all of these; none(...) is the opposite
  total(...)           the sum of the counts of the accesses that have all of these
  the(...)             the first access that has all of these
  claimed(MARGIN)      accesses called declared inside a span of losses, MARGIN seconds from its ends:
                       simultaneous operations on two CPUs have no order
Keys are fields; pid, exe, comm are those of the process. A string that begins with "~" is a regular expression, a
list means one of its members.
"""
import json
import os
import re
import sys

COMMON = ("schema", "type", "time")
ACCESS = ("app", "process", "scenario", "category", "source", "object", "disposition", "grade",
          "verdict", "reason", "via", "declared_in", "rule", "count")
TYPES = ("access", "summary", "loss", "status")
SUMMARY = ("events", "lost", "probes_missing", "findings", "exit")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")


class Broken(Exception):
    """The output violates the contract."""


def read(path):
    lines = []
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                line = json.loads(text)
            except ValueError as error:
                raise Broken(f"line {number}: {error}") from error
            check(line, number)
            lines.append(line)
    return lines


def check(line, number):
    need = COMMON + {"access": ACCESS, "summary": SUMMARY}.get(line.get("type"), ())
    missing = [key for key in need if key not in line]
    if missing:
        raise Broken(f"line {number}: no {', '.join(missing)}")
    if line["schema"] != "piaudit.event/1" or line["type"] not in TYPES:
        raise Broken(f"line {number}: schema or type unknown")
    if not TIME.match(line["time"]):
        raise Broken(f"line {number}: time {line['time']!r} is not RFC 3339 in UTC")
    if line["type"] == "access":
        if not isinstance(line["scenario"], list) or not isinstance(line["declared_in"], list):
            raise Broken(f"line {number}: scenario and declared_in are not arrays")
        if not {"pid", "exe", "comm"} <= line["process"].keys() or line["count"] < 1:
            raise Broken(f"line {number}: process or count")


def field(access, key):
    return access["process"][key] if key in ("pid", "exe", "comm") else access.get(key)


def matches(access, wanted):
    for key, value in wanted.items():
        got = field(access, key)
        if isinstance(value, str) and value.startswith("~"):
            if not isinstance(got, str) or not re.search(value[1:], got):
                return False
        elif isinstance(value, list) and not isinstance(got, list):
            if got not in value:
                return False
        elif got != value:
            return False
    return True


def seconds(time):
    """Seconds since midnight: a double cannot hold the nanoseconds of an epoch."""
    hour, minute, second = time.split("T")[1].rstrip("Z").split(":")
    return int(hour) * 3600 + int(minute) * 60 + float(second)


def inside(access, loss, margin):
    return seconds(loss["from"]) + margin <= seconds(access["time"]) <= seconds(loss["until"]) - margin


def names(lines, code):
    accesses = [line for line in lines if line["type"] == "access"]

    def found(**wanted):
        return [a for a in accesses if matches(a, wanted)]

    losses = [line for line in lines if line["type"] == "loss"]
    summaries = [line for line in lines if line["type"] == "summary"]
    if len(summaries) != 1 or lines[-1]["type"] != "summary":
        raise Broken(f"{len(summaries)} summaries, or not last")
    if summaries[0]["exit"] != code:
        raise Broken(f"exit is {code}, the summary says {summaries[0]['exit']}")
    return {
        "exit": code, "accesses": accesses, "summary": summaries[0],
        "statuses": [line for line in lines if line["type"] == "status"],
        "losses": losses,
        "claimed": lambda margin: [a for a in found(verdict="declared") for gap in losses
                                   if inside(a, gap, margin)],
        "has": lambda **wanted: bool(found(**wanted)),
        "none": lambda **wanted: not found(**wanted),
        "total": lambda **wanted: sum(a["count"] for a in found(**wanted)),
        "the": lambda **wanted: (found(**wanted) or [{}])[0],
    }


def seen(accesses):
    short = {f"{a['category']}/{a['grade']}/{a['verdict']}({a['object']})" for a in accesses}
    return " ".join(sorted(short)[:8]) or "nothing"


def answer(path, code, conditions):
    try:
        known = names(read(path), int(code))
    except (Broken, OSError) as broken:
        return str(broken)
    for condition in filter(None, (c.strip() for c in conditions.split(";"))):
        # The conditions come from the tests. One namespace, since a generator in a condition sees no locals.
        try:
            holds = eval(condition, dict(known, re=re))
        except Exception as error:  # a fault of the condition: the next test still runs
            return f"{condition}: {error!r}"
        if not holds:
            return f"not {condition} [exit {code}, saw: {seen(known['accesses'])}]"
    return "ok"


def words():
    """Yields the words from stdin as they arrive."""
    rest = b""
    while more := os.read(0, 65536):
        *whole, rest = (rest + more).split(b"\0")
        yield from (word.decode() for word in whole)


def main():
    question = words()
    for path in question:
        sys.stdout.write(answer(path, next(question), next(question)) + "\0")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
