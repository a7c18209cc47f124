"""DIS: 残疾人保障 (owner 区残联; 三（七）2)."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from fupin_cli.rules.book import REGISTER, Book
from fupin_cli.rules.catalogue import GENERAL, SEVERE, Part, part, rule, rule_in_parts
from fupin_cli.rules.reads import arrived, header, value
from fupin_cli.rules.terms import among, in_parts, known, shown, without

BUREAU = "区残联"
CLAUSE = "工作要点 三（七）2"
CERTIFICATES, ALLOWANCES, TEKUN = "disability.certificates", "disability.allowances", "civil.tekun"
GRADES = (1, 2, 3, 4)
NO_ALLOWANCE, SOME_ALLOWANCE, ONCE_TEKUN = "没有任何补贴记录的", "有别的或已停的补贴的", "已停止特困供养的"
WHICH_ALLOWANCE = (value(ALLOWANCES, "allowance"), header(ALLOWANCES, "status"))


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
    holders = without(_people(book).join(holders, on="pid", how="inner"), rows)
    return in_parts(holders, book.linked(ALLOWANCES), SOME_ALLOWANCE, NO_ALLOWANCE)


def _by_allowance(_: Book) -> tuple[Part, ...]:
    """Who never had any allowance needs no telling which it was, and whether it runs."""
    return Part(NO_ALLOWANCE, ()), Part(SOME_ALLOWANCE, WHICH_ALLOWANCE)


DIS_01 = rule_in_parts(
    "DIS-01", "持证残疾人台账健康状况不符", """持有有效残疾人证而台账健康状况没有残疾，或台账登记残疾而没有有效残疾人证。""",
    severity=GENERAL, subject="person", owner=f"{{town}}、{BUREAU}", basis=CLAUSE,
    reads=(value(REGISTER, "health"), arrived(CERTIFICATES)),
    detail="{name}台账健康状况为{said_health}，持证残疾人名单：{theirs}，请核实后更正。",
    register_value="健康状况：{said_health}", source_value="持证残疾人名单：{theirs}",
)  # fmt: skip


@part(DIS_01, "持证而台账没有残疾", reads=(header(CERTIFICATES, "expires_on"),))
def holders_not_registered(book: Book) -> nw.LazyFrame:
    others = _people(book).filter(known("health") & ~_disabled())
    listed = others.join(_in_force(book), on="pid", how="inner")
    return listed.select("subject", "said_health", "rid", theirs=nw.concat_str("category", "level"))


@part(DIS_01, "台账残疾而没有任何证件")
def registered_without_certificate(book: Book) -> nw.LazyFrame:
    return _without_certificate(without(_people(book).filter(_disabled()), book.linked(CERTIFICATES)))


@part(DIS_01, "台账残疾而证件都已过期", reads=(header(CERTIFICATES, "expires_on"),))
def registered_with_expired_certificates(book: Book) -> nw.LazyFrame:
    once = among(_people(book).filter(_disabled()), book.linked(CERTIFICATES))
    return _without_certificate(without(once, _in_force(book)))


def _disabled() -> nw.Expr:
    return nw.col("health").str.contains("残疾")


def _without_certificate(people: nw.LazyFrame) -> nw.LazyFrame:
    return people.select("subject", "said_health", rid="subject", theirs=nw.lit("没有有效证件"))


def _by_allowance_and_tekun(book: Book) -> list[Part]:
    """Who is 特困 the list says, its status whether still; where none ever came, the register. Grades: where not all are paid."""
    parts = list(_by_allowance(book))
    if not set(GRADES) <= set(book.policy["living_allowance_grades"]):
        parts = [replace(one, reads=(*one.reads, value(CERTIFICATES, "grade"))) for one in parts]
    if book.arrived(TEKUN):
        return [*parts, Part(ONCE_TEKUN, (*WHICH_ALLOWANCE, header(TEKUN, "status")))]
    told = () if book.lost.get(TEKUN) else (value(REGISTER, "poverty_type"),)
    return [replace(one, reads=(*one.reads, *told)) for one in parts]


@rule(
    "DIS-02", "困难残疾人生活补贴应享未享", severity=GENERAL, subject="person", owner=f"{BUREAU}、区民政局", basis=CLAUSE,
    reads=(header(CERTIFICATES, "expires_on"), arrived(ALLOWANCES)), excuses=(arrived(TEKUN),), parts_of=_by_allowance_and_tekun,
    detail="{name}持有有效残疾人证（{category}{level}），没有享受困难残疾人生活补贴，也不是特困人员，应核实后发放。",
    register_value="健康状况：{said_health}", source_value="残疾人证：{category}{level}；两项补贴：无生活补贴",
)  # fmt: skip
def dis_02(book: Book) -> nw.LazyFrame:
    """持有有效残疾人证，等级在当地发放范围内（living_allowance_grades），没有困难残疾人生活补贴，且不是特困人员；等级空白的，只在各级都发时查。"""
    grades = book.policy["living_allowance_grades"]
    covered = nw.col("grade").is_in(grades).fill_null(False)
    if set(GRADES) <= set(grades):
        covered = covered | nw.col("grade").is_null()
    found = _without_allowance(book, _in_force(book).filter(covered), "困难残疾人生活补贴")
    if book.arrived(TEKUN):
        rows = book.linked(TEKUN)
        found = without(found, rows.filter(nw.col("active") | nw.col("active").is_null())).rename(
            {"part": "allowances"}
        )
        found = in_parts(found, rows, ONCE_TEKUN, "")
        part = nw.when(nw.col("part") == "").then(nw.col("allowances")).otherwise(nw.col("part"))
        return found.with_columns(part=part).drop("allowances")
    if book.lost.get(TEKUN):
        return found
    return found.filter((nw.col("poverty_type") != "特困") | nw.col("poverty_type").is_null())


@rule(
    "DIS-03", "重度残疾人护理补贴应享未享", severity=SEVERE, subject="person", owner=f"{BUREAU}、区民政局", basis=CLAUSE,
    reads=(value(CERTIFICATES, "grade"), header(CERTIFICATES, "expires_on"), arrived(ALLOWANCES)), parts_of=_by_allowance,
    detail="{name}持有有效残疾人证（{category}{level}），没有享受重度残疾人护理补贴，应核实后发放。",
    register_value="健康状况：{said_health}", source_value="残疾人证：{category}{level}；两项补贴：无护理补贴",
)  # fmt: skip
def dis_03(book: Book) -> nw.LazyFrame:
    """持有有效的一级、二级残疾人证，没有重度残疾人护理补贴。"""
    return _without_allowance(book, _in_force(book).filter(nw.col("grade") <= 2), "重度残疾人护理补贴")


RULES = (DIS_01, dis_02, dis_03)
