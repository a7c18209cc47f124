"""Whole columns of valid ID numbers at once (批量校验): what is not plainly valid is left to ``parse_id``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
AROUND = " \t\r\n'"  # which no reading of the number or of its text keeps
EPOCH = 719_163  # date(1970, 1, 1).toordinal()
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]
Marks = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class ValidIds:
    """``columns`` of the valid numbers; ``others`` are the places of the rest; ``order`` puts both together."""

    columns: dict[str, pa.Array]
    others: Numbers
    order: pa.Array

    def merged(self, name: str, rest: pa.Array) -> pa.Array:
        """One column: the valid ones, and ``rest`` in the places of the others."""
        return pa.concat_arrays([self.columns[name], rest]).take(self.order)


def split_valid(cells: Sequence[object]) -> ValidIds:
    """Texts of 17 digits and a digit or X are valid with a possible birth date and the right check character."""
    texts = pa.array([cell if isinstance(cell, str) else None for cell in cells], pa.large_string())
    texts = pc.ascii_trim(texts, characters=AROUND)
    places = np.flatnonzero(pc.fill_null(pc.binary_length(texts), 0).to_numpy() == 18)
    texts = texts.take(pa.array(places))
    codes = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8, count=18 * len(places)).reshape(-1, 18)
    codes = np.where(codes == ord("x"), np.uint8(ord("X")), codes)
    digits = codes[:, :17] - np.uint8(ord("0"))
    good = (digits <= 9).all(axis=1) & (digits[:, :6] != 9).any(axis=1)  # 999999: not registered
    good &= CHECK[digits.astype(np.int32) @ WEIGHTS % 11] == codes[:, 17]
    birth = digits[:, 6:14].astype(np.int64) @ (10 ** np.arange(7, -1, -1))
    day, possible = _days(birth)
    good &= possible
    others = np.setdiff1d(np.arange(len(cells)), places[good], assume_unique=True)
    order = np.argsort(np.concatenate([places[good], others]), kind="stable")
    columns = {"raw": texts.filter(pa.array(good)), **_columns(codes[good], birth[good], day[good])}
    return ValidIds(columns, others, pa.array(order))


def _days(birth: Numbers) -> tuple[Numbers, Marks]:
    """(ordinals, whether it is a date from 1900 to 2099) of yyyymmdd numbers."""
    year, month, day = birth // 10_000, birth // 100 % 100, birth % 100
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    possible = (year >= 1900) & (year <= 2099) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= after - first)
    return first + day - 1 + EPOCH, possible


def _columns(codes: Bytes, birth: Numbers, day: Numbers) -> dict[str, pa.Array]:
    count = len(codes)
    offsets = np.arange(0, 18 * (count + 1), 18, dtype=np.int64)
    text = pa.Array.from_buffers(pa.large_string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(codes.tobytes())])
    sexes = pa.array(["女", "男"], pa.large_string()).take(pa.array(codes[:, 16] & 1))
    status = pa.array(["valid"], pa.large_string()).take(pa.array(np.zeros(count, dtype=np.int64)))
    return {
        "text": text,
        "status": status,
        "key": text,
        "birth": pa.array(birth),
        "birth_day": pa.array(day),
        "sex": sexes,
    }
