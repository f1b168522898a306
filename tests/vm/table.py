#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""table.py - test x kernel: table.py RESULTS HOST NAME...

RESULTS/NAME/PROFILE contains the lines of a guest, `ok|FAIL|skip|same TEST (reason)`. HOST, if it exists, contains
those of the host. Prints the table, the reasons, and the numbers of the guests; exits with 1 if a test failed.
`same`: a test that does not depend on the kernel, so the host has run it for all.
"""
import os
import re
import sys

LINE = re.compile(r"(ok|FAIL|skip|same) (\S+)(?: \((.*)\))?$")
WORD = {"ok": "pass", "FAIL": "FAIL", "skip": "skip", "same": "as host"}
NONE = ("-", "")


def read(path):
    """{test: (result, reason)}, in the order of the file."""
    found = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                match = LINE.match(line.rstrip("\n"))
                if match:
                    found[match[2]] = (match[1], match[3] or "")
    return found


def guests(folder, names):
    """{kernel: {test: ...}}; a test that ran in the guest of one kernel but not in that of another has failed there."""
    columns = {name: {} for name in names}
    profiles = sorted({p for name in names for p in os.listdir(os.path.join(folder, name))},
                      key=lambda p: (not p.startswith("live"), p))
    for group in dict.fromkeys(p.split("@")[0] for p in profiles):
        files = [p for p in profiles if p.split("@")[0] == group]  # shares; each kernel divides tests differently
        parts = {name: {t: r for p in files for t, r in read(os.path.join(folder, name, p)).items()} for name in names}
        tests = dict.fromkeys(test for part in parts.values() for test in part if not test.endswith("/guest"))
        for name, part in parts.items():
            columns[name].update(part)
            if not any(test.endswith("/guest") for test in part):
                columns[name].update({t: ("FAIL", "it did not run here") for t in tests if t not in part})
    return columns


def show(columns, host):
    tests = dict.fromkeys(test for column in columns.values() for test in column)
    table = dict(columns)
    if host:
        table[os.uname().release] = host
    width = max([len("test")] + [len(test) for test in tests])
    print(f"{'test':{width}}", *(f"{name:8}" for name in table), sep="  ")
    for test in tests:
        cells = (column.get(test, NONE)[0] for column in table.values())
        print(f"{test:{width}}", *(f"{WORD.get(cell, cell):8}" for cell in cells), sep="  ")
    for name, column in columns.items():
        for test, (result, reason) in column.items():
            if result in ("FAIL", "skip"):
                print(f"{result} {name}/{test} ({reason})")


def main(folder, host, *names):
    columns = guests(folder, names)
    show(columns, read(host))
    same = {test for column in columns.values() for test, (result, _) in column.items() if result == "same"}
    if same:
        print(f"as host: {len(same)} tests to which another kernel makes no difference: not repeated")
    results = [result for column in columns.values() for result, _ in column.values()]
    count = {word: results.count(word) for word in WORD}
    print(f"{count['ok']} passed, {count['FAIL']} failed, {count['skip']} skipped")
    return 1 if count["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
