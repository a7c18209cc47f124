"""REG-18 … REG-20: what ``schemas/`` expects of each field of the register and of the village books (台账质量; 三（八）).

A new check is a line of YAML (``expected``, ``expected_when``, ``range``, ``enum``, ``pattern``), not code here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import narwhals as nw

from fupin_cli.rules.book import BOOKS, HOUSEHOLDS, REGISTER, Book
from fupin_cli.rules.catalogue import HINT, rule
from fupin_cli.rules.register_rows import living
from fupin_cli.rules.terms import known
from fupin_cli.schema.expectations import BLANK, Span
from fupin_cli.schema.kinds import Field

CLAUSE = "工作要点 三（八）"
OWNER = "{town}、区扶贫办"
WRITTEN = {"code", "codes", "name", "id"}  # types that keep what was written in ``…_raw``


@dataclass(frozen=True)
class Part:
    """Subjects of one type, one row each, with the fields to look at; ``title`` is the list's."""

    rows: nw.LazyFrame
    subject_type: str
    title: str
    fields: tuple[Field, ...]
    unfilled: tuple[Field, ...]


def _parts(book: Book) -> Iterator[Part]:
    """Persons and households of the register, households of 户信息, villages of the village books."""
    kind = book.kinds[REGISTER]
    own = tuple(field for field in kind.fields if field.name not in kind.household_fields)
    shared = tuple(field for field in kind.fields if field.name in kind.household_fields)
    rows = living(book)
    yield _part(book, REGISTER, rows, "person", own)
    columns = [_written(field) for field in shared] + [field.name for field in shared if field.type in WRITTEN]
    first = [nw.col(column).min().alias(column) for column in dict.fromkeys(columns)]
    homes = rows.filter(known("household_id")).with_columns(home=nw.col("household_id"))
    yield _part(
        book, REGISTER, homes.group_by("home").agg(nw.col("rid").min().alias("subject"), *first), "household", shared
    )
    if book.arrived(HOUSEHOLDS):
        more = tuple(field for field in book.kinds[HOUSEHOLDS].fields if field.name not in kind.names)
        listed = book.tables[HOUSEHOLDS].filter(known("household_id")).with_columns(subject=nw.col("rid"))
        yield _part(book, HOUSEHOLDS, listed, "household", more)
    if book.arrived(BOOKS):
        villages = book.tables[BOOKS].with_columns(subject=nw.col("rid"))
        yield _part(book, BOOKS, villages, "village", book.kinds[BOOKS].fields)


def _part(book: Book, kind: str, rows: nw.LazyFrame, subject_type: str, fields: tuple[Field, ...]) -> Part:
    asked = tuple(field for field in fields if _asks(field))
    unfilled = tuple(field for field in asked if not book.holds(kind, field.name))
    return Part(rows, subject_type, book.kinds[kind].title, tuple(f for f in asked if f not in unfilled), unfilled)


def _asks(field: Field) -> bool:
    return bool(field.expectation.severity) or _ranged(field) or _standardised(field)


def _ranged(field: Field) -> bool:
    return field.expectation.range is not None


def _standardised(field: Field) -> bool:
    return _closed(field) or bool(field.expectation.enum or field.expectation.pattern)


def _closed(field: Field) -> bool:
    return field.type in ("code", "codes") and not field.open


def _written(field: Field) -> str:
    """The column that says whether anything was written."""
    return f"{field.name}_raw" if field.type in WRITTEN else field.name


def _unfilled(looked_at: Callable[[Part, Field], bool]) -> Callable[[Book], tuple[str, ...]]:
    """For ``lacking``: fields that a rule looks at and that are blank in the whole list: the export has no such column."""

    def lacking(book: Book) -> tuple[str, ...]:
        blank = [(part, field) for part in _parts(book) for field in part.unfilled]
        return tuple(f"{part.title}的“{field.title}”列" for part, field in blank if looked_at(part, field))

    return lacking


def _expects(part: Part, field: Field) -> bool:
    """The field is expected, or another is where this one is blank."""
    return bool(field.expectation.severity) or any(field.name in _blanks_asked(other) for other in part.fields)


def _blanks_asked(field: Field) -> set[str]:
    """The fields whose blank makes this one expected."""
    return {name for name, values in field.expectation.when.items() if BLANK in values}


def _violations(
    book: Book, condition: Callable[[Part, Field], dict[str, nw.Expr] | None], **columns_of_none: nw.Expr
) -> nw.LazyFrame:
    """A row for each field of a subject that is ``wrong``; ``condition`` gives that and the texts' columns.

    ``columns_of_none``: these columns, for a list in which no field is looked at.
    """
    texts = {name: nw.lit("") for name in ("subject_type", "list", "field")}
    found = [living(book).head(0).select("subject", **texts, **columns_of_none)]
    for part in _parts(book):
        for field in part.fields:
            columns = condition(part, field)
            if columns is not None:
                wrong = columns.pop("wrong")
                named = {
                    "subject_type": nw.lit(part.subject_type),
                    "list": nw.lit(part.title),
                    "field": nw.lit(field.title),
                }
                found.append(part.rows.filter(wrong).select("subject", **named, **columns))
    return nw.concat(found)


def _expected(part: Part, field: Field) -> dict[str, nw.Expr] | None:
    wanted = field.expectation
    if not wanted.severity or _blanks_asked(field) & {other.name for other in part.unfilled}:
        return None
    wrong = nw.col(_written(field)).is_null()
    if wanted.ages is not None:
        wrong = wrong & known("age") & ~_outside(nw.col("age"), wanted.ages)
    for name, values in wanted.when.items():
        wrong = wrong & _holds(part, name, values)
    return {"wrong": wrong, "severity": nw.lit(wanted.severity)}


def _outside(value: nw.Expr, span: Span) -> nw.Expr:
    low, high = span
    outside = nw.lit(False)
    if low is not None:
        outside = outside | (value < low)
    return outside | (value > high) if high is not None else outside


def _holds(part: Part, name: str, values: tuple[str, ...]) -> nw.Expr:
    condition = nw.col(name).is_in([value for value in values if value != BLANK]).fill_null(False)
    if BLANK not in values:
        return condition
    columns = part.rows.collect_schema().names()
    return condition | nw.col(f"{name}_raw" if f"{name}_raw" in columns else name).is_null()


@rule(
    "REG-18", "必填项为空", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    lacking=_unfilled(_expects),
    each="{field}", detail="{name}在{list}中没有填写或读不懂的必填项：{each}，请核实后补录。",
    register_value="空：{each}", source_value="必填项应当填写",
)  # fmt: skip
def reg_18(book: Book) -> nw.LazyFrame:
    """数据种类文件（schemas）中写明必填（expected、expected_when）的项为空：人员的项按人、户的项按户（全户都空）、村的项按村，
    一个对象的所有空项合为一条；三保障和饮水的项为一般，其余为提示。整列没有填写的视为没有导出，按部分未比对处理。"""
    return _violations(book, _expected, severity=nw.lit(""))


def _out_of_range(part: Part, field: Field) -> dict[str, nw.Expr] | None:
    if field.expectation.range is None:
        return None
    value = nw.col(field.name)
    return {
        "wrong": _outside(value, field.expectation.range),
        "value": value.cast(nw.Float64),
        "span": nw.lit(_span_text(field.expectation.range)),
    }


def _span_text(span: Span) -> str:
    low, high = span
    if low is None or high is None:
        return f"不小于{low:g}" if low is not None else f"不大于{high:g}"
    return f"{low:g}–{high:g}"


@rule(
    "REG-19", "数值超出合理范围", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    lacking=_unfilled(lambda _, field: _ranged(field)),
    each="{field}{value}（合理范围：{span}）", detail="{name}在{list}中的数值超出合理范围：{each}，请核实后更正。",
    register_value="{each}", source_value="合理范围：{span}",
)  # fmt: skip
def reg_19(book: Book) -> nw.LazyFrame:
    """数值超出数据种类文件（schemas）中写明的合理范围（range）：耕地0–100亩、林地0–200亩、与村主干路距离0–5公里、务工时间0–12个月、
    务工月收入100–30000元、收入不小于0等；一个对象合为一条。"""
    return _violations(book, _out_of_range, value=nw.lit(0.0), span=nw.lit(""))


def _not_standard(part: Part, field: Field) -> dict[str, nw.Expr] | None:
    wanted, value = field.expectation, nw.col(field.name)
    if _closed(field):
        return {"wrong": value.is_null() & known(f"{field.name}_raw"), "value": nw.col(f"{field.name}_raw")}
    wrong = None
    if wanted.enum:
        wrong = ~value.is_in(list(wanted.enum))
    if wanted.pattern:
        unlike = ~value.str.contains(wanted.pattern)
        wrong = unlike if wrong is None else wrong | unlike
    return None if wrong is None else {"wrong": known(field.name) & wrong, "value": value}


@rule(
    "REG-20", "取值不规范", severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    lacking=_unfilled(lambda _, field: _standardised(field)),
    each="{field}“{value}”", detail="{name}在{list}中的取值不规范：{each}，请按规定的取值更正。",
    register_value="{each}", source_value="应按规定的取值填写",
)  # fmt: skip
def reg_20(book: Book) -> nw.LazyFrame:
    """规范化后不在取值表内的代码项，或不合 enum、pattern 的文本项（均写在数据种类文件中）；一个对象合为一条。"""
    return _violations(book, _not_standard, value=nw.lit(""))
