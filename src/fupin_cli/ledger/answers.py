"""What units answered, held against the ledger: which change each answer is, what contradicts, what is not theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from fupin_cli.ledger.actions import Change
from fupin_cli.ledger.feedback import DISMISSAL, MISPLACED, TITLES, TRUE, UNTRUE, Answer
from fupin_cli.ledger.form_values import Remark
from fupin_cli.ledger.joint import joined, units_of, words_of
from fupin_cli.ledger.states import CLOSED, CONFIRMED, DISMISSED, NEW, RELAPSED, REPORTED, moved, worked_on_as
from fupin_cli.privacy import masked, uncovered

# Where a finding has several units, one word holds for these; of the other fields each unit's words are kept.
SHARED = ("verdict", "dismissed_until", "due_on", "done_on")
# What falls with a verdict that is in dispute.
WITH_VERDICT = ("verdict", "done_on", *DISMISSAL)
VERDICTS = {CONFIRMED: TRUE, REPORTED: TRUE, DISMISSED: UNTRUE}
PLAN = ("measure", "person_in_charge", "due_on")
# (finding_key, field) → who said what the ledger holds there.
LastWord = Callable[[str, str], str]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Move:
    """The change that a unit's answer makes."""

    answer: Answer
    change: Change


@dataclass
class Judged:
    """``moves`` in the order to apply them; ``unchanged``: answers that say what the ledger already holds.

    Remarks are kept with the file they are about.
    """

    moves: list[Move] = field(default_factory=list)
    unchanged: list[Answer] = field(default_factory=list)
    refused: list[tuple[str, Remark]] = field(default_factory=list)
    notes: list[tuple[str, Remark]] = field(default_factory=list)

    def refuse(self, answer: Answer, name: str, text: str) -> None:
        self.refused.append((answer.row.file, Remark(answer.row.place(name), text)))

    def note(self, answer: Answer, name: str, text: str) -> None:
        self.notes.append((answer.row.file, Remark(answer.row.place(name), text)))


def judge_answers(answers: Sequence[Answer], table: pl.DataFrame, last_word: LastWord) -> Judged:
    """Judge all answers of one import together, so that none of two contradicting ones wins by coming first.

    ``table``: the ledger's findings.
    """
    judged = Judged()
    by_detail: dict[str, list[str]] = defaultdict(list)
    for key, detail in table.select("finding_key", "detail").iter_rows():
        for written in {detail, masked(detail)}:
            by_detail[_plain(written)].append(key)
    keyed = [(answer, key) for answer in answers if (key := _key_of(answer, by_detail, judged))]
    wanted = table.filter(pl.col("finding_key").is_in([key for _, key in keyed]))
    rows = {row["finding_key"]: row for row in wanted.iter_rows(named=True)}
    by_key: dict[str, list[Answer]] = defaultdict(list)
    for answer, key in keyed:
        if mine := _of_its_unit(answer, rows.get(key), judged):
            by_key[key].append(mine)
    for key, mine_all in by_key.items():
        _judge_finding(rows[key], _undisputed(rows[key], mine_all, last_word, judged), judged)
    return judged


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _key_of(answer: Answer, by_detail: Mapping[str, Sequence[str]], judged: Judged) -> str:
    """The finding an answer is about: by its key, or where that is lost by its problem's words; else refused."""
    same = by_detail.get(_plain(answer.row.text("detail")), ())
    if answer.key is None:
        if len(same) == 1:
            judged.note(answer, "", "识别码缺失，按问题内容认出")
            return same[0]
        judged.refuse(answer, "", "识别码缺失，按问题内容也认不出是哪一条；处理办法：填到原下发表的同一行")
        return ""
    if same and answer.key.finding_key not in same:
        judged.refuse(answer, "", MISPLACED)
        return ""
    return answer.key.finding_key


def _of_its_unit(answer: Answer, row: Row | None, judged: Judged) -> Answer | None:
    """The answer with its unit, where that unit is responsible for the finding."""
    if row is None:
        judged.refuse(answer, "", "台账中没有这条问题；处理办法：核对是否本台账下发的表")
        return None
    units = units_of(row["owner"])
    unit = answer.unit or (units[0] if len(units) == 1 else "")
    if unit in units:
        return replace(answer, unit=unit)
    whose = f"，不是{unit}" if unit else "，看不出是哪个单位填的"
    judged.refuse(answer, "", f"这条问题的责任单位是{row['owner']}{whose}；处理办法：由责任单位用自己的表报送")
    return None


def _undisputed(row: Row, answers: Sequence[Answer], last_word: LastWord, judged: Judged) -> list[Answer]:
    """The answers without the values that another answer, or another unit's word in the ledger, contradicts."""
    kept = []
    for answer in answers:
        others = [other for other in answers if other is not answer]
        dropped: set[str] = set()
        for name, value in answer.values.items():
            text = _contradiction(name, answer, others) or _against_ledger(row, name, value, answer.unit, last_word)
            if text:
                judged.refuse(answer, name, f"“{TITLES[name]}”{text}；处理办法：核对一致后重新报送")
                dropped.update(WITH_VERDICT if name == "verdict" else (name,))
        values = {name: value for name, value in answer.values.items() if name not in dropped}
        kept += [replace(answer, values=values)] if values else []
    return kept


def _contradiction(name: str, answer: Answer, others: Iterable[Answer]) -> str:
    """Two rows of this import that say different things."""
    for other in others:
        comparable = name in SHARED or other.unit == answer.unit
        if comparable and other.values.get(name, answer.values[name]) != answer.values[name]:
            whose = "另一行" if other.unit == answer.unit else other.unit
            return f"与{whose}（{other.row.place(name)}）填的不一致，两处都没有采用"
    return ""


def _against_ledger(row: Row, name: str, value: str, unit: str, last_word: LastWord) -> str:
    """Another unit has already said something else, and the ledger holds it."""
    if name not in SHARED or len(units_of(row["owner"])) == 1:
        return ""
    held = VERDICTS.get(_standing(row), "") if name == "verdict" else row[name]
    if not held or held == value or (said_by := last_word(row["finding_key"], name)) == unit:
        return ""
    return f"与{said_by or '台账'}已报的“{held}”不一致，没有采用"


def _judge_finding(row: Row, answers: Iterable[Answer], judged: Judged) -> None:
    """The changes of one finding, each on top of the one before."""
    current = dict(row)
    units = units_of(row["owner"])
    for answer in answers:
        values = _timely(current, answer, judged)
        standing = _standing(current)
        state = _state_after(standing, values.pop("verdict", ""), done="done_on" in values)
        said = {name: _combined(current[name], name, value, answer.unit, units) for name, value in values.items()}
        fields = {name: value for name, value in said.items() if value != current[name]}
        if not fields and state == standing:
            judged.unchanged.append(answer)
            continue
        if standing == CLOSED:
            judged.refuse(answer, "", "这条问题已销号，不再收反馈；处理办法：确有出入的，由扶贫办撤销销号后再报")
            continue
        if state == DISMISSED != standing:
            fields.setdefault("dismissed_until", "")  # the term of an earlier dismissal does not hold for this one
        fields["reported_by"] = answer.unit
        change = Change(row["finding_key"], None if state == standing else state, fields)
        judged.moves.append(Move(answer, change))
        current |= {**fields, **(moved(current["state"], state) if change.state else {})}
        if fields.get("due_on", "9") < row["first_as_of"]:
            judged.note(answer, "due_on", "完成时限早于发现问题的日期，请核对")
        if fields.get("done_on", "9") < row["first_as_of"]:
            judged.note(answer, "done_on", "完成日期早于发现问题的日期，请核对")
        if state == CONFIRMED and (missing := [TITLES[name] for name in PLAN if not current[name]]):
            judged.note(answer, "", f"已登记属实，还没有填{'、'.join(missing)}")


def _standing(row: Row) -> str:
    """The state in which the units have it to deal with."""
    return worked_on_as(row["state"], row["state_before"])


def _timely(row: Row, answer: Answer, judged: Judged) -> dict[str, str]:
    """The answer's values without a completion that lies before the relapse (反弹)."""
    values = dict(answer.values)
    if _standing(row) == RELAPSED and values.get("done_on", "9") <= row["cleared_as_of"]:
        judged.refuse(answer, "done_on", "完成日期在反弹之前，是上一次整改的；处理办法：填这一次整改的完成日期")
        del values["done_on"]
    return values


def _combined(held: str, name: str, value: str, unit: str, units: Sequence[str]) -> str:
    if name in SHARED:
        return value
    words = words_of(held, units)
    return joined({**words, unit: uncovered(value, words.get(unit, ""))}, units)


def _state_after(state: str, verdict: str, *, done: bool) -> str:
    """The state an answer leads to; a closed finding and one whose data are already clear are not confirmed anew."""
    if state == CLOSED:
        return state
    if verdict == UNTRUE:
        return DISMISSED
    if done:
        return REPORTED
    return CONFIRMED if verdict == TRUE and state in (NEW, RELAPSED, DISMISSED) else state
