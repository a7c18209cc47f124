"""Parquet files, of databases and of Spark, to slices of a grid: the names of the columns are the header row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fupin_cli.errors import InputError
from fupin_cli.intake.archive import MAX_COLUMNS
from fupin_cli.intake.grids import Grid, reading
from fupin_cli.spool import ROWS_IN_MEMORY

# A file whose columns repeat one value holds very many rows in few bytes; tables of people do not.
MOST_ROWS, ROWS_A_BYTE = 1_000_000, 4
MAX_GROUP = 8_000_000_000


def parquet_slices(path: Path, sheet: str) -> Iterator[Grid]:
    """The file's rows as slices of one sheet; raises InputError for a damaged file."""
    with reading():
        file = pq.ParquetFile(path)
        _refuse_swollen(file.metadata, path.stat().st_size)
        names = np.array([file.schema_arrow.names], dtype=object)
        if any(pa.types.is_nested(field.type) for field in file.schema_arrow):
            raise InputError("有的列里是列表或结构，不是表格", cure="展开成普通的列后重新导出")
        above = 0
        for batch in file.iter_batches(ROWS_IN_MEMORY):
            cells = np.empty((batch.num_rows, batch.num_columns), dtype=object)
            for place, column in enumerate(batch.columns):
                cells[:, place] = _cells(column)
            yield Grid(sheet, cells if above else np.concatenate([names, cells]), above=above)
            above += batch.num_rows + (not above)
        if not above:
            yield Grid(sheet, names)


def _refuse_swollen(facts: Any, size: int) -> None:
    groups = [facts.row_group(place).total_byte_size for place in range(facts.num_row_groups)]
    if facts.num_columns > MAX_COLUMNS or facts.num_rows > max(MOST_ROWS, ROWS_A_BYTE * size):
        raise InputError("声明的行数或列数与文件大小不相称，没有读取", cure="检查来源后重新导出")
    if max(groups, default=0) > MAX_GROUP:
        raise InputError("行组过大，读入会占满内存", cure="导出时把行组（row group）设为 100 万行以内")


def _cells(column: pa.Array) -> np.ndarray[Any, Any]:
    """Cells as a workbook's reader gives them: texts, numbers, dates; blank is the empty text."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    cells = np.empty(len(column), dtype=object)
    cells[:] = column.to_pylist()
    if column.null_count:
        cells[~column.is_valid().to_numpy(zero_copy_only=False)] = ""
    kind = column.type
    if (
        pa.types.is_decimal(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_time(kind)
    ):
        cells[:] = [_plain(value) for value in cells]
    return cells


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return value.isoformat() if isinstance(value, dt.time) else value
