"""Households of the watchlist (监测对象、边缘户) as the MON rules look at them: risks, measures, members."""

from __future__ import annotations

from collections.abc import Iterable

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import WATCHLIST, Book
from fupin_cli.rules.reads import Read, header, value, values
from fupin_cli.rules.register_rows import NOTHING, any_true
from fupin_cli.rules.terms import known

HOME = "household_id"
RISKS = ("risk", "risk2", "risk3", "risk4", "risk5")
# Measures (帮扶措施) by the word policy and texts use, with the column that tells of them.
MEASURES = {
    "产业": "help_industry", "就业": "help_work", "金融": "help_finance", "公益岗位": "help_post", "健康": "help_health",
    "教育": "help_education", "义务教育": "help_schooling", "住房": "help_house", "饮水": "help_water", "综合": "help_welfare",
    "社会": "help_society", "搬迁": "help_move", "基础设施": "help_basic", "生产生活": "help_living",
}  # fmt: skip
ANYBODYS = "社会"  # meets many a risk; the others are for one
DEVELOPMENT = ("产业", "就业", "金融", "公益岗位")
FACTS = (
    "watch_type", "watch_type_raw", *RISKS, "risk_cleared", "identified_on", "cleared_on",
    "helper", "contact", "contact_phone", "phone", "net_income", "measures", *MEASURES.values(),
)  # fmt: skip


def used(book: Book, kind: str, columns: Iterable[str]) -> tuple[Read, ...]:
    """Of columns that a list need not have, those that it used to have: who told it there tells it no more."""
    return tuple(header(kind, name) for name in columns if name in book.blanked.get(kind, ()))


def risk_reads(book: Book) -> tuple[Read, ...]:
    """The risks of households that are not said to be cleared."""
    return (*values(WATCHLIST, HOME, "risk"), *used(book, WATCHLIST, RISKS), risk_cleared(book))


def risk_cleared(book: Book) -> Read:
    """风险是否消除: blank throughout it says that no risk is cleared, unless 风险消除时间 says when one was."""
    told = book.arrived(WATCHLIST) and book.holds(WATCHLIST, "cleared_on")
    return value(WATCHLIST, "risk_cleared") if told else header(WATCHLIST, "risk_cleared")


def cleared_on(book: Book) -> Read:
    """风险消除时间: blank throughout it says that no risk is cleared, unless 风险是否消除 says that one is."""
    if not book.arrived(WATCHLIST):
        return header(WATCHLIST, "cleared_on")
    cleared = collected(book.tables[WATCHLIST].filter(nw.col("risk_cleared")).select("rid"))
    return value(WATCHLIST, "cleared_on") if len(cleared) else header(WATCHLIST, "cleared_on")


def measure_reads(book: Book, words: Iterable[str]) -> tuple[Read, ...]:
    """Where these measures are told: each in its own column or, in a list that has none of these, in 帮扶措施.

    A measure whose column is missing may have been taken; one that is blank for everybody was taken for nobody.
    """
    if not book.arrived(WATCHLIST):
        return (value(WATCHLIST, "measures"),)
    columns, gone = MEASURES.values(), book.blanked.get(WATCHLIST, frozenset())
    in_columns = any(book.asked(WATCHLIST, name) or name in gone for name in columns)
    if not in_columns or not any(book.holds(WATCHLIST, name) for name in columns):
        return (value(WATCHLIST, "measures"),)
    own = (header(WATCHLIST, MEASURES[word]) for word in words)
    return (*own, *used(book, WATCHLIST, ("measures",)))


def watch_members(book: Book) -> nw.LazyFrame:
    """Living persons of the watchlist's households, with what the list says of them."""
    rows = book.tables[WATCHLIST].filter(known(HOME))
    return book.alive(rows)


def watch_workforce(book: Book) -> nw.LazyFrame:
    """The same with ``labour`` as the list says, else as the register does."""
    theirs = book.people.select("pid", theirs="labour")
    rows = watch_members(book).join(theirs, on="pid", how="left")
    return rows.with_columns(labour=nw.coalesce("labour", "theirs")).drop("theirs")


def watch_homes(book: Book) -> nw.LazyFrame:
    """One row a household: the first filled value among its members, ``subject``, ``rid``, ``risks`` (all, joined)."""
    first = [nw.col(name).min().alias(name) for name in ("rid", "town", *FACTS)]
    homes = watch_members(book).group_by(HOME).agg(*first)
    texts = [nw.concat_str(nw.coalesce(nw.col(name), nw.lit("")), nw.lit("、")) for name in RISKS]
    risks = nw.concat_str(*texts).str.strip_chars("、").str.replace_all("、+", "、")
    return homes.with_columns(subject=nw.col(HOME), risks=risks)


def at_risk(book: Book) -> nw.LazyFrame:
    """Households whose risk is not said to be cleared."""
    return watch_homes(book).filter(~nw.col("risk_cleared").fill_null(False))


def at_the_risk_of(pattern: str) -> nw.Expr:
    return nw.col("risks").str.contains(pattern)


def has_measure(words: tuple[str, ...]) -> nw.Expr:
    """One of these measures is said to be taken, in its own column or in 帮扶措施."""
    return any_true(_taken(word) for word in words)


def _taken(word: str) -> nw.Expr:
    column = MEASURES[word]
    own = (known(column) & ~nw.col(column).is_in(NOTHING)).fill_null(False)
    return own | nw.col("measures").str.contains(word).fill_null(False)


def members_of(book: Book, kind: str) -> nw.LazyFrame:
    """Rows of a source about living members of the watchlist's households, with their ``household_id``."""
    rows = book.linked(kind)
    if HOME in rows.collect_schema().names():
        rows = rows.drop(HOME)
    members = watch_members(book).filter(known("pid")).select("pid", HOME).unique()
    return rows.join(members, on="pid", how="inner")


def member_facts(book: Book, *columns: str) -> nw.LazyFrame:
    """``household_id`` and these columns of every member: as the watchlist says, and as the register says."""
    members = watch_members(book)
    own = book.people.select("pid", *columns)
    registered = members.select("pid", HOME).join(own, on="pid", how="inner").select(HOME, *columns)
    return nw.concat([members.select(HOME, *columns), registered])
