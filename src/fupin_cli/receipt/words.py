"""The receipt in words: the few lines that every report opens with."""

from __future__ import annotations

from collections.abc import Iterator

from fupin_cli.receipt.model import EVERYWHERE, Receipt, Scope

STATES = {"complete": "完整", "doubtful": "存疑", "missing": "缺"}
# What a line about a doubt begins with.
WARNINGS = ("存疑：", "缺：", "整列空白：")
MOST_DOUBTS, MOST_NAMES = 3, 3


def opening_lines(receipt: Receipt, *, cures: bool = True) -> tuple[str, ...]:
    """At most eight lines: what came, what was set aside, each doubt with its cure, what could not be verified."""
    doubts = doubt_lines(receipt, cures=cures)
    lines = [_arrived(receipt), *doubts[:MOST_DOUBTS]]
    if len(doubts) > MOST_DOUBTS:
        lines.append(f"另有{len(doubts) - MOST_DOUBTS}处存疑或缺，见 fupin receipt。")
    if receipt.towns:
        lines.append(f"{_some(receipt.towns, '；')}。")
    lines += [f"{text}。" for text in receipt.unverifiable]
    return tuple(lines)


def doubt_lines(receipt: Receipt, *, cures: bool = True) -> list[str]:
    """A line a list in doubt, with its towns, reasons and, with ``cures``, the command that lifts the doubt."""
    lines = []
    for kind, towns in receipt.doubts().items():
        scopes = [scope for town in sorted(towns) if (scope := receipt.scope(kind, town)) is not None]
        lines.append(_doubt(scopes, cures=cures))
    for scope in receipt.arrived:
        if titles := [scope.blanked[name] for name in scope.blanked if name in receipt.blanked(scope.kind)]:
            text = f"整列空白：{scope.kind_title}的“{'”“'.join(titles)}”列以前有填写，按没有这一列处理。"
            lines.append(text + (_cure(scope.kind_title, "") if cures else ""))
    return lines


def _arrived(receipt: Receipt) -> str:
    months = "至".join(dict.fromkeys((receipt.months[0], receipt.months[-1]))) if receipt.months else ""
    text = f"收件登记：收到{len(receipt.arrived)}种名单" + (f"，写明月份的是{months}的" if months else "")
    aside = tuple(dict.fromkeys(one.file for one in receipt.aside))
    return text + (f"；{len(aside)}个文件放在一边：{_some(aside)}。" if aside else "。")


def _doubt(scopes: list[Scope], *, cures: bool) -> str:
    towns = [scope.town for scope in scopes if scope.town != EVERYWHERE]
    reasons = dict.fromkeys(reason for scope in scopes for reason in scope.reasons)
    state = "缺" if all(scope.state == "missing" for scope in scopes) else "存疑"
    text = f"{state}：{scopes[0].kind_title}{f'（{_some(tuple(towns))}）' if towns else ''}，{_some(tuple(reasons), '；')}。"
    if not cures:
        return text
    if not scopes[0].files:
        return f"{text}请补报；本区没有这份名单的：{_command(scopes[0].kind_title, '--standing')}"
    return text + _cure(scopes[0].kind_title, towns[0] if len(towns) == 1 else "")


def _cure(title: str, town: str) -> str:
    return f"核实无误的：{_command(title, f'--town {town}' if town else '')}"


def _command(title: str, option: str) -> str:
    return " ".join(filter(None, ("fupin receipt accept", title, option, "--reason 理由 --by 姓名")))


def _some(texts: tuple[str, ...], between: str = "、") -> str:
    """The first few, and how many more there are."""
    shown = between.join(texts[:MOST_NAMES])
    return shown if len(texts) <= MOST_NAMES else f"{shown}等{len(texts)}{'处' if between == '；' else '个'}"


def remarks(receipt: Receipt) -> Iterator[str]:
    """What else the table says: accepted doubts, towns, what could not be verified."""
    for scope in receipt.scopes:
        if scope.accepted and (scope.town == EVERYWHERE or scope.reasons):
            standing = "长期" if scope.standing else "这次"
            yield f"已认可（{standing}）：{scope.kind_title}{scope.town}，{scope.accepted}。"
    yield from (f"{text}。" for text in (*receipt.towns, *receipt.unverifiable))
