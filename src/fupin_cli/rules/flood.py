"""Floods (批量异常): a rule that hits far more of a town than it did is held until the list it rests on is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import EVERYWHERE, REGISTER, Book

# Of fewer, a share says nothing; so many times the last count is no month's work.
ENOUGH, TIMES = 20, 3


class Floods:
    """What a rule could hit in each town: living persons, households, rows of a list (of one without towns, nothing is said)."""

    def __init__(self, book: Book) -> None:
        self._book, self._share = book, book.policy.values.get("receipt_flood", 0.3)
        self._could: dict[str, Counter[str]] = {}

    def because(self, rule: str, kinds: Iterable[str], found: Iterable[Mapping[str, str]]) -> dict[str, str]:
        """Town → why its findings of the rule are held, in Chinese; not where a list that it reads (``kinds``) is accepted."""
        hits = Counter((finding["town"], _group(finding)) for finding in found)
        held = {}
        for (town, group), count in hits.items():
            could, before = self._of(group)[town], self._book.counted_before.get((rule, town), 0)
            many = could >= ENOUGH and count > self._share * could and count > TIMES * before
            if many and not self._accepted((*kinds, REGISTER), town):
                held[town] = f"批量异常：{town}{could:,}个对象中查出{count:,}个（上次{before:,}个），先核对名单是否齐全"
        return held

    def _accepted(self, kinds: Iterable[str], town: str) -> bool:
        return any(self._book.accepted.get(kind, frozenset()) & {EVERYWHERE, town} for kind in kinds)

    def _of(self, group: str) -> Counter[str]:
        if group not in self._could:
            rows = self._rows(group)
            self._could[group] = Counter(
                collected(rows.select("town").drop_nulls())["town"].to_list() if rows is not None else []
            )
        return self._could[group]

    def _rows(self, group: str) -> nw.LazyFrame | None:
        if group == "person":
            return self._book.everyone
        rows = self._book.households if group == "household" else self._book.tables.get(group)
        return rows if rows is not None and "town" in rows.collect_schema().names() else None


def _group(finding: Mapping[str, str]) -> str:
    """What a finding is one of: a person, a household, a record of a list (its kind stands in the identity), a village …"""
    subject = finding["subject_type"]
    return finding["finding_key"].split("|", 2)[2].partition("/")[0] if subject == "record" else subject
