#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# proxy.py - `proxy.py FOLDER PORT`: an HTTP proxy that resolves every name to this machine, at PORT. FOLDER/port
# contains its own port. FOLDER/log has a line for each request: its method and its target.
import http.client
import http.server
import os
import select
import socket
import sys

folder, behind = sys.argv[1], int(sys.argv[2])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def note(self):
        with open(folder + "/log", "a") as out:
            out.write("%s %s\n" % (self.command, self.path))

    def do_POST(self):
        self.note()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        there = http.client.HTTPConnection("127.0.0.1", behind)
        there.request("POST", "/" + self.path.split("/", 3)[3], body)
        answer = there.getresponse().read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_CONNECT(self):
        self.note()
        self.close_connection = True
        there = socket.create_connection(("127.0.0.1", behind))
        self.send_response(200)
        self.end_headers()
        while True:
            for end in select.select([self.connection, there], [], [])[0]:
                data = end.recv(65536)
                if not data:
                    return
                (there if end is self.connection else self.connection).sendall(data)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(folder + "/port.new", "w") as out:
    out.write(str(server.server_address[1]))
os.rename(folder + "/port.new", folder + "/port")
server.serve_forever()
