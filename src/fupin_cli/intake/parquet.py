"""Parquet files, of databases and of Spark, to slices of a grid: the names of the columns are the header row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fupin_cli.errors import InputError
from fupin_cli.intake.archive import MAX_CELLS, MAX_COLUMNS
from fupin_cli.intake.grids import MAX_SLICE, Grid, reading
from fupin_cli.intake.parquet_pages import CURE, RowGroup, check_pages, footer_of, row_groups
from fupin_cli.spool import ROWS_IN_MEMORY

# A file whose columns repeat one value holds very many rows in few bytes; tables of people do not.
MOST_ROWS, ROWS_A_BYTE, CELLS_A_BYTE = 1_000_000, 4, 20
# Texts of a slice, in bytes as if none was shared.
MAX_TEXT = 150_000_000
MAX_GROUP = 8_000_000_000
# Numbers of fixed width have at most 32 bytes, digests 64.
MAX_FIXED = 64


def parquet_slices(path: Path, sheet: str) -> Iterator[Grid]:
    """The file's rows as slices of one sheet; raises InputError for a damaged file."""
    with reading(cure=CURE):
        footer = footer_of(path)
        facts = pq.read_metadata(path)
        _refuse_columns(facts)
        _refuse_nested(facts.schema.to_arrow_schema())
        groups = row_groups(footer)
        _refuse_swollen(facts, groups, path.stat().st_size)
        filled = [place for place, group in enumerate(groups) if group.rows]
        differences = check_pages(path, [groups[place] for place in filled])
        file = pq.ParquetFile(path, metadata=facts, read_dictionary=_shared(facts.schema, groups), pre_buffer=False)
        names = np.array([file.schema_arrow.names], dtype=object)
        most, rows = min(ROWS_IN_MEMORY, MAX_SLICE // max(facts.num_columns, 1)), 0
        at_once = min(most, max(MAX_TEXT // max(differences, 1), 1))
        for batches in _gathered(file.iter_batches(at_once, filled), most):
            cells = np.concatenate([_rows(batch) for batch in batches])
            yield Grid(sheet, cells if rows else np.concatenate([names, cells]), above=rows + (rows > 0))
            rows += len(cells)
            del batches, cells  # before the next are read
        if rows != facts.num_rows:
            raise InputError(f"声明有 {facts.num_rows} 行，只读到 {rows} 行", cure=CURE)
        if not rows:
            yield Grid(sheet, names)


def _refuse_columns(facts: Any) -> None:
    if facts.num_columns > MAX_COLUMNS:
        raise InputError(f"有 {facts.num_columns} 列，超过 {MAX_COLUMNS} 列", cure="只导出需要的列")
    if any(facts.schema.column(place).length > MAX_FIXED for place in range(facts.num_columns)):
        raise InputError("有的列里是定长的大段数据，不是表格", cure="去掉这些列后重新导出")


def _refuse_swollen(facts: Any, groups: list[RowGroup], size: int) -> None:
    columns, rows = facts.num_columns, facts.num_rows
    too_many = rows > max(MOST_ROWS, ROWS_A_BYTE * size) or rows * columns > max(MAX_CELLS, CELLS_A_BYTE * size)
    agreed = sum(group.rows for group in groups) == rows and all(
        len(group.chunks) == columns and {chunk.values for chunk in group.chunks} == {group.rows}
        for group in groups
        if group.rows
    )
    if too_many or not agreed:
        raise InputError("声明的行数或列数与文件内容不相称，没有读取", cure="检查来源后重新导出")
    if max((group.size for group in groups), default=0) > MAX_GROUP:
        raise InputError("行组过大，读入会占满内存", cure="导出时把行组（row group）设为 100 万行以内")


def _refuse_nested(schema: pa.Schema) -> None:
    for field in schema:
        kind = field.type.storage_type if isinstance(field.type, pa.BaseExtensionType) else field.type
        if pa.types.is_nested(kind):
            raise InputError(f"“{field.name[:50]}”一列里是列表或结构，不是表格", cure="展开成普通的列后重新导出")


def _shared(schema: Any, groups: list[RowGroup]) -> list[str]:
    """Columns in which a text that is repeated a million times is held once; the reader cannot where texts are differences."""
    return [
        column.path
        for place, column in enumerate(map(schema.column, range(len(schema))))
        if column.physical_type == "BYTE_ARRAY" and not any(group.chunks[place].delta for group in groups if group.rows)
    ]


def _gathered(batches: Iterable[pa.RecordBatch], most: int) -> Iterator[list[pa.RecordBatch]]:
    """Batches of about ``most`` rows together: with every row group one ends, however small."""
    held: list[pa.RecordBatch] = []
    rows = texts = 0
    for batch in batches:
        held.append(batch)
        rows, texts = rows + batch.num_rows, texts + sum(map(_text_size, batch.columns))
        if texts > MAX_TEXT:
            raise InputError("单元格里的文字过长，读入会占满内存", cure="去掉大段文字的列后重新导出")
        if 2 * rows > most:
            yield held
            held, rows, texts = [], 0, 0
    if held:
        yield held


def _text_size(column: pa.Array) -> int:
    """Bytes of the texts as if none was shared."""
    shared = pa.types.is_dictionary(column.type)
    texts = column.dictionary if shared else column
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type) or pa.types.is_binary(texts.type)
            or pa.types.is_large_binary(texts.type)):  # fmt: skip
        return 0
    lengths = pc.binary_length(texts)
    return int(pc.sum(lengths.take(column.indices) if shared else lengths).as_py() or 0)


def _rows(batch: pa.RecordBatch) -> np.ndarray[Any, Any]:
    cells = np.empty((batch.num_rows, batch.num_columns), dtype=object)
    for place, column in enumerate(batch.columns):
        cells[:, place] = _cells(column)
    return cells


def _cells(column: pa.Array) -> np.ndarray[Any, Any]:
    """Cells as a workbook's reader gives them: texts, numbers, dates; blank is the empty text."""
    if pa.types.is_dictionary(column.type):
        if len(column.dictionary) > len(column):
            return _cells(column.dictionary_decode())
        values = np.append(_cells(column.dictionary), "")
        return np.asarray(values[column.indices.fill_null(len(values) - 1).to_numpy()])
    if pa.types.is_timestamp(column.type) and column.type.tz:
        column = _in_beijing(column)
    cells = np.empty(len(column), dtype=object)
    cells[:] = [_plain(value) for value in column.to_pylist()]
    return cells


def _in_beijing(column: pa.Array) -> pa.Array:
    """An instant as the clocks here showed it."""
    series = pl.Series(pl.from_arrow(column.cast(pa.timestamp(column.type.unit, "UTC"))))
    return series.dt.convert_time_zone("Asia/Shanghai").dt.replace_time_zone(None).to_arrow()


def _plain(value: object) -> object:
    if value is None or value != value:  # not a number
        return ""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return value.isoformat() if isinstance(value, dt.time) else value
