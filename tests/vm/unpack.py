#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""unpack.py - extracts the kernel from a Linux boot image: unpack.py VMLINUZ VMLINUX

The emulator enters an uncompressed kernel directly (PVH), so the guest need not unpack it slowly.
"""
import lzma
import subprocess
import sys
import zlib

SETUP_SECTORS = 0x1F1    # offsets in the x86 boot protocol: sectors of real-mode code after the first
PAYLOAD_OFFSET = 0x248   # the compressed kernel, from the end of those sectors
PAYLOAD_LENGTH = 0x24C
SIZE_BYTES = 4           # the kernel's build appends a size, which is not part of the compressed data

PACKED = (
    (b"\x1f\x8b", lambda data: zlib.decompressobj(31).decompress(data)),
    (b"\xfd7zXZ\0", lambda data: lzma.LZMADecompressor().decompress(data)),
    (b"\x28\xb5\x2f\xfd", lambda data: through(["zstd", "-dcq"], data[:-SIZE_BYTES])),
    (b"\x02\x21\x4c\x18", lambda data: through(["lz4", "-dcq"], data[:-SIZE_BYTES])),
)


def through(command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def number(image, offset):
    return int.from_bytes(image[offset:offset + 4], "little")


def unpack(image):
    start = (image[SETUP_SECTORS] + 1) * 512 + number(image, PAYLOAD_OFFSET)
    payload = image[start:start + number(image, PAYLOAD_LENGTH)]
    for magic, way in PACKED:
        if payload.startswith(magic):
            return way(payload)
    sys.exit(f"unpack: a compression that is not known: {payload[:6].hex()}")


def main(source, target):
    with open(source, "rb") as file:
        kernel = unpack(file.read())
    if not kernel.startswith(b"\x7fELF"):
        sys.exit(f"unpack: {source}: no kernel inside")
    with open(target, "wb") as file:
        file.write(kernel)


if __name__ == "__main__":
    main(*sys.argv[1:3])
