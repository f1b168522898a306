#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""manager.py - stands in for systemd: manager.py SOCKET FILE. It receives the messages of a service on SOCKET and
appends a line to FILE for each WATCHDOG=1: the seconds since the one before. It ends with its parent, or by a signal."""
import os
import socket
import sys
import time

address, path = sys.argv[1:]
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver, open(path, "w", encoding="ascii") as out:
    receiver.bind(address)
    last = None
    while True:
        if b"WATCHDOG=1" not in receiver.recv(4096).split(b"\n"):
            continue
        now = time.monotonic()
        if last is not None:
            print(f"{now - last:.3f}", file=out, flush=True)
        last = now
