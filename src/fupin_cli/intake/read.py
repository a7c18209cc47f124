"""Read everything that arrived: files in threads, sheets to tables, months sorted out, rows numbered."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from fupin_cli.errors import FupinError, InputError
from fupin_cli.fields.places import Places
from fupin_cli.intake.cache import Cache
from fupin_cli.intake.copies import one_of_each_list, one_of_identical
from fupin_cli.intake.detect import TABLE_SUFFIXES, Content, Format, detect, look_at
from fupin_cli.intake.encrypted import unlocked
from fupin_cli.intake.grids import Grid, joined, text_slices, workbook_grids
from fupin_cli.intake.header import HeaderIndex
from fupin_cli.intake.model import FileReport, Intake, Part
from fupin_cli.intake.months import keep_newest
from fupin_cli.intake.own import apart, mark_of, written_here
from fupin_cli.intake.parquet import parquet_slices
from fupin_cli.intake.plain_text import text_file
from fupin_cli.intake.sheets import Reader
from fupin_cli.intake.word import word_grids
from fupin_cli.own import OUTPUT
from fupin_cli.schema.kinds import Kind
from fupin_cli.schema.polars_types import polars_schema
from fupin_cli.spool import ROWS_IN_MEMORY, Spool

# Inputs of so many bytes are worth processes of their own, which take a second to start.
LARGE = 30_000_000
THREADS = 4
Source = tuple[Path, str]
Outcome = tuple[FileReport, tuple[Part, ...]]
Each = Callable[[Callable[[Source], Outcome], Sequence[Source]], Iterable[Outcome]]


def read_paths(
    paths: Sequence[Path],
    kinds: Mapping[str, Kind],
    places: Places,
    *,
    cache_dir: Path | None = None,
    each: Each | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Intake:
    """Read all files under ``paths``. Unreadable files and refused sheets are reported, never raised.

    ``each``: who reads the files, and in which order; by default threads or (large inputs) one process a core.
    """
    spool = Spool(cache_dir)
    cache = Cache(cache_dir, kinds, places) if cache_dir else None
    read = partial(_read_file, reader=Reader(kinds, HeaderIndex(kinds), places), cache=cache, spool=spool)
    outcomes = []
    for outcome in (each or _each)(read, list(_sources(paths))):
        progress(outcome[0].name)
        outcomes.append(outcome)
    files = [report for report, _ in outcomes]
    parts = one_of_identical([part for _, parts in outcomes for part in parts], files)
    parts = one_of_each_list(keep_newest(parts, kinds), kinds)
    return _gathered(files, parts, kinds, places, spool)


def _each(read: Callable[[Source], Outcome], sources: Sequence[Source]) -> Iterator[Outcome]:
    """Outcomes in the order of the sources: read in threads, or (large inputs) in one process a core."""
    if sum(_size(path) for path, _ in sources) < LARGE or len(sources) < 2:
        with ThreadPoolExecutor(THREADS) as pool:
            yield from pool.map(read, sources)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, _ready, (read,)) as workers:
        # the longest first, so that no core is left alone with it at the end
        order = sorted(sources, key=lambda source: -_size(source[0]))
        waiting = {source: workers.submit(_read_here, source) for source in order}
        try:
            yield from (waiting[source].result() for source in sources)
        except BrokenProcessPool as error:
            raise FupinError(
                "读取时有进程被系统终止，可能是内存不足", cure="关闭其他程序，或分批放入文件后重试"
            ) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


_read_in_this_process: Callable[[Source], Outcome] | None = None


def _ready(read: Callable[[Source], Outcome]) -> None:
    global _read_in_this_process
    _read_in_this_process = read


def _read_here(source: Source) -> Outcome:
    assert _read_in_this_process is not None
    return _read_in_this_process(source)


def _sources(paths: Iterable[Path]) -> Iterator[Source]:
    """Files with the name they are shown by: relative to the folder that was given."""
    seen = set()
    for path in paths:
        found = _files_below(path) if path.is_dir() else [path]
        for file in found:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            if not _hidden(Path(name), path.name) and (place := os.path.realpath(file)) not in seen:
                seen.add(place)
                yield file, shown_name(name)


def _hidden(name: Path, given: str) -> bool:
    """What programs leave beside the data: Excel's locks, and what Spark writes into a folder of Parquet files."""
    folders = [given, *name.parts[:-1]]
    by_spark = next((place for place, folder in enumerate(folders) if folder.endswith(".parquet")), len(folders))
    return any(part.startswith((".", "~$")) for part in name.parts) or any(
        part.startswith("_") and "=" not in part for part in name.parts[by_spark:]
    )


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


def _read_file(source: Source, reader: Reader, cache: Cache | None, spool: Spool | None) -> Outcome:
    """One file: from the cache, or read. Whatever goes wrong becomes its report's ``error``."""
    path, name = source
    try:
        content = look_at(path)
    except (OSError, InputError) as error:
        return FileReport(name, "", 0, error=_placed(name, _said(error))), ()
    report = FileReport(name, content.sha256, content.size)
    try:
        data = content.head if content.in_pieces else content.whole()
        clear = unlocked(data)
        if clear is not data:
            cache = spool = None  # what came behind a password is not kept in clear
        mark = mark_of(clear)
        if mark == OUTPUT:
            return report, (written_here(name),)
        if cache is not None and (parts := cache.get(report.sha256, name)) is not None:
            return report, apart(parts, mark)
        format_ = detect(clear, path.suffix)
    except (OSError, InputError) as error:
        return replace(report, error=_placed(name, _said(error))), ()
    if format_ == "other":
        return replace(report, skipped="不是表格文件，没有读取"), ()
    report, parts = _read_sheets(report, content, _sheets(content, clear, format_), reader, spool)
    if cache is not None and report.error is None:
        cache.put(report.sha256, name, parts)
    return report, apart(parts, mark)


def _said(error: OSError | InputError) -> InputError:
    if isinstance(error, InputError):
        return error
    return InputError("文件打不开，可能正被其他程序占用或没有权限", cure="关闭正在使用它的程序后重试")


def _read_sheets(
    report: FileReport, content: Content, sheets: Iterable[Iterable[Grid]], reader: Reader, spool: Spool | None
) -> Outcome:
    """All sheets of a file; those before a broken one are kept, and the file says what is broken."""
    parts: list[Part] = []
    try:
        for slices in sheets:
            parts.append(reader.read(slices, report.name, spool))
    except (OSError, InputError) as error:
        report = replace(report, error=_placed(report.name, _said(error)))
    unknown = all(part.report.state == "unrecognised" for part in parts)
    if unknown and report.error is None and content.path.suffix.lower() not in TABLE_SUFFIXES:
        return replace(report, skipped="没有认得的表，没有读取" if parts else "不是表格文件，没有读取"), ()
    return report, tuple(parts)


def _sheets(content: Content, data: bytes, format_: Format) -> Iterator[Iterable[Grid]]:
    """The sheets of a file, each in slices; ``data``: what is behind its password, where it is not read in pieces."""
    name = content.path.stem
    match format_:
        case "text":
            yield text_slices(text_file(content.open), name)
        case "parquet":
            yield parquet_slices(content.path, name)
        case _:
            yield from ([grid] for grid in (word_grids(data) if format_ == "word" else workbook_grids(data)))


def file_grids(path: Path) -> list[Grid]:
    """Every sheet of one table file. Raises :class:`InputError` with file and cure when it is none or cannot be read."""
    try:
        content = look_at(path)
        data = unlocked(content.head if content.in_pieces else content.whole())
        format_ = detect(data, path.suffix)
        if format_ == "other":
            raise InputError("不是表格文件", cure="换成 .xlsx、.xls 或 .csv 文件")
        return [joined(slices) for slices in _sheets(content, data, format_)]
    except OSError as error:
        raise InputError("文件打不开", where=path.name, cure="检查路径，关闭正在使用它的程序后重试") from error
    except InputError as error:
        raise InputError(
            error.message, where=f"{path.name}!{error.where}" if error.where else path.name, cure=error.cure
        ) from error


def _placed(name: str, error: InputError) -> str:
    where = f"{name}!{error.where}" if error.where else name
    return str(InputError(error.message, where=where, cure=error.cure))


def _complete_towns(tables: dict[str, pl.LazyFrame], places: Places) -> dict[str, pl.LazyFrame]:
    """A town written short (灵山) is the one the other tables write in full (灵山镇)."""
    named = {kind for kind, table in tables.items() if "town" in table.collect_schema()}
    columns = [tables[kind].select(pl.col("town").drop_nulls().unique()) for kind in sorted(named)]
    written = {town for frame in pl.collect_all(columns) for town in frame["town"]}
    known = places.with_towns(sorted(town for town in written if town.endswith(("镇", "乡", "街道"))))
    renamed = {town: full for town in written if (full := known.town(town)) and full != town}
    return {
        kind: table.with_columns(pl.col("town").replace(renamed)) if renamed and kind in named else table
        for kind, table in tables.items()
    }


def _gathered(
    files: Sequence[FileReport], parts: Sequence[Part], kinds: Mapping[str, Kind], places: Places, spool: Spool
) -> Intake:
    """Stack the parts of a kind and number the rows, in the order of files and sheets."""
    by_kind: dict[str, list[Part]] = {}
    by_file: dict[str, list[Part]] = {}
    for part in parts:
        by_file.setdefault(part.report.file, []).append(part)
        if part.table is not None:
            by_kind.setdefault(part.report.kind, []).append(part)
    tables: dict[str, pl.LazyFrame] = {}
    rows: dict[str, int] = {}
    for kind_id, own in sorted(by_kind.items()):
        stacked = pl.concat([part.table for part in own if part.table is not None])
        numbered = stacked.with_row_index("rid", 1 + sum(rows.values())).with_columns(pl.col("rid").cast(pl.Int64))
        rows[kind_id] = sum(part.report.rows.loaded for part in own)
        tables[kind_id] = numbered.select(list(polars_schema(kinds[kind_id])))
    tables = _complete_towns(tables, places)
    # large ones are laid down once more, as a whole, when their records are linked
    tables = {kind: table if rows[kind] > ROWS_IN_MEMORY else table.collect().lazy() for kind, table in tables.items()}
    reports = tuple(replace(file, sheets=tuple(part.report for part in by_file.get(file.name, ()))) for file in files)
    used = [part for part in parts if part.table is not None]
    return Intake(
        reports, tables,
        tuple(row for part in used for row in part.quarantine),
        tuple(note for part in used for note in part.notes),
        spool,
    )  # fmt: skip
