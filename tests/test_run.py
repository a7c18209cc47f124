"""What a run says besides its findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from fupin_cli.intake.model import Intake
from fupin_cli.linkage.link import Linked
from fupin_cli.run import Run
from fupin_cli.spool import Spool
from fupin_cli.workspace import Workspace


def test_records_whose_key_is_too_common_are_a_remark_on_data_quality() -> None:
    linked = Linked(pl.LazyFrame(), {}, pl.DataFrame(), {"姓名、村": 1200}, Spool())
    run = Run(date(2020, 6, 30), Workspace(Path()), {}, Intake(), linked, pl.DataFrame(), (), "polars", {})
    (note,) = run.notes
    assert (note.count, note.message) == (1200, "1,200条记录的“姓名、村”与50人以上相同，说明不了是谁，没有据此核对身份")
    assert run.summary(()).notes == run.notes
