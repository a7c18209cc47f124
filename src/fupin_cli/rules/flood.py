"""Floods (批量异常): a rule that hits far more of a town than it did is held until the list it rests on is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import narwhals as nw

from fupin_cli.engine import collected
from fupin_cli.rules.book import EVERYWHERE, REGISTER, Book
from fupin_cli.rules.catalogue import Rule

FLOOD = "批量异常"
# Of fewer, a share says nothing; so many times the last count is no month's work.
ENOUGH, TIMES = 20, 3


class Floods:
    """What a rule could hit in each town and in all (``""``): those it is ``among``, else living persons, households, rows of
    a list (of one without towns, nothing is said)."""

    def __init__(self, book: Book) -> None:
        self._book, self._share = book, book.policy["receipt_flood"]
        self._could: dict[str, Counter[str]] = {}

    def because(self, rule: Rule, kinds: Collection[str], found: Iterable[Mapping[str, str]]) -> dict[str, str]:
        """Town (``""``: everywhere) → why findings of the rule are held, in Chinese; not where a list that it reads
        (``kinds``) is accepted."""
        doubtful = [one for one in found if one["town"] and not self._accepted((*kinds, REGISTER), one["town"])]
        hits = Counter((town, _group(finding)) for finding in doubtful for town in (finding["town"], EVERYWHERE))
        held = {}
        for (town, group), count in hits.items():
            could, before = self._of(rule, group)[town], self._before(rule.id, town)
            if could >= ENOUGH and count > self._share * could and count > TIMES * before:
                where = town or "全区"
                held[town] = f"{FLOOD}：{where}{could:,}个对象中查出{count:,}个（上次{before:,}个），先核对名单是否齐全"
        return held

    def _before(self, rule: str, town: str) -> int:
        return sum(
            count for (one, where), count in self._book.counted_before.items() if one == rule and town in (where, "")
        )

    def _accepted(self, kinds: Iterable[str], town: str) -> bool:
        return any(self._book.accepted.get(kind, frozenset()) & {EVERYWHERE, town} for kind in kinds)

    def _of(self, rule: Rule, group: str) -> Counter[str]:
        name = rule.id if rule.among else group
        if name not in self._could:
            rows = rule.among(self._book) if rule.among else self._rows(group)
            towns = collected(rows.select("town").drop_nulls())["town"].to_list() if rows is not None else []
            self._could[name] = Counter([*towns, *[EVERYWHERE] * len(towns)])
        return self._could[name]

    def _rows(self, group: str) -> nw.LazyFrame | None:
        if group == "person":
            return self._book.everyone
        rows = self._book.households if group == "household" else self._book.tables.get(group)
        return rows if rows is not None and "town" in rows.collect_schema().names() else None


def _group(finding: Mapping[str, str]) -> str:
    """What a finding is one of: a person, a household, a record of a list (its kind stands in the identity), a village …"""
    subject = finding["subject_type"]
    return finding["finding_key"].split("|", 2)[2].partition("/")[0] if subject == "record" else subject
