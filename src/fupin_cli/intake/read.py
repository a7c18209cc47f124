"""Read everything that arrived: files in threads, sheets to tables, months sorted out, rows numbered."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd

from fupin_cli.errors import InputError
from fupin_cli.fields.places import Places
from fupin_cli.intake.cache import Cache
from fupin_cli.intake.detect import TABLE_SUFFIXES, Format, detect, read_content
from fupin_cli.intake.encrypted import unlocked
from fupin_cli.intake.grids import Grid, text_grid, workbook_grids
from fupin_cli.intake.header import HeaderIndex
from fupin_cli.intake.model import FileReport, Intake
from fupin_cli.intake.months import keep_newest
from fupin_cli.intake.sheets import Part, Reader
from fupin_cli.intake.word import word_grids
from fupin_cli.schema.columns import canonical_columns
from fupin_cli.schema.kinds import Kind

THREADS = 4
Outcome = tuple[FileReport, tuple[Part, ...]]


def read_paths(
    paths: Sequence[Path],
    kinds: Mapping[str, Kind],
    places: Places,
    *,
    cache_dir: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Intake:
    """Read all files under ``paths``. Unreadable files and refused sheets are reported, never raised."""
    reader = Reader(kinds, HeaderIndex(kinds), places)
    cache = Cache(cache_dir, kinds, places) if cache_dir else None

    def read(source: tuple[Path, str]) -> Outcome:
        progress(source[1])
        return _read_file(*source, reader, cache)

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(read, _sources(paths)))
    parts = keep_newest([part for _, parts in outcomes for part in parts], kinds)
    intake = _gathered([report for report, _ in outcomes], parts, kinds)
    _complete_towns(intake.tables, places)
    return intake


def _sources(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Files with the name they are shown by: relative to the folder that was given."""
    seen = set()
    for path in paths:
        found = _files_below(path) if path.is_dir() else [path]
        for file in found:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            hidden = any(part.startswith((".", "~$")) for part in Path(name).parts)
            if not hidden and (place := os.path.realpath(file)) not in seen:
                seen.add(place)
                yield file, shown_name(name)


def _files_below(folder: Path) -> list[Path]:
    """Files, links that lead nowhere and folders that cannot be entered (reading these says so); no devices or pipes."""
    closed: list[Path] = []
    found = [
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename)))
        for name in names
    ]
    return sorted(closed + [path for path in found if path.is_file() or not path.exists()])


def shown_name(name: str) -> str:
    """A file's name without what would act on a terminal or cannot be written: controls, undecodable bytes."""
    return "".join(char if char.isprintable() or char == "\u3000" else "?" for char in name)


def _read_file(path: Path, name: str, reader: Reader, cache: Cache | None) -> Outcome:
    """One file: from the cache, or read. Whatever goes wrong becomes its report's ``error``."""
    try:
        data = read_content(path)
    except (OSError, InputError) as error:
        if isinstance(error, OSError):
            error = InputError("文件打不开，可能正被其他程序占用或没有权限", cure="关闭正在使用它的程序后重试")
        return FileReport(name, "", 0, error=_placed(name, error)), ()
    report = FileReport(name, hashlib.sha256(data).hexdigest(), len(data))
    try:
        clear = unlocked(data)
    except InputError as error:
        return replace(report, error=_placed(name, error)), ()
    if clear is not data:
        cache = None  # what came behind a password is not kept in clear
    if cache is not None and (parts := cache.get(report.sha256, name)) is not None:
        return report, parts
    try:
        format_ = detect(clear, path.suffix)
    except InputError as error:
        return replace(report, error=_placed(name, error)), ()
    if format_ == "other":
        return replace(report, skipped="不是表格文件，没有读取"), ()
    report, parts = _read_grids(report, clear, path, format_, reader)
    if cache is not None and report.error is None:
        cache.put(report.sha256, name, parts)
    return report, parts


def _read_grids(report: FileReport, data: bytes, path: Path, format_: Format, reader: Reader) -> Outcome:
    """All sheets of a file; those before a broken one are kept, and the file says what is broken."""
    parts: list[Part] = []
    try:
        for grid in _grids(data, path, format_):
            parts.append(reader.read(grid, report.name))
    except InputError as error:
        report = replace(report, error=_placed(report.name, error))
    unknown = all(part.report.state == "unrecognised" for part in parts)
    if unknown and report.error is None and path.suffix.lower() not in TABLE_SUFFIXES:
        return replace(report, skipped="没有认得的表，没有读取" if parts else "不是表格文件，没有读取"), ()
    return report, tuple(parts)


def _grids(data: bytes, path: Path, format_: Format) -> Iterable[Grid]:
    if format_ == "text":
        return [text_grid(data, path.stem)]
    return word_grids(data) if format_ == "word" else workbook_grids(data)


def file_grids(path: Path) -> list[Grid]:
    """Every sheet of one table file. Raises :class:`InputError` with file and cure when it is none or cannot be read."""
    try:
        data = unlocked(read_content(path))
        format_ = detect(data, path.suffix)
        if format_ == "other":
            raise InputError("不是表格文件", cure="换成 .xlsx、.xls 或 .csv 文件")
        return list(_grids(data, path, format_))
    except OSError as error:
        raise InputError("文件打不开", where=path.name, cure="检查路径，关闭正在使用它的程序后重试") from error
    except InputError as error:
        raise InputError(
            error.message, where=f"{path.name}!{error.where}" if error.where else path.name, cure=error.cure
        ) from error


def _placed(name: str, error: InputError) -> str:
    where = f"{name}!{error.where}" if error.where else name
    return str(InputError(error.message, where=where, cure=error.cure))


def _complete_towns(tables: Mapping[str, pd.DataFrame], places: Places) -> None:
    """A town written short (灵山) is the one the other tables write in full (灵山镇)."""
    columns = [table["town"] for table in tables.values() if "town" in table.columns]
    written = {town for column in columns for town in column.dropna().unique()}
    known = places.with_towns(sorted(town for town in written if town.endswith(("镇", "乡", "街道"))))
    renamed = {town: full for town in written if (full := known.town(town)) and full != town}
    for table in tables.values():
        if renamed and "town" in table.columns:
            table["town"] = table["town"].replace(renamed)


def _gathered(files: Sequence[FileReport], parts: Sequence[Part], kinds: Mapping[str, Kind]) -> Intake:
    """Stack the parts of a kind and number the rows, in the order of files and sheets."""
    by_kind: dict[str, list[pd.DataFrame]] = {}
    for part in parts:
        if part.table is not None and len(part.table):
            by_kind.setdefault(part.report.kind, []).append(part.table)
        elif part.table is not None:
            by_kind.setdefault(part.report.kind, [])
    tables: dict[str, pd.DataFrame] = {}
    number = 0
    for kind_id in sorted(by_kind):
        schema = canonical_columns(kinds[kind_id])
        frames = [frame.reindex(columns=[name for name in schema if name != "rid"]) for frame in by_kind[kind_id]]
        table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(schema))
        table["rid"] = pd.Series(range(number + 1, number + 1 + len(table)), dtype="int64[pyarrow]")
        number += len(table)
        tables[kind_id] = table[list(schema)] if frames else table.astype(schema)
    by_file: dict[str, list[Part]] = {}
    for part in parts:
        by_file.setdefault(part.report.file, []).append(part)
    reports = tuple(replace(file, sheets=tuple(part.report for part in by_file.get(file.name, ()))) for file in files)
    used = [part for part in parts if part.table is not None]
    return Intake(
        reports, tables,
        tuple(row for part in used for row in part.quarantine),
        tuple(note for part in used for note in part.notes),
    )  # fmt: skip
