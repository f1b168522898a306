#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""break_program.py - makes a kernel program that every verifier refuses: break_program.py PIAUDIT COPY PROGRAM...

COPY is PIAUDIT, but each PROGRAM in its kernel halves begins with a read of a register that was never written. The
halves are ELF files, embedded unchanged in the binary.
"""
import struct
import sys

EM_BPF = 247
SHT_SYMTAB = 2
BAD = struct.pack("<BBhi", 0xBF, 0x90, 0, 0)  # r0 = r9


def sections(data, base):
    """Offset, size, link and type of each section of the ELF file at base (little-endian, 64 bits)."""
    offset, = struct.unpack_from("<Q", data, base + 40)
    size, count, _ = struct.unpack_from("<HHH", data, base + 58)
    for i in range(count):
        at = base + offset + i * size
        kind, = struct.unpack_from("<I", data, at + 4)
        start, length = struct.unpack_from("<QQ", data, at + 24)
        link, = struct.unpack_from("<I", data, at + 40)
        yield kind, start, length, link


def halves(data):
    at = data.find(b"\x7fELF", 1)
    while at >= 0:
        if struct.unpack_from("<H", data, at + 18)[0] == EM_BPF:
            yield at
        at = data.find(b"\x7fELF", at + 1)


def places(data, base, name):
    """The file offset of the function called name."""
    table = list(sections(data, base))
    for kind, start, length, link in table:
        if kind != SHT_SYMTAB:
            continue
        strings = base + table[link][1]
        for at in range(base + start, base + start + length, 24):
            text, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", data, at)
            end = data.index(b"\0", strings + text)
            if data[strings + text:end].decode() == name:
                yield base + table[section][1] + value


def main(source, target, *names):
    data = bytearray(open(source, "rb").read())
    for name in names:
        found = [at for base in halves(data) for at in places(data, base, name)]
        if not found:
            sys.exit(f"break_program: {source}: no program {name}")
        for at in found:
            data[at:at + len(BAD)] = BAD
    with open(target, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
