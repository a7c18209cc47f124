"""What a report's row is about: the plan's task (条款) and unit, however the unit wrote them."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches

from fupin_cli.supervision.plan import Plan, Task

_NUMERALS = {text: at for at, text in enumerate("一二三四五六七八九十", 1)}
_CLAUSE = re.compile(
    r"(?:[三四五][、.]?(?=\())?\(?([一二三四五六七八九十]{1,3})[)、.]+(?:\(?(\d)[)、.]*|第(\d)[项条])?(.*)"
)
_DIGITS = re.compile(r"(\d{1,2})[-.](\d)(?!\d)[)、.]*(.*)")
_LEADING = re.compile(r"^(?:\(?\d{1,2}[)、.]+|强化|深入实施|深入开展|做好|着力|加强)+")
_BETWEEN_UNITS = re.compile(r"[、,，;；\n]")
_NOT_SAID = re.compile(r"[\s“”\"'、，,。.；;：:（）()]")
# How like a unit's name another must be to ask whether it is meant: one character of three, not two of four.
ALIKE = 0.65
_OFFICE = re.compile(r"(?:党委|人民政府|政府)+$")


class TaskNames:
    """Finds the task a text names by its number, its title, or both."""

    def __init__(self, plan: Plan) -> None:
        self._by_clause = {task.clause: task for task in plan.tasks}
        self._by_title = {_bare(task.title): task for task in plan.tasks}

    def find(self, text: str) -> tuple[Task | None, str]:
        """The task, else ``None`` and why not."""
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        item, part, rest = _numbers(plain)
        titled = self._titled(rest)
        if not item:
            return titled, "" if titled else f"“{text}”没有写条款编号，名称也不在工作要点中"
        candidates = [task for clause, task in self._by_clause.items() if clause.startswith(f"（{item}）")]
        wanted = [task for task in candidates if task.clause == f"（{item}）{part}"] or (
            candidates if not part and len(candidates) == 1 else []
        )
        if not wanted and not part and titled in candidates:
            return titled, ""
        if not wanted:
            many = f"（{item}）下有{len(candidates)}项任务，没有写明是哪一项"
            return None, many if candidates and not part else f"工作要点没有“（{item}）{part}”"
        if titled is not None and titled != wanted[0]:
            return None, f"编号是“{wanted[0].clause}”，名称是“{titled.title}”，前后不一"
        return wanted[0], ""

    def _titled(self, text: str) -> Task | None:
        """The task whose title stands in ``text``; the longest where one title holds another."""
        bare = _bare(text)
        found = [title for title in self._by_title if title in bare]
        longest = max(found, key=len, default="")
        return self._by_title[longest] if longest and all(title in longest for title in found) else None


class UnitNames:
    """Finds the unit of the plan a text names: 美兰区教育局, 教育局 → 区教育局; 灵山镇人民政府 → 灵山镇."""

    def __init__(self, plan: Plan) -> None:
        self._district = plan.district
        names: list[tuple[str, str]] = [(unit, unit) for unit in plan.units]
        names += [(alias, unit) for alias, unit in plan.aliases.items() if unit in plan.units]
        self._names = dict(names)
        self._known = {self._stem(name): unit for name, unit in names}

    def find(self, text: str) -> tuple[str, ...]:
        """The units a cell names; none where one of them is not of the plan."""
        if whole := self._known.get(self._stem(text)):
            return (whole,)
        found = [self._known.get(self._stem(part)) for part in _BETWEEN_UNITS.split(text) if part.strip()]
        units = tuple(dict.fromkeys(unit for unit in found if unit))
        return units if units and None not in found else ()

    def nearest(self, text: str) -> str:
        """The unit whose name is most like ``text``, else nothing."""
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace(self._district, "区")
        alike = (
            name for written in (plain, f"区{plain}") for name in get_close_matches(written, self._names, 1, ALIKE)
        )
        return self._names.get(next(alike, ""), "")

    def _stem(self, text: str) -> str:
        plain = re.sub(r"[\s()（）]", "", unicodedata.normalize("NFKC", text))
        city, _, _ = self._district.partition("市")
        for prefix in (self._district, f"{city}市", self._district.removeprefix(f"{city}市"), "区", "市"):
            plain = plain.removeprefix(prefix) or plain
        return _OFFICE.sub("", plain).removesuffix("镇") or plain


def _numbers(plain: str) -> tuple[str, str, str]:
    """(item in Chinese numerals, part, the rest) of ``三（二）1.教育扶贫``, ``(二)1``, ``2.1``."""
    if found := _CLAUSE.fullmatch(plain):
        return found.group(1), found.group(2) or found.group(3) or "", found.group(4)
    if (found := _DIGITS.fullmatch(plain)) and (item := _numeral(int(found.group(1)))):
        return item, found.group(2), found.group(3)
    return "", "", plain


def _numeral(number: int) -> str:
    digits = {value: text for text, value in _NUMERALS.items()}
    if 1 <= number <= 10:
        return digits[number]
    return f"十{digits[number - 10]}" if number < 20 else ""


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return _NOT_SAID.sub("", _LEADING.sub("", plain))
