"""Conditions (情形) that hold for households, from the linked tables and the ledger: one row a fact."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from fupin_cli.engine import collected
from fupin_cli.lights.table import OLD_FINDING, OPEN_FINDING, UNSTABLE_WORK, WATCHED_RISK
from fupin_cli.policy import Policy
from fupin_cli.rules.book import REGISTER, WATCHLIST, Book
from fupin_cli.rules.catalogue import SEVERE
from fupin_cli.rules.register_rows import ABLE
from fupin_cli.rules.risks import GRAVE_MEMBER, LOW_INCOME, MEDICAL_BURDEN, red_facts
from fupin_cli.rules.watch_rows import RISKS

HOME = "household_id"
FACTS = {HOME: pl.String, "condition": pl.String, "detail": pl.String, "place": pl.String}
STATUS = "employment.status"
Tables = Mapping[str, pl.LazyFrame]


def conditions(book: Book, tables: Tables, living: pl.DataFrame, open_findings: pl.DataFrame) -> pl.DataFrame:
    """All facts (columns ``FACTS``), what each tells in its rows' order. ``tables``: as linked; ``living``: living
    persons of register and watchlist; ``open_findings``: those of the ledger that are not yet closed."""
    homes = living.filter(pl.col(HOME).is_not_null()).select("pid", "labour", home=HOME)
    found = [
        _risks(book, tables),
        _short_work(book, tables, homes),
        _watched_risks(book.policy, tables, homes),
        _findings(book, open_findings),
    ]
    return pl.concat([_facts(frame) for frame in found]).unique(maintain_order=True)


def _facts(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(kind).fill_null("") for name, kind in FACTS.items())


def _risks(book: Book, tables: Tables) -> pl.DataFrame:
    """The four risks of a red light, each with what exactly: who, how much."""
    facts = collected(red_facts(book)).unique().sort("rid", HOME, "reason")
    rows = facts.join(_rows(tables, facts["rid"]), on="rid", how="left", maintain_order="left")
    details = {
        GRAVE_MEMBER: pl.col("name").unique(maintain_order=True).str.join("、"),
        MEDICAL_BURDEN: pl.format("个人自付{}元", _figure(pl.col("self_paid").sum())),
        LOW_INCOME: pl.format("人均纯收入{}元", _figure(pl.col("net_income").min())),
    }
    found = []
    for (condition,), group in rows.group_by("reason", maintain_order=True):
        detail = details.get(str(condition), pl.lit(""))
        found.append(
            group.group_by(HOME, maintain_order=True).agg(
                condition=pl.lit(condition),
                detail=detail,
                place=pl.col("place").unique(maintain_order=True).str.join("; "),
            )
        )
    return pl.concat([pl.DataFrame(schema=FACTS), *map(_facts, found)])


def _rows(tables: Tables, rids: pl.Series) -> pl.DataFrame:
    """``rid``, ``place`` and, where the source has them, ``name``, ``self_paid``, ``net_income`` of these rows."""
    kinds = {"name": pl.String, "self_paid": pl.Float64, "net_income": pl.Float64}
    frames = []
    for table in tables.values():
        own = [
            pl.col(name).cast(kind) if name in table.collect_schema() else pl.lit(None, kind).alias(name)
            for name, kind in kinds.items()
        ]
        frames.append(table.filter(pl.col("rid").is_in(rids.implode())).select("rid", _place(), *own))
    return pl.concat(pl.collect_all(frames))


def _figure(number: pl.Expr) -> pl.Expr:
    return number.round(2).cast(pl.String).str.strip_suffix(".0")


def _place() -> pl.Expr:
    return pl.format("{}!{}!{}", "source_file", "source_sheet", "source_row").alias("place")


def _short_work(book: Book, tables: Tables, homes: pl.DataFrame) -> pl.DataFrame:
    """就业不稳: the register's longest work of a member is short, or all able members the bureau lists are out of work."""
    able = homes.filter(pl.col("labour").is_in(ABLE)).select("pid", "home")
    limit = book.policy["light_work_months"]
    working = tables[REGISTER].filter(pl.col("work_months") > 0).collect()
    working = working.join(homes.select("pid", "home"), on="pid", how="inner", maintain_order="left")
    longest = working.group_by("home", maintain_order=True).agg(
        months=pl.col("work_months").max(), place=_place().str.join("; "), detail=pl.lit("")
    )
    short = longest.filter(pl.col("months") < limit).with_columns(
        detail=pl.format("全户务工最长{}个月", pl.col("months").cast(pl.Int64, strict=False))
    )
    found = [short.select(pl.col("home").alias(HOME), "detail", "place")]
    if STATUS in tables:
        listed = tables[STATUS].filter(pl.col("employed").is_not_null()).collect()
        listed = listed.join(able, on="pid", how="inner", maintain_order="left")
        listed = listed.group_by("home", maintain_order=True).agg(
            idle=~pl.col("employed").any(), detail=pl.format("{}未就业", pl.col("name").unique(maintain_order=True).str.join("、")),
            place=_place().str.join("; "),
        )  # fmt: skip
        found.append(listed.filter("idle").select(pl.col("home").alias(HOME), "detail", "place"))
    return pl.concat(found).with_columns(condition=pl.lit(UNSTABLE_WORK))


def _watched_risks(policy: Policy, tables: Tables, homes: pl.DataFrame) -> pl.DataFrame:
    """Risks of the watchlist that are not said to be cleared, and what the policy's words make of them."""
    if WATCHLIST not in tables:
        return pl.DataFrame(schema=FACTS)
    rows = tables[WATCHLIST].filter(~pl.col("risk_cleared").fill_null(False)).collect()
    rows = rows.join(homes.select("pid", "home"), on="pid", how="inner", maintain_order="left").select(
        _place(), detail=pl.concat_str(RISKS, separator="、", ignore_nulls=True), household_id="home"
    )
    rows = rows.filter(pl.col("detail") != "").unique([HOME, "detail"], keep="first", maintain_order=True)
    words = {WATCHED_RISK: ".", **policy["light_risks"]}
    return pl.concat(
        [
            rows.filter(pl.col("detail").str.contains(word)).with_columns(condition=pl.lit(condition))
            for condition, word in words.items()
        ]
    )


def _findings(book: Book, findings: pl.DataFrame) -> pl.DataFrame:
    """Open severe findings, and among those of the policy's categories the old ones."""
    severe = findings.filter((pl.col("severity") == SEVERE) & (pl.col(HOME) != ""))
    age = pl.lit(book.as_of) - pl.col("first_as_of").str.to_date()
    facts = severe.select(
        HOME, "category", detail=pl.format("{} {}，{}发现", "rule_id", "title", "first_as_of"), place=pl.col("evidence"),
        days=age.dt.total_days(),
    )  # fmt: skip
    old = facts.filter(
        (pl.col("days") > book.policy["light_finding_days"])
        & pl.col("category").is_in(book.policy["light_finding_categories"])
    )
    return pl.concat(
        [
            facts.with_columns(condition=pl.lit(OPEN_FINDING)),
            old.with_columns(
                condition=pl.lit(OLD_FINDING), detail=pl.format("{}，已{}天", "detail", pl.col("days").cast(pl.String))
            ),
        ]
    )
