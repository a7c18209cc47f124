"""Whether the register (台账) itself may be believed: against control totals, ``[towns]`` and what the other lists know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from fupin_cli.receipt.count import KEY, REGISTER, Count, Homes
from fupin_cli.receipt.ground import Ground
from fupin_cli.receipt.lists import LEAST_ROWS_IN_TOWN
from fupin_cli.receipt.model import EVERYWHERE, Fault
from fupin_cli.receipt.places import LEAST_LISTS

WATCHLIST, BOOKS = "register.watchlist", "village.books"
# Lists that say who is registered: the column and what it says then.
FLAGS: dict[str, tuple[str, bool | str]] = {
    "education.enrolment": ("is_registered_poor", True),
    "health.insurance": ("poor_flag", "建档立卡"),
    "housing.appraisals": ("target_type", "建档立卡"),
}
# So many persons said to be registered: fewer say nothing.
LEAST_FLAGGED = 20


def register_faults(
    tables: Mapping[str, pl.LazyFrame], counts: Mapping[str, Count], homes: Homes, ground: Ground
) -> Iterator[Fault]:
    """What speaks against the register; what other lists say of it counts where no earlier register was believed."""
    register = counts[REGISTER]
    yield from _off_totals(register, homes, ground)
    yield from _lacking_towns(counts, ground)
    if (REGISTER, EVERYWHERE) not in ground.known:
        yield from _unknown_to_it(tables, ground)
        if BOOKS in tables:
            yield from _off_books(tables, ground)


def _fault(town: str, reason: str) -> Fault:
    return Fault(REGISTER, town, "doubtful", reason)


def _off(number: int, due: int, ground: Ground) -> bool:
    return abs(number - due) > float(ground.policy["receipt_loss"]) * due


def _off_totals(register: Count, homes: Homes, ground: Ground) -> Iterator[Fault]:
    counts = homes.household_counts
    for town, households, persons in ground.controls:
        listed = register.towns.get(town, 0) if town else register.rows
        homes_listed = counts.get(town, 0) if town else sum(counts.values())
        place = town or "全区"
        if persons is not None and _off(listed, persons, ground):
            yield _fault(town, f"{place}控制数{persons:,}人，台账{listed:,}人")
        elif households is not None and _off(homes_listed, households, ground):
            yield _fault(town, f"{place}控制数{households:,}户，台账{homes_listed:,}户")


def _lacking_towns(counts: Mapping[str, Count], ground: Ground) -> Iterator[Fault]:
    """Towns without a registered person that ``[towns]`` names and a list knows, or, the first time, several lists know."""
    others = [count for kind, count in counts.items() if not kind.startswith("register.")]
    knowing = {
        town: sum(count.written.get(town, 0) >= LEAST_ROWS_IN_TOWN for count in others)
        for town in {*ground.towns, *(town for count in others for town in count.written)}
    }
    first = (REGISTER, EVERYWHERE) not in ground.known
    for town, lists in sorted(knowing.items()):
        enough = lists if town in ground.towns else lists >= LEAST_LISTS and first
        if enough and not counts[REGISTER].towns.get(town) and not ground.known.get((REGISTER, town)):
            yield _fault(town, f"{lists}种名单有{town}，台账没有这个镇的人")


def _unknown_to_it(tables: Mapping[str, pl.LazyFrame], ground: Ground) -> Iterator[Fault]:
    known = pl.concat([tables[kind].select(KEY) for kind in (REGISTER, WATCHLIST) if kind in tables]).unique()
    for kind, (column, value) in FLAGS.items():
        if kind not in tables:
            continue
        flagged = (
            tables[kind].filter((pl.col(column) == value) & pl.col(KEY).is_not_null()).select("town", KEY).unique()
        )
        found = flagged.join(known.with_columns(known=True), on=KEY, how="left")
        towns = found.group_by("town").agg(persons=pl.len(), unknown=pl.col("known").is_null().sum()).collect()
        for town, persons, unknown in sorted(towns.iter_rows(), key=lambda row: row[0] or ""):
            if persons >= LEAST_FLAGGED and unknown > ground.policy["receipt_unknown"] * persons:
                title = ground.kinds[kind].title
                text = f"{title}标明建档立卡的{town or ''}{persons:,}人中，{unknown:,}人不在台账"
                yield _fault(town or EVERYWHERE, text)


def _off_books(tables: Mapping[str, pl.LazyFrame], ground: Ground) -> Iterator[Fault]:
    """Towns whose villages' books (村级台账) count another number of registered persons than the register has in them."""
    place = ["town", "village"]
    books = tables[BOOKS].filter(pl.col("registered_persons").is_not_null() & pl.col("town").is_not_null())
    books = books.group_by(place).agg(due=pl.col("registered_persons").max())
    rows = tables[REGISTER].group_by(place).agg(listed=pl.len())
    both = books.join(rows, on=place, how="left").group_by("town").agg(pl.col("due", "listed").sum()).collect()
    for town, due, listed in sorted(both.iter_rows()):
        if _off(listed, due, ground):
            yield _fault(town, f"{town}村级台账合计{due:,}人，台账在这些村有{listed:,}人")
