#!/usr/bin/python3
"""cef.py - compares CEF records that liblognorm decodes with those of our own reader: `cef.py RULEBASE FILE`."""
import json
import re
import subprocess
import sys

from records import read_cef, records

HEADER = re.compile(rb"(?:[^|\\]|\\.)*\|" * 7)


def main():
    with open(sys.argv[2], "rb") as file:
        found = records("cef", file.read())
    # liblognorm 2.0.6 expects a blank before the first key, and would swallow the first letter instead.
    lines = [HEADER.match(one)[0] + b" " + one[HEADER.match(one).end():] if HEADER.match(one) else one for one in found]
    run = subprocess.run(["lognormalizer", "-r", sys.argv[1], "-e", "json"], input=b"\n".join(lines) + b"\n",
                         stdout=subprocess.PIPE, check=True)
    decoded = [json.loads(line) for line in run.stdout.splitlines()]
    if len(decoded) != len(found) or not found:
        sys.exit(f"{len(found)} records, {len(decoded)} decoded")
    for number, (theirs, raw) in enumerate(zip(decoded, found), 1):
        if "unparsed-data" in theirs:
            sys.exit(f"record {number}: not decoded from {theirs['unparsed-data'][:80]!r}")
        ours = read_cef(raw)
        theirs = theirs["f"]["Extensions"]
        for key in ours.keys() | theirs.keys():
            if ours.get(key) != theirs.get(key):
                sys.exit(f"record {number}: {key}: {ours.get(key)!r} is decoded as {theirs.get(key)!r}")
    print(len(found))


if __name__ == "__main__":
    main()
