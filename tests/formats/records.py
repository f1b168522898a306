#!/usr/bin/python3
"""records.py - strict readers of the encodings: `records.py FORMAT FILE LIMIT` refuses records that a receiver could
misread.

Each reader takes one record and returns its values by name; ValueError gives the reason of a refusal.
"""
import json
import re
import struct
import sys


def text_of(raw):
    return raw.decode("utf-8")  # strict


def no_control(text):
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("a control character")
    return text


def read_json(raw):
    event = json.loads(text_of(raw))
    if event.get("schema") != "piaudit.event/1" or "type" not in event:
        raise ValueError("no piaudit.event/1")
    if not re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", event["id"]):
        raise ValueError("id is no UUIDv7")
    return event


CEF_MOST = {"dvchost": 100, "externalId": 40, "sproc": 1023, "filePath": 1023, "fname": 1023, "reason": 1023, "msg": 1023,
            "cat": 1023, "act": 63, "outcome": 63, "suid": 1023, "deviceExternalId": 255}


def read_cef(raw):
    text = no_control(text_of(raw))
    head = re.match(r"CEF:0\|((?:[^|\\]|\\[|\\])*)\|((?:[^|\\]|\\[|\\])*)\|((?:[^|\\]|\\[|\\])*)\|"
                    r"((?:[^|\\]|\\[|\\])*)\|((?:[^|\\]|\\[|\\])*)\|(\d+)\|", text)
    if not head or int(head[6]) > 10:
        raise ValueError("the header")
    rest, out = text[head.end():], {}
    while rest:
        pair = re.match(r"([A-Za-z0-9]+)=((?:[^=\\]|\\[=\\nr])*?)(?: (?=[A-Za-z0-9]+=)|$)", rest)
        if not pair:
            raise ValueError(f"the extension at {rest[:60]!r}")
        if pair[1] in out:
            raise ValueError(f"{pair[1]} twice")
        if pair[2] != pair[2].strip(" "):
            raise ValueError(f"{pair[1]}: blanks around the value")
        out[pair[1]] = re.sub(r"\\(.)", r"\1", pair[2])
        if len(out[pair[1]].encode()) > CEF_MOST.get(pair[1], 4000):
            raise ValueError(f"{pair[1]} is too long")
        rest = rest[pair.end():]
    for n in range(1, 7):
        if (f"cs{n}" in out) != (f"cs{n}Label" in out):
            raise ValueError(f"cs{n} without its label, or the other way")
    return out


def read_leef(raw):
    text = text_of(raw)
    parts = text.split("|", 6)
    if len(parts) != 7 or parts[0] != "LEEF:2.0" or parts[5] != "x09" or len(parts[4]) > 255:
        raise ValueError("the header")
    out = {}
    for pair in parts[6].split("\t"):
        key, equals, value = pair.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9]+", key) or key in out:
            raise ValueError(f"the pair {pair[:60]!r}")
        out[key] = no_control(value)
    if not re.fullmatch(r"\d{13}", out.get("devTime", "")) or not 1 <= int(out["sev"]) <= 10:
        raise ValueError("devTime, sev")
    return out


def read_syslog(raw):
    text = no_control(text_of(raw))
    head = re.match(r"<(\d{1,3})>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) "
                    r"([!-~]{1,32}) (?=\[)", text)
    if not head or int(head[1]) > 191:
        raise ValueError("the header")
    data = re.match(r"\[([!-<>-\\^-~]{1,32})((?: [!-<>-\\^-~]{1,32}=\"(?:[^\"\\\]]|\\[\"\\\]])*\")*)\] ", text[head.end():])
    if not data or not re.fullmatch(r"piaudit@\d+", data[1]):
        raise ValueError("the structured data")
    out = {}
    for name, value in re.findall(r" ([^ =]+)=\"((?:[^\"\\\]]|\\.)*)\"", data[2]):
        if name in out:
            raise ValueError(f"{name} twice")
        out[name] = re.sub(r"\\([\"\\\]])", r"\1", value)
    return out


def read_gelf(raw):
    event = json.loads(text_of(raw))
    if event.get("version") != "1.1" or not event.get("host") or not event.get("short_message"):
        raise ValueError("version, host, short_message")
    if not isinstance(event["timestamp"], float) or not 0 <= event["level"] <= 7:
        raise ValueError("timestamp, level")
    for key, value in event.items():
        if key == "_id" or (key.startswith("_") and not re.fullmatch(r"_[\w.-]+", key, re.ASCII)):
            raise ValueError(f"the key {key}")
        if key not in ("version", "host", "short_message", "timestamp", "level") and not key.startswith("_"):
            raise ValueError(f"the key {key}")
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError(f"{key}: neither text nor number")
    return event


def read_journald(raw):
    """An entry of the export format: NAME=VALUE lines, or NAME, a 64-bit length, and the value in that many bytes."""
    out = {}
    while raw:
        line, newline, raw = raw.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            size, = struct.unpack("<Q", raw[:8])
            value, raw = raw[8:8 + size], raw[8 + size:]
            if len(value) != size or raw[:1] != b"\n":
                raise ValueError(f"the length of {name}")
            raw = raw[1:]
        elif not newline:
            raise ValueError("an end without a newline")
        if not re.fullmatch(rb"[A-Z][A-Z0-9_]{0,63}|__REALTIME_TIMESTAMP", name):
            raise ValueError(f"the name {name}")
        out[name.decode()] = value.decode("utf-8", "replace")
    if not out.get("MESSAGE") or not re.fullmatch("[0-9a-f]{32}", out["MESSAGE_ID"]) or out["PRIORITY"] not in "01234567":
        raise ValueError("MESSAGE, MESSAGE_ID, PRIORITY")
    return out


def split_journald(raw):
    """Entries end with an empty line. A value with a length can contain an empty line too."""
    while raw:
        at = 0
        while raw[at:at + 1] != b"\n":
            line = raw[at:raw.index(b"\n", at)]
            at += len(line) + 1
            if b"=" not in line:
                at += 8 + struct.unpack("<Q", raw[at:at + 8])[0] + 1
        yield raw[:at]
        raw = raw[at + 1:]


READERS = {"json": read_json, "cef": read_cef, "leef": read_leef, "syslog": read_syslog, "gelf": read_gelf,
           "journald": read_journald}


def records(kind, raw):
    return list(split_journald(raw)) if kind == "journald" else raw.split(b"\n")[:-1]


def main():
    kind, limit = sys.argv[1], int(sys.argv[3])
    with open(sys.argv[2], "rb") as file:
        found = records(kind, file.read())
    for number, record in enumerate(found, 1):
        if len(record) > limit:
            sys.exit(f"record {number}: {len(record)} bytes, more than {limit}")
        try:
            READERS[kind](record)
        except (ValueError, KeyError, UnicodeDecodeError, struct.error) as wrong:
            sys.exit(f"record {number}: {wrong}")
    if not found:
        sys.exit("no record")
    print(len(found))


if __name__ == "__main__":
    main()
