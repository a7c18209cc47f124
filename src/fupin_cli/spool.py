"""Tables too large for memory (暂存表): Parquet files in a private folder that goes when the run does.

What fits stays in memory, so that a district's month never touches the disk; behind this module nobody knows which.
"""

from __future__ import annotations

import tempfile
import uuid
from functools import cached_property
from pathlib import Path

import polars as pl

from fupin_cli.errors import FupinError

# Tables of more rows are kept on disk; a text file of more rows is read in slices of this size.
ROWS_IN_MEMORY = 100_000


class Spool:
    """A folder that only its user can read, made when something is kept in it.

    It is removed with the object that made it, not with copies in other processes.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """``parent``: where there is room; by default the system's folder for temporary files."""
        self._parent = parent

    @cached_property
    def _own(self) -> tempfile.TemporaryDirectory[str]:
        if self._parent is not None:
            self._parent.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix=".fupin-", dir=self._parent, ignore_cleanup_errors=True)

    @property
    def folder(self) -> Path:
        return Path(self._own.name)

    def __reduce__(self) -> tuple[object, ...]:
        return _Shared, (self.folder,)

    def place(self) -> Path:
        """A path in the folder that nothing has been written to."""
        return self.folder / f"{uuid.uuid4().hex}.parquet"

    def kept(self, frame: pl.LazyFrame, rows: int) -> pl.LazyFrame:
        """``frame`` computed once, its rows in their order: in memory, or on disk where it is of more than ``ROWS_IN_MEMORY``.

        Raises FupinError where the disk is full: a run without a whole table would find too little.
        """
        if rows <= ROWS_IN_MEMORY:
            return frame.collect().lazy()
        path = self.place()
        try:
            frame.sink_parquet(path, compression="lz4")
        except (OSError, pl.exceptions.ComputeError) as error:
            raise FupinError(
                "暂存表写不下，磁盘可能已满", where=str(self.folder), cure="腾出磁盘空间后重新运行"
            ) from error
        return pl.scan_parquet(path)


class _Shared(Spool):
    """The same folder in another process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        return self._folder
