"""Tables on disk: private, gone with the run, and a full disk is said."""

from __future__ import annotations

import pickle
import stat
from pathlib import Path

import polars as pl
import pytest

from fupin_cli import spool
from fupin_cli.errors import FupinError
from fupin_cli.spool import Spool


def test_small_tables_make_no_folder(tmp_path: Path) -> None:
    table = Spool(tmp_path).kept(pl.LazyFrame({"a": [2, 1]}), 2)
    assert (table.collect()["a"].to_list(), list(tmp_path.iterdir())) == ([2, 1], [])


def test_large_tables_lie_in_a_private_folder_until_the_spool_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "ROWS_IN_MEMORY", 1)
    own = Spool(tmp_path)
    table = own.kept(pl.LazyFrame({"a": [2, 1]}), 2)
    assert table.collect()["a"].to_list() == [2, 1]
    assert stat.S_IMODE(own.folder.stat().st_mode) == 0o700
    copy = pickle.loads(pickle.dumps(own))
    assert copy.folder == own.folder
    del copy
    assert own.folder.exists()
    del own
    assert list(tmp_path.iterdir()) == []


def test_table_that_cannot_be_written_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "ROWS_IN_MEMORY", 1)
    own = Spool(tmp_path)
    own.folder.rmdir()
    with pytest.raises(FupinError, match="暂存表写不下"):
        own.kept(pl.LazyFrame({"a": [2, 1]}), 2)
