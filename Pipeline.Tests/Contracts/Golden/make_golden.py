#!/usr/bin/env python3
"""Makes the golden files beside it without any of our code: Python's zlib and struct, and Pillow where a name says so.

    python3 make_golden.py        (Debian: apt-get install python3-pil)
"""
import struct
import zlib
from io import BytesIO

from PIL import Image

SIZE = 32


def colour(x, y):
    return (x * 8 & 255, y * 8 & 255, (x ^ y) * 8 & 255)


def grey(x, y):
    return x * 5 + y * 3 & 255


PALETTE = [(i * 16, 255 - i * 16, i * 7) for i in range(16)]

SAMPLES = {                                   # colour type: one pixel's samples
    0: lambda x, y: (grey(x, y),),
    2: colour,
    3: lambda x, y: ((x + y) % 16,),
    4: lambda x, y: (grey(x, y), x * y & 255),
    6: lambda x, y: colour(x, y) + (x * y & 255,),
}


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(kind, row, above, step):
    out = bytearray([kind])
    for i, value in enumerate(row):
        a = row[i - step] if i >= step else 0
        b = above[i]
        c = above[i - step] if i >= step else 0
        out.append(value - (0, a, b, (a + b) // 2, paeth(a, b, c))[kind] & 255)
    return bytes(out)


def png(colour_type, filter_of_row, idat_bytes=None):
    sample = SAMPLES[colour_type]
    step = len(sample(0, 0))
    above, body = bytes(SIZE * step), b""
    for y in range(SIZE):
        row = bytes(v for x in range(SIZE) for v in sample(x, y))
        body += filtered(filter_of_row(y), row, above, step)
        above = row
    packed = zlib.compress(body, 9)
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, colour_type, 0, 0, 0))
    if colour_type == 3:
        out += chunk(b"PLTE", b"".join(bytes(c) for c in PALETTE))
    out += chunk(b"tEXt", b"Comment\0made by hand")
    size = idat_bytes or len(packed)
    for i in range(0, len(packed), size):
        out += chunk(b"IDAT", packed[i:i + size])
    return out + chunk(b"IEND", b"")


def pillow(mode, pixel):
    image = Image.new(mode, (SIZE, SIZE))
    image.putdata([pixel(x, y) for y in range(SIZE) for x in range(SIZE)])
    out = BytesIO()
    image.save(out, "png")
    return out.getvalue()


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def text(field, value):
    data = value if isinstance(value, bytes) else value.encode()
    return varint(field << 3 | 2) + varint(len(data)) + data


def number(field, value):
    return varint(field << 3) + varint(value)


def fixed64(field, value):
    return varint(field << 3 | 1) + struct.pack("<q", value)


CAPTURED = 1_750_000_000_123_456_700
ID = "0197d3a0-0000-7000-8000-000000000001"
RAW = bytes(v for y in range(SIZE) for x in range(SIZE) for v in colour(x, y))

IMAGE = (text(1, ID) + text(2, "camera-1") + text(3, "ship") + fixed64(4, CAPTURED)
         + number(5, SIZE) + number(6, SIZE) + number(7, 1) + text(8, RAW))
PROBABILITIES = [0.0, 0.75, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25, 0.0]
RESULT = (text(1, ID) + text(2, "camera-1") + text(3, "ship") + text(4, "car") + b"\x2d" + struct.pack("<f", 0.75)
          + text(6, struct.pack("<10f", *PROBABILITIES)) + text(7, "resnet20-cifar10") + text(8, "1")
          + number(9, 700_000) + fixed64(10, CAPTURED) + fixed64(11, CAPTURED + 5_000_000))

FILES = {
    "rgb-none.png": png(2, lambda y: 0),
    "rgb-sub.png": png(2, lambda y: 1),
    "rgb-up.png": png(2, lambda y: 2),
    "rgb-average.png": png(2, lambda y: 3),
    "rgb-paeth.png": png(2, lambda y: 4),
    "rgb-many-idat.png": png(2, lambda y: y % 5, idat_bytes=7),
    "rgba.png": png(6, lambda y: y % 5),
    "grey.png": png(0, lambda y: y % 5),
    "grey-alpha.png": png(4, lambda y: y % 5),
    "palette.png": png(3, lambda y: 0),
    "rgb-pillow.png": pillow("RGB", colour),
    "rgba-pillow.png": pillow("RGBA", SAMPLES[6]),
    "grey-pillow.png": pillow("L", grey),
    "captured-image.bin": IMAGE,
    "inference-result.bin": RESULT,
}

if __name__ == "__main__":
    for name, data in FILES.items():
        with open(name, "wb") as file:
            file.write(data)
