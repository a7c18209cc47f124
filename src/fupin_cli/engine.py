"""Which dataframe engine runs the rules: polars (default), pandas with Arrow columns, or Spark.

Arrow-backed columns keep pandas' nulls apart from values, so comparisons with a missing value are missing on
all engines and the rules' results are identical.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw
import polars as pl

from fupin_cli.errors import FupinError
from fupin_cli.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from pyspark.sql import SparkSession

One = TypeVar("One")
Other = TypeVar("Other")
# Few partitions: on one machine every partition of a small join costs more than its rows.
SPARK_DEFAULTS = {
    "spark.master": "local[*]", "spark.app.name": "fupin", "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.session.timeZone": "UTC",
    "spark.driver.memory": "4g",
}  # fmt: skip


def lazy_frames(tables: Mapping[str, pl.LazyFrame], engine: str, spool: Spool | None = None) -> dict[str, nw.LazyFrame]:
    """Hand the tables to ``engine`` as narwhals lazy frames. Spark reads them as Parquet from ``spool``, where one is given."""
    return {name: lazy_frame(table, engine, spool) for name, table in tables.items()}


def lazy_frame(table: pl.LazyFrame, engine: str, spool: Spool | None = None) -> nw.LazyFrame:
    if engine == "spark":
        frame: nw.LazyFrame = nw.from_native(_spark_frame(table, spool))
        return frame
    if engine == "pandas":
        return nw.from_native(table.collect().to_pandas(use_pyarrow_extension_array=True)).lazy()
    return nw.from_native(table)


def _spark_frame(table: pl.LazyFrame, spool: Spool | None) -> Any:
    if spool is None:
        return start_spark().createDataFrame(table.collect().to_arrow())
    path = spool.place()
    table.sink_parquet(path, compression="snappy")
    return start_spark().read.parquet(str(path))


def each_on_spark(work: Callable[[One], Other], items: Sequence[One]) -> Iterator[Other]:
    """``work`` done for every item by the workers of Spark, results in the items' order.

    The workers need this package, and the items' files, and what ``work`` writes, under the same paths as here.
    """

    def batches(places: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for frame in places:
            done = [pickle.dumps(work(items[place])) for place in frame["place"]]
            yield frame.assign(done=done)

    places = start_spark().range(0, len(items), numPartitions=max(len(items), 1)).withColumnRenamed("id", "place")
    rows = places.mapInPandas(batches, "place long, done binary").collect()
    yield from (pickle.loads(row.done) for row in sorted(rows, key=lambda row: row.place))


@cache
def start_spark(master: str = "") -> SparkSession:
    """The session of ``spark-submit`` where it started us, else one on ``master``, else one on this machine (local mode)."""
    try:
        from pyspark import SparkConf
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise FupinError("没有安装 Spark 引擎", cure="pip install '.[spark]'，或用 --engine polars") from error
    if not master and (running := SparkSession.getActiveSession()) is not None:
        return running
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf()
    if master:
        conf.set("spark.master", master)
    for name, value in SPARK_DEFAULTS.items():
        conf.setIfMissing(name, value)
    try:
        session = SparkSession.builder.config(conf=conf).getOrCreate()
    except Exception as error:  # py4j and Java have no common kind of failure
        cure = "检查 --master 的地址" if master else "安装 Java 17 并设置 JAVA_HOME，或用 --engine polars"
        raise FupinError("Spark 没有启动", cure=cure) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def collected(frame: nw.LazyFrame) -> pl.DataFrame:
    """Run the plan; the result is small (findings only) and always polars."""
    native = frame.collect("polars").to_native()
    assert isinstance(native, pl.DataFrame)
    return native
