"""REG-18 … REG-20: what ``schemas/`` expects of each field of the register and of the village books (台账质量; 三（八）).

A new check is a line of YAML (``expected``, ``expected_when``, ``range``, ``enum``, ``pattern``), not code here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import narwhals as nw

from fupin_cli.rules.book import BOOKS, HOUSEHOLDS, REGISTER, Book
from fupin_cli.rules.catalogue import HINT, Part, rule_in_parts
from fupin_cli.rules.reads import arrived, values
from fupin_cli.rules.register_rows import living
from fupin_cli.rules.terms import known
from fupin_cli.schema.expectations import BLANK, Span
from fupin_cli.schema.kinds import Field, Kind

CLAUSE = "工作要点 三（八）"
OWNER = "{town}、区扶贫办"
WRITTEN = {"code", "codes", "name", "id"}  # types that keep what was written in ``…_raw``
SUBJECTS = {"person": "人", "household": "户", "village": "村"}


@dataclass(frozen=True)
class Listed:
    """Subjects of one type, one row each, with the fields to look at."""

    kind: Kind
    subject_type: str
    fields: tuple[Field, ...]
    rows: Callable[[Book], nw.LazyFrame]


Condition = Callable[[Listed, Field], "dict[str, nw.Expr] | None"]


def _lists(kinds: Mapping[str, Kind]) -> tuple[Listed, ...]:
    """Persons and households of the register, households of 户信息, villages of the village books."""
    register, households, books = kinds[REGISTER], kinds[HOUSEHOLDS], kinds[BOOKS]
    own = tuple(field for field in register.fields if field.name not in register.household_fields)
    shared = tuple(field for field in register.fields if field.name in register.household_fields)
    more = tuple(field for field in households.fields if field.name not in register.names)
    return (
        Listed(register, "person", own, living),
        Listed(register, "household", shared, partial(_homes, shared)),
        Listed(households, "household", more, _listed_homes),
        Listed(books, "village", books.fields, lambda book: book.tables[BOOKS].with_columns(subject=nw.col("rid"))),
    )


def _homes(fields: tuple[Field, ...], book: Book) -> nw.LazyFrame:
    """Households of the living, with the first filled value of each field."""
    columns = [_written(field) for field in fields] + [field.name for field in fields if field.type in WRITTEN]
    first = [nw.col(column).min().alias(column) for column in dict.fromkeys(columns)]
    rows = living(book).filter(known("household_id")).with_columns(home=nw.col("household_id"))
    return rows.group_by("home").agg(nw.col("rid").min().alias("subject"), *first)


def _listed_homes(book: Book) -> nw.LazyFrame:
    return book.tables[HOUSEHOLDS].filter(known("household_id")).with_columns(subject=nw.col("rid"))


def _parts(
    condition: Condition, besides: Callable[[Field], Iterable[str]] = lambda _: ()
) -> Callable[[Book], Iterator[Part]]:
    """A part for each field of each list, one for a list that did not come.

    ``condition``: what is ``wrong`` and the texts' columns, ``None`` where a field is not looked at; ``besides``: other
    fields that are read for it.
    """

    def parts_of(book: Book) -> Iterator[Part]:
        for listed in _lists(book.kinds):
            kind, looked = listed.kind, [(field, condition(listed, field)) for field in listed.fields]
            wrongs = [(field, wrong) for field, wrong in looked if wrong is not None]
            if not wrongs:
                continue
            if not book.believed(kind.id):
                yield Part(f"{kind.title}（{SUBJECTS[listed.subject_type]}）", (arrived(kind.id),))
                continue
            rows = listed.rows(book)
            for field, wrong in wrongs:
                reads = values(kind.id, field.name, *besides(field))
                yield Part(f"{kind.title}的{field.title}", reads, partial(_violations, rows, listed, field, wrong))

    return parts_of


def _violations(
    rows: nw.LazyFrame, listed: Listed, field: Field, columns: Mapping[str, nw.Expr], _: Book
) -> nw.LazyFrame:
    named = {"subject_type": listed.subject_type, "list": listed.kind.title, "field": field.title}
    texts = {name: expression for name, expression in columns.items() if name != "wrong"}
    rows = rows.filter(columns["wrong"])
    return rows.select("subject", **{name: nw.lit(text) for name, text in named.items()}, **texts)


def _closed(field: Field) -> bool:
    return field.type in ("code", "codes") and not field.open


def _written(field: Field) -> str:
    """The column that says whether anything was written."""
    return f"{field.name}_raw" if field.type in WRITTEN else field.name


def _expected(listed: Listed, field: Field) -> dict[str, nw.Expr] | None:
    wanted = field.expectation
    if not wanted.severity:
        return None
    wrong = nw.col(_written(field)).is_null()
    if wanted.ages is not None:
        wrong = wrong & known("age") & ~_outside(nw.col("age"), wanted.ages)
    for name, allowed in wanted.when.items():
        wrong = wrong & _holds(listed, name, allowed)
    return {"wrong": wrong, "severity": nw.lit(wanted.severity)}


def _outside(value: nw.Expr, span: Span) -> nw.Expr:
    low, high = span
    outside = nw.lit(False)
    if low is not None:
        outside = outside | (value < low)
    return outside | (value > high) if high is not None else outside


def _holds(listed: Listed, name: str, allowed: tuple[str, ...]) -> nw.Expr:
    condition = nw.col(name).is_in([value for value in allowed if value != BLANK]).fill_null(False)
    if BLANK not in allowed:
        return condition
    return condition | nw.col(_written(listed.kind.field(name))).is_null()


REG_18 = rule_in_parts(
    "REG-18", "必填项为空",
    """数据种类文件（schemas）中写明必填（expected、expected_when）的项为空：人员的项按人、户的项按户（全户都空）、村的项按村，
    一个对象的所有空项合为一条；三保障和饮水的项为一般，其余为提示。整列没有填写的视为没有导出，按部分未比对处理。""",
    severity=HINT, subject="person", owner=OWNER, basis=CLAUSE,
    parts_of=_parts(_expected, lambda field: field.expectation.when),
    each="{field}", detail="{name}在{list}中没有填写或读不懂的必填项：{each}，请核实后补录。",
    register_value="空：{each}", source_value="必填项应当填写",
)  # fmt: skip


def _out_of_range(_: Listed, field: Field) -> dict[str, nw.Expr] | None:
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


REG_19 = rule_in_parts(
    "REG-19", "数值超出合理范围",
    """数值超出数据种类文件（schemas）中写明的合理范围（range）：耕地0–100亩、林地0–200亩、与村主干路距离0–5公里、务工时间0–12个月、
    务工月收入100–30000元、收入不小于0等；一个对象合为一条。""",
    severity=HINT, subject="person", owner=OWNER, basis=CLAUSE, parts_of=_parts(_out_of_range),
    each="{field}{value}（合理范围：{span}）", detail="{name}在{list}中的数值超出合理范围：{each}，请核实后更正。",
    register_value="{each}", source_value="合理范围：{span}",
)  # fmt: skip


def _not_standard(_: Listed, field: Field) -> dict[str, nw.Expr] | None:
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


REG_20 = rule_in_parts(
    "REG-20", "取值不规范",
    """规范化后不在取值表内的代码项，或不合 enum、pattern 的文本项（均写在数据种类文件中）；一个对象合为一条。""",
    severity=HINT, subject="person", owner=OWNER, basis=CLAUSE, parts_of=_parts(_not_standard),
    each="{field}“{value}”", detail="{name}在{list}中的取值不规范：{each}，请按规定的取值更正。",
    register_value="{each}", source_value="应按规定的取值填写",
)  # fmt: skip


RULES = (REG_18, REG_19, REG_20)
