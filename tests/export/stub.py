#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# stub.py - `stub.py FOLDER MOOD...`: receivers of HTTP bodies, as strict as the real ones, with their failures as
# moods. FOLDER/port contains the port, FOLDER/ids the received ids, FOLDER/log a line for each request. STUB_TLS=NAME
# in the environment turns on TLS with NAME.pem and NAME.key.
import http.server
import json
import os
import re
import socket
import ssl
import struct
import sys
import threading
import time

folder, moods = sys.argv[1], sys.argv[2:] or ["ok"]
lock = threading.Lock()
served = 0
pending = {}  # acknowledgements of Splunk: number of queries for each
ID = re.compile(r"01a208d6-53b4-791e-a077-[0-9a-f]{12}")
POISON = "01a208d6-53b4-791e-a077-000000000063"  # finding 99


def keep(ids):
    with lock, open(folder + "/ids", "a") as out:
        out.write("".join(i + "\n" for i in ids))


def ids_of(values):
    return [ID.search(json.dumps(v)).group() for v in values]


def elastic(body, mood):
    lines = body.split("\n")
    assert lines.pop() == "", "the last line does not end"
    items, taken = [], []
    for action, document in zip(lines[::2], lines[1::2], strict=True):
        head = json.loads(action)["create"]
        assert set(head) == {"_index", "_id"} and head["_index"]
        assert json.loads(document)["event"]["id"] == head["_id"]
        status = 201
        if mood == "items" and int(head["_id"][-2:], 16) % 3 == len(items) % 3:
            status = 429
        if mood == "poison" and head["_id"] == POISON:
            status = 400
        if status == 201:
            taken.append(head["_id"])
        item = {"status": status}
        if status == 400:
            item["error"] = {"type": "mapper_parsing_exception", "reason": "no such field"}
        items.append({"create": item})
    keep(taken)
    return {"took": 1, "errors": mood in ("items", "poison"), "items": items}


def splunk(body, mood):
    decoder, at, events = json.JSONDecoder(), 0, []
    while at < len(body):
        event, at = decoder.raw_decode(body, at)
        assert isinstance(event["time"], float) and isinstance(event["event"], dict)
        events.append(event)
        at += len(body[at:]) - len(body[at:].lstrip())
    keep(ids_of(events))
    with lock:
        pending[len(pending)] = 0
        return {"text": "Success", "code": 0, "ackId": len(pending) - 1}


def acks(body, mood):
    answer = {}
    for i in json.loads(body)["acks"]:
        pending[i] += 1
        answer[str(i)] = mood != "forgets" and pending[i] > 1
    return {"acks": answer}


def loki(body, mood):
    values = []
    for stream in json.loads(body)["streams"]:
        assert set(stream["stream"]) == {"job", "host", "verdict"}
        for stamp, line in stream["values"]:
            assert isinstance(stamp, str) and stamp.isdigit()
            values.append(json.loads(line))
    ids = ids_of(values)
    if mood == "poison" and POISON in ids:
        return None
    keep(ids)
    return {}


def otlp(body, mood):
    records = json.loads(body)["resourceLogs"]
    logs = [r for group in records for scope in group["scopeLogs"] for r in scope["logRecords"]]
    assert all(isinstance(r["timeUnixNano"], str) for r in logs)
    keep(ids_of(logs))
    return {"partialSuccess": {}}


def one(body, mood):
    message = json.loads(body)
    assert message["version"] == "1.1" and "_id" not in message
    keep(ids_of([message]))
    return {}


def lines(body, mood):
    keep(ids_of([json.loads(line) for line in body.splitlines()]))
    return {}


PATHS = {
    "/_bulk": elastic,
    "/services/collector/event": splunk,
    "/services/collector/ack": acks,
    "/loki/api/v1/push": loki,
    "/v1/logs": otlp,
    "/gelf": one,
    "/lines": lines,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer

    def log_message(self, *args):
        pass

    def answer(self, status, text, **headers):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
        self.wfile = open(os.devnull, "wb")

    def do_POST(self):
        global served
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path = self.path.split("?")[0]
        with lock:
            mood = moods[served % len(moods)]
            served += 1
            with open(folder + "/log", "a") as out:
                out.write("%.3f %s %s %d %s\n" % (time.time(), path, mood, len(body),
                                                  self.headers.get("Authorization", "-")))
        if mood in ("429", "503"):
            return self.answer(int(mood), "busy")
        if mood == "later":
            return self.answer(503, "busy", Retry_After="2")
        if mood == "slow":
            time.sleep(0.2)
        if mood == "reset":
            return self.reset()
        if mood == "413" and body.count(ID.pattern[:8]) and len(set(ID.findall(body))) > 50:
            return self.answer(413, "too large")
        try:
            result = PATHS[path](body, mood)
        except Exception as error:
            with lock, open(folder + "/wrong", "a") as out:
                out.write("%s: %r: %.300s\n" % (path, error, body))
            return self.answer(400, "bad body: %r" % error)
        if mood == "garbage":
            return self.answer(200, "<html>welcome</html>")
        if mood == "silent":  # stored, but not acknowledged
            return self.reset()
        if result is None:
            return self.answer(400, "one of them is not taken")
        return self.answer(200, json.dumps(result))


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client):
        pass


port = 0
if os.path.exists(folder + "/port"):  # after a restart, reuse the port
    with open(folder + "/port") as given:
        port = int(given.read())
server = Server(("127.0.0.1", port), Handler)
if "STUB_TLS" in os.environ:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.environ["STUB_TLS"] + ".pem", os.environ["STUB_TLS"] + ".key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(folder + "/port.new", "w") as out:
    out.write(str(server.server_address[1]))
os.rename(folder + "/port.new", folder + "/port")
server.serve_forever()
