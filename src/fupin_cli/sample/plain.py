"""Plain tables (平表): one CSV or Parquet file a source, header once, to which a district is written piece by piece."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_cli.sample.exports import Line, cells_of
from fupin_cli.sample.layouts import LAYOUTS, Layout
from fupin_cli.sample.mess import Mess

PlainFormat = Literal["csv", "parquet"]
LINKS = "truth-links.jsonl.gz"


@dataclass(frozen=True)
class Piece:
    """Some rows of one source as they will stand in the file, and whom each is about."""

    table: bytes | pa.Table
    persons: list[str | None]


def piece_of(layout: Layout, lines: Sequence[Line], mess: Mess, form: PlainFormat) -> Piece:
    """These rows, ready to be appended."""
    plain = replace(layout, columns={name: header for name, header in layout.columns.items() if name != "row"})
    rows = [cells_of(plain, line, 0, mess) for line in lines]
    table = _csv(rows) if form == "csv" else _arrow(_headers(layout), rows)
    return Piece(table, [line.person for line in lines])


def _headers(layout: Layout) -> list[str]:
    """One row of headers without the running number: of headers in groups the lower ones."""
    headers = [header for name, header in layout.columns.items() if name != "row"]
    return [header.rpartition("/")[2] for header in headers] if "groups" in layout.habits else headers


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode()


def _arrow(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> pa.Table:
    return pa.table({header: _column(cells) for header, cells in zip(headers, zip(*rows, strict=True), strict=True)})


def _column(cells: Sequence[Any]) -> pa.Array:
    """Numbers where all cells that are filled are numbers, else texts."""
    filled = [None if cell == "" else cell for cell in cells]
    kinds = {type(cell) for cell in filled if cell is not None}
    if kinds and kinds <= {int, float}:
        return pa.array(filled, pa.float64() if float in kinds else pa.int64())
    return pa.array([cell if cell is None else str(cell) for cell in filled], pa.string())


@dataclass
class PlainFiles:
    """The files of a folder while they grow, and the links of their rows."""

    folder: Path
    form: PlainFormat
    loaded: dict[str, int] = field(default_factory=dict)
    _open: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> PlainFiles:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._links = gzip.GzipFile(self.folder / LINKS, "wb", compresslevel=1, mtime=0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._open.values():
            file.close()
        self._links.close()

    def append(self, pieces: dict[str, Piece]) -> None:
        """Append rows of each source kind, in the order of the layouts."""
        for layout in LAYOUTS:
            if layout.kind in pieces:
                self._append(layout, pieces[layout.kind])

    def _append(self, layout: Layout, piece: Piece) -> None:
        name = str(Path(layout.file).with_suffix(f".{self.form}"))
        sheet = Path(name).stem
        place = f"{name}!{sheet}"
        if self.form == "csv":
            self._append_csv(name, layout, piece.table)
        else:
            self._append_parquet(name, piece.table)
        first = self.loaded.get(place, 0) + 2
        self.loaded[place] = self.loaded.get(place, 0) + len(piece.persons)
        links = {row: person for row, person in enumerate(piece.persons, start=first) if person is not None}
        if links:
            text = json.dumps({"file": name, "sheet": sheet, "links": links}, ensure_ascii=False)
            self._links.write(f"{text}\n".encode())

    def _append_csv(self, name: str, layout: Layout, text: bytes) -> None:
        if name not in self._open:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = (self.folder / name).open("wb")
            self._open[name].write(b"\xef\xbb\xbf" + _csv([_headers(layout)]))
        self._open[name].write(text)

    def _append_parquet(self, name: str, table: pa.Table) -> None:
        if name not in self._open:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = pq.ParquetWriter(self.folder / name, table.schema, compression="zstd")
        self._open[name].write_table(table.cast(self._open[name].schema))
