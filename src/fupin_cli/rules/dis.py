"""DIS: 残疾人保障 (owner 区残联; 三（七）2)."""

from __future__ import annotations

import narwhals as nw

from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, rule
from fupin_cli.rules.register_rows import not_exported
from fupin_cli.rules.terms import empty, known, shown, without

BUREAU = "区残联"
CLAUSE = "工作要点 三（七）2"
CERTIFICATES, ALLOWANCES, TEKUN = "disability.certificates", "disability.allowances", "civil.tekun"


def _people(book: Book) -> nw.LazyFrame:
    said = shown("health_raw")
    return book.people.select("pid", "health", "poverty_type", subject="pid", said_health=said)


def _in_force(book: Book) -> nw.LazyFrame:
    """Certificates not expired at ``as_of`` (no date: in force)."""
    valid = (nw.col("expires_on_last") >= book.as_of_day) | nw.col("expires_on_last").is_null()
    rows = book.linked(CERTIFICATES).filter(valid)
    said = nw.coalesce(nw.concat_str(nw.col("grade").cast(nw.String), nw.lit("级")), nw.lit("等级未填"))
    return rows.select("pid", "rid", "grade", level=said, category=nw.coalesce(nw.col("kind"), nw.lit("类别未填")))


def _without_allowance(book: Book, holders: nw.LazyFrame, allowance: str) -> nw.LazyFrame:
    """Holders with no such allowance (an unreadable kind or status counts as one)."""
    rows = book.linked(ALLOWANCES).filter(nw.col("active") | nw.col("active").is_null())
    rows = rows.filter((nw.col("allowance") == allowance) | nw.col("allowance").is_null())
    return without(_people(book).join(holders, on="pid", how="inner"), rows)


def _tekun_untold(book: Book) -> tuple[str, ...]:
    """Without 特困名单 the register says who is 特困, if it has the column."""
    return () if book.arrived(TEKUN) else not_exported(REGISTER, "poverty_type")(book)


@rule(
    "DIS-01", "持证残疾人台账健康状况不符", severity=GENERAL, subject="person", owner=f"{{town}}、{BUREAU}", basis=CLAUSE, needs=(CERTIFICATES,),
    columns={REGISTER: ("health",)},
    detail="{name}台账健康状况为{said_health}，持证残疾人名单：{theirs}，请核实后更正。",
    register_value="健康状况：{said_health}", source_value="持证残疾人名单：{theirs}",
)  # fmt: skip
def dis_01(book: Book) -> nw.LazyFrame:
    """持有有效残疾人证而台账健康状况没有残疾，或台账登记残疾而没有有效残疾人证。"""
    people = _people(book).filter(known("health"))
    disabled = nw.col("health").str.contains("残疾")
    valid = _in_force(book)
    listed = people.filter(~disabled).join(valid, on="pid", how="inner")
    listed = listed.select("subject", "said_health", "rid", theirs=nw.concat_str("category", "level"))
    absent = without(people.filter(disabled), valid)
    absent = absent.select("subject", "said_health", rid="subject", theirs=nw.lit("没有有效证件"))
    return nw.concat([listed, absent])


@rule(
    "DIS-02", "困难残疾人生活补贴应享未享", severity=GENERAL, subject="person", owner=f"{BUREAU}、区民政局", basis=CLAUSE,
    needs=(CERTIFICATES, ALLOWANCES),
    lacking=_tekun_untold,
    detail="{name}持有有效残疾人证（{category}{level}），没有享受困难残疾人生活补贴，也不是特困人员，应核实后发放。",
    register_value="健康状况：{said_health}", source_value="残疾人证：{category}{level}；两项补贴：无生活补贴",
)  # fmt: skip
def dis_02(book: Book) -> nw.LazyFrame:
    """持有有效残疾人证，等级在当地发放范围内（living_allowance_grades），没有困难残疾人生活补贴，且不是特困人员；等级空白的，只在各级都发时查。"""
    grades = book.policy["living_allowance_grades"]
    covered = nw.col("grade").is_in(grades).fill_null(False)
    if {1, 2, 3, 4} <= set(grades):
        covered = covered | nw.col("grade").is_null()
    found = _without_allowance(book, _in_force(book).filter(covered), "困难残疾人生活补贴")
    if book.arrived(TEKUN):
        rows = book.linked(TEKUN)
        return without(found, rows.filter(nw.col("active") | nw.col("active").is_null()))
    if _tekun_untold(book):
        return empty(found)
    return found.filter((nw.col("poverty_type") != "特困") | nw.col("poverty_type").is_null())


@rule(
    "DIS-03", "重度残疾人护理补贴应享未享", severity=SEVERE, subject="person", owner=f"{BUREAU}、区民政局", basis=CLAUSE,
    needs=(CERTIFICATES, ALLOWANCES),
    columns={CERTIFICATES: ("grade",)},
    detail="{name}持有有效残疾人证（{category}{level}），没有享受重度残疾人护理补贴，应核实后发放。",
    register_value="健康状况：{said_health}", source_value="残疾人证：{category}{level}；两项补贴：无护理补贴",
)  # fmt: skip
def dis_03(book: Book) -> nw.LazyFrame:
    """持有有效的一级、二级残疾人证，没有重度残疾人护理补贴。"""
    return _without_allowance(book, _in_force(book).filter(nw.col("grade") <= 2), "重度残疾人护理补贴")
