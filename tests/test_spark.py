"""The Spark engine: the same findings as polars. Runs where pyspark is installed (``pip install '.[spark]'``) and Java is."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from fupin_cli import engine
from fupin_cli.errors import FupinError
from fupin_cli.run import compare
from fupin_cli.workspace import Workspace

SAMPLE = Path(__file__).parent.parent / "sample_data" / "2020-06"


needs_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None, reason="no pyspark or no Java"
)


@needs_spark
def test_sample_month_gives_the_same_findings_on_spark() -> None:
    def run(name: str) -> tuple[pl.DataFrame, object]:
        done = compare([SAMPLE], date(2020, 6, 30), Workspace(root=SAMPLE), engine=name)
        return done.findings, done.checks

    expected, checks = run("polars")
    findings, same_checks = run("spark")
    assert same_checks == checks
    assert findings.to_dicts() == expected.to_dicts()


@needs_spark
def test_workers_of_spark_keep_the_order_of_what_they_are_given() -> None:
    assert list(engine.each_on_spark(str.upper, ["b", "a", "c"])) == ["B", "A", "C"]
    assert list(engine.each_on_spark(str.upper, [])) == []


def test_missing_spark_is_a_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    engine.start_spark.cache_clear()
    with pytest.raises(FupinError, match="没有安装 Spark"):
        engine.lazy_frame(pl.LazyFrame({"rid": [1]}), "spark")
