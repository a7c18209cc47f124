"""Which dataframe engine runs the rules: polars (default), pandas with Arrow columns, or Spark.

Arrow-backed columns keep pandas' nulls apart from values, so comparisons with a missing value are missing on
all engines and the rules' results are identical.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from fupin_cli.errors import FupinError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyspark.sql import SparkSession

# Few partitions: on one machine every partition of a small join costs more than its rows.
SPARK_DEFAULTS = {
    "spark.master": "local[*]", "spark.app.name": "fupin", "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.session.timeZone": "UTC",
}  # fmt: skip


def lazy_frames(tables: Mapping[str, pl.LazyFrame], engine: str) -> dict[str, nw.LazyFrame]:
    """Hand the tables to ``engine`` as narwhals lazy frames."""
    return {name: lazy_frame(table, engine) for name, table in tables.items()}


def lazy_frame(table: pl.LazyFrame, engine: str) -> nw.LazyFrame:
    if engine == "spark":
        frame: nw.LazyFrame = nw.from_native(_session().createDataFrame(table.collect().to_arrow()))
        return frame
    if engine == "pandas":
        return nw.from_native(table.collect().to_pandas(use_pyarrow_extension_array=True)).lazy()
    return nw.from_native(table)


@cache
def _session() -> SparkSession:
    """The session of ``spark-submit`` where it started us, else one on this machine (local mode)."""
    try:
        from pyspark import SparkConf
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise FupinError("没有安装 Spark 引擎", cure="pip install '.[spark]'，或用 --engine polars") from error
    conf = SparkConf()
    for name, value in SPARK_DEFAULTS.items():
        conf.setIfMissing(name, value)
    try:
        session = SparkSession.builder.config(conf=conf).getOrCreate()
    except Exception as error:  # py4j and Java have no common kind of failure
        raise FupinError("Spark 没有启动", cure="安装 Java 17 并设置 JAVA_HOME，或用 --engine polars") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def collected(frame: nw.LazyFrame) -> pl.DataFrame:
    """Run the plan; the result is small (findings only) and always polars."""
    native = frame.collect("polars").to_native()
    assert isinstance(native, pl.DataFrame)
    return native
