"""INF: 农村基础设施 (三（五）)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import Book
from fupin_cli.rules.catalogue import GENERAL, part, rule, rule_in_parts
from fupin_cli.rules.reads import value
from fupin_cli.rules.terms import known

INFRASTRUCTURE = "village.infrastructure"
VILLAGE = value(INFRASTRUCTURE, "village")
ROADS, NETWORKS = "区住建局、{town}", "区科工信局、{town}"


def _villages(book: Book) -> nw.LazyFrame:
    """Villages (行政村) as subjects; ``where``: the natural village (自然村) of the row, if it names one."""
    rows = book.of_villages(INFRASTRUCTURE).filter(known("village"))
    return rows.with_columns(
        subject=nw.concat_str(nw.coalesce(nw.col("town"), nw.lit("")), nw.col("village")),
        name=nw.col("village"),
        where=nw.coalesce(nw.col("natural_village"), nw.lit("全村")),
    )


def _found(rows: nw.LazyFrame, *columns: str, **more: nw.Expr) -> nw.LazyFrame:
    return rows.select("subject", "name", "town", "village", "rid", "where", *columns, **more)


@rule(
    "INF-01", "自然村未通硬化路", severity=GENERAL, subject="village", owner=ROADS, basis="工作要点 三（五）1",
    reads=(VILLAGE, value(INFRASTRUCTURE, "hard_road")),
    each="{where}", detail="{town}{name}：{each}没有通硬化路，应列入计划尽快通达。",
    register_value="应全部通硬化路", source_value="是否通硬化路：否（{each}）",
)  # fmt: skip
def inf_01(book: Book) -> nw.LazyFrame:
    """村级基础设施表中是否通硬化路为否；一个行政村的几个自然村合为一个问题。"""
    return _found(_villages(book).filter(~nw.col("hard_road")))


@rule(
    "INF-02", "户均配变容量不足", severity=GENERAL, subject="village", owner=NETWORKS, basis="工作要点 三（五）2",
    reads=(VILLAGE, value(INFRASTRUCTURE, "kva_per_household")),
    each="{where}{kva_per_household}千伏安", detail="{town}{name}户均配变容量：{each}，低于{wanted}千伏安，应改造电网。",
    register_value="应达到{wanted}千伏安", source_value="户均配变容量：{each}",
)  # fmt: skip
def inf_02(book: Book) -> nw.LazyFrame:
    """户均配变容量低于2.1千伏安（见政策参数）；一个行政村的几个自然村合为一个问题。"""
    wanted = book.policy["kva_per_household"]
    return _found(
        _villages(book).filter(nw.col("kva_per_household") < wanted), "kva_per_household", wanted=nw.lit(wanted)
    )


INF_03 = rule_in_parts(
    "INF-03", "光纤/4G未覆盖", """光纤或4G是否覆盖为否；一个行政村的几个自然村合为一个问题。""",
    severity=GENERAL, subject="village", owner=NETWORKS, basis="工作要点 三（五）3", reads=(VILLAGE,),
    each="{where}{fault}", detail="{town}{name}：{each}，应列入计划尽快覆盖。",
    register_value="光纤、4G网络应覆盖", source_value="{each}",
)  # fmt: skip


@part(INF_03, "光纤", reads=(value(INFRASTRUCTURE, "fibre"),))
def without_fibre(book: Book) -> nw.LazyFrame:
    return _found(_villages(book).filter(~nw.col("fibre")), fault=nw.lit("没有通光纤"))


@part(INF_03, "4G", reads=(value(INFRASTRUCTURE, "mobile_4g"),))
def without_mobile(book: Book) -> nw.LazyFrame:
    return _found(_villages(book).filter(~nw.col("mobile_4g")), fault=nw.lit("没有4G网络"))


RULES = (inf_01, inf_02, INF_03)
