"""What a specimen of the corpus is, and how valid bytes are spoilt."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from dataclasses import dataclass

ERROR, EITHER = "error", "either"


@dataclass(frozen=True)
class Specimen:
    """One file. ``outcome``: rows that must be loaded, ``ERROR``, or ``EITHER`` (an error, or all rows accounted for)."""

    name: str
    data: bytes
    outcome: int | str = ERROR


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a zipped workbook, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def spoil(data: bytes, chance: random.Random) -> bytes:
    """``data`` with one to four changes: bytes flipped, cut out, doubled, or a number made huge."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(max(len(spoilt), 1))
        match chance.randrange(5):
            case 0:
                spoilt[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del spoilt[place : place + chance.randint(1, 40)]
            case 2:
                spoilt[place:place] = spoilt[place : place + chance.randint(1, 200)]
            case 3:
                spoilt[place : place + 4] = chance.choice(
                    (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80")
                )
            case _:
                digits = [found.span() for found in re.finditer(rb"\d+", spoilt)]
                if digits:
                    first, last = chance.choice(digits)
                    spoilt[first:last] = chance.choice(
                        (b"4294967295", b"-1", b"0", b"1048576", b"99999999999999999999")
                    )
    return bytes(spoilt)


def packed(data: bytes, place: int, form: str, *values: int) -> bytes:
    """``data`` with ``values`` written over it at ``place``."""
    spoilt = bytearray(data)
    struct.pack_into(form, spoilt, place, *values)
    return bytes(spoilt)
