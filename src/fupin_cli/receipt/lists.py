"""What is wrong with a list that was read (名单): of another year, empty, without a town, much shorter than the last one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from math import ceil

from fupin_cli.receipt.count import HOUSEHOLDS, REGISTER, Count
from fupin_cli.receipt.ground import Ground
from fupin_cli.receipt.model import EVERYWHERE, Fault
from fupin_cli.schema.kinds import Kind

# Lists, and towns of lists, of fewer rows may shrink by chance.
LEAST_ROWS, LEAST_ROWS_IN_TOWN = 4, 10
# So large a share of the dated rows of another year makes a list one of that year.
OTHER_YEAR = 0.9
# What is left of a list when some towns are gone is whole when so much of it is there.
INTACT = 0.9


def list_faults(kind: Kind, count: Count, ground: Ground, register: Count, doubted: Collection[str]) -> Iterator[Fault]:
    """What is wrong with one list. ``doubted``: towns (``""``: all) in which the register itself is in doubt."""
    if not count.rows:
        if ground.known.get((kind.id, EVERYWHERE), 0) or not ground.came(kind.id):
            yield Fault(kind.id, EVERYWHERE, "doubtful", "没有一行能用的数据")
        return
    if other := _other_year(kind, count, ground):
        yield Fault(kind.id, EVERYWHERE, "missing", f"这份名单是{other}的")
    if kind.covers == "population" and kind.id != REGISTER:
        yield from _unreached(kind, count, ground, register)
    another_year = ground.last is not None and _period(kind, ground.last.as_of) != _period(kind, ground.as_of)
    if kind.nature == "events" and another_year:
        return
    if EVERYWHERE in doubted and count.by_register:
        return
    yield from _shorter(kind, count, ground, doubted if count.by_register else ())


def _other_year(kind: Kind, count: Count, ground: Ground) -> str:
    """The year or term of the list, in words, where nearly all of it is of others than the rules ask about."""
    if not kind.asked_by or not count.years:
        return ""
    asked = asked_terms(ground) if kind.asked_by == "school_year" else {f"{ground.as_of.year}年"}
    others = {name: rows for name, rows in count.years.items() if name not in asked}
    if sum(others.values()) < OTHER_YEAR * sum(count.years.values()):
        return ""
    return max(others, key=lambda name: (others[name], name))


def asked_terms(ground: Ground) -> set[str]:
    """The two terms of the school year; also those of the last one while the new one's aid (资助) need not be paid yet."""
    days = (ground.as_of, ground.as_of - timedelta(days=ground.policy["aid_grace_days"]))
    starts = {_school_year(day) for day in days}
    return {term for year in starts for term in (f"{year}秋", f"{year + 1}春")}


def _period(kind: Kind, day: date) -> int:
    """The year that a list of events is about: after it the list begins anew."""
    return _school_year(day) if kind.asked_by == "school_year" else day.year


def _school_year(day: date) -> int:
    return day.year if day.month >= 9 else day.year - 1


def _unreached(kind: Kind, count: Count, ground: Ground, register: Count) -> Iterator[Fault]:
    """Towns of many registered persons none of whom is in a list that should cover everybody."""
    for town, persons in register.towns.items():
        if persons >= ground.policy["coverage_min_persons"] and town not in count.reached:
            yield Fault(kind.id, town, "missing", f"{town}登记的{persons:,}人一个也不在名单里")


def _shorter(kind: Kind, count: Count, ground: Ground, doubted: Collection[str]) -> Iterator[Fault]:
    """Towns that the list had and has no more, or has much less of; the whole list, where towns alone do not explain it."""
    before = {town: rows for town, rows in ground.known_towns(kind.id).items() if town not in doubted}
    whole = ground.known.get((kind.id, EVERYWHERE))
    left = _left_the_register(count, before, whole) if count.by_register else 0
    faults = {
        fault.town: fault for town, rows in before.items()
        if rows - count.towns.get(town, 0) > left and (fault := _in_town(kind, town, rows, count, ground))
    }  # fmt: skip
    share = "receipt_shrink_all" if (whole or 0) >= LEAST_ROWS_IN_TOWN else "receipt_shrink"
    if whole is not None and whole >= LEAST_ROWS and count.rows <= _too_few(kind, whole, share, ground):
        there = whole - sum(before[town] for town in faults)
        here = count.rows - sum(count.towns.get(town, 0) for town in faults)
        if not faults or not there or here < INTACT * there:
            text = f"上次{whole:,}行，这次只有{count.rows:,}行"
            yield Fault(kind.id, EVERYWHERE, "doubtful", text)
    yield from faults.values()


def _left_the_register(count: Count, before: Mapping[str, int], whole: int | None) -> int:
    """Rows more than before of which nobody knows the town: their people (逝者) are in the list, but no longer in the register."""
    return max(0, count.rows - sum(count.towns.values()) - ((whole or 0) - sum(before.values())))


def _in_town(kind: Kind, town: str, before: int, count: Count, ground: Ground) -> Fault | None:
    rows = count.towns.get(town, 0)
    if before and not rows:
        return Fault(kind.id, town, "missing", f"上次有{town}的{before:,}行，这次一行也没有")
    if before >= LEAST_ROWS_IN_TOWN and rows <= _too_few(kind, before, "receipt_shrink", ground):
        return Fault(kind.id, town, "doubtful", f"{town}上次{before:,}行，这次只有{rows:,}行")
    return None


def _too_few(kind: Kind, before: int, share: str, ground: Ground) -> int:
    """The most rows that are still too few after ``before``; of the register (台账) no tenth goes in a month."""
    if kind.id in (REGISTER, HOUSEHOLDS):
        return ceil(before * (1 - float(ground.policy["receipt_loss"]))) - 1
    return ceil(before * float(ground.policy[share]))
