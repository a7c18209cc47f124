"""未比对 and 数据质量: what the run could not look at, and what became of every file and row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from fupin_cli.reports.counts import scope_of, sheets_of
from fupin_cli.reports.model import RunSummary
from fupin_cli.reports.page import Page, Styles
from fupin_cli.reports.wording import CHECK_STATES, SHEET_STATES, chinese_date

if TYPE_CHECKING:
    from fupin_cli.intake.model import FileReport, QualityNote, SheetReport
    from fupin_cli.rules.check import RuleCheck

GAP_HEADINGS = ("规则", "问题", "保障类别", "比对情况", "未比对的范围", "缺少的来源", "说明")
ROW_COUNTS = {
    "total": "总行数",
    "title": "标题",
    "header": "表头",
    "numbering": "编号行",
    "subtotal": "小计",
    "footnote": "脚注",
    "blank": "空行",
    "loaded": "读入",
    "quarantined": "隔离",
    "unread": "未用",
}
QUALITY_WIDTHS = (28, 16, 18, 44, 9, *[7.0] * len(ROW_COUNTS), 8)
TOTAL_CODES = "total"


def add_gap_sheet(book: Any, styles: Styles, summary: RunSummary) -> None:
    """未比对: every rule that was not checked, where, and for want of which source."""
    page = Page(book, styles, "未比对", (9, 30, 13, 14, 26, 32, 40))
    page.title("数据比对问题清单——未比对的规则")
    page.subtitle(_caption(summary))
    page.header(GAP_HEADINGS, sticky=True)
    gaps = [check for check in summary.checks if check.state != "checked"]
    style = styles
    for check in gaps:
        partial = check.state == "partial"
        reason = _why(check)
        values = (check.rule_id, check.title, check.category, CHECK_STATES[check.state], scope_of(check))
        state_style = styles.severity["一般"] if partial else styles.severity["严重"]
        formats = (style.centre, style.text, style.centre, state_style, style.text, style.text, style.text)
        page.wrapped_row((*values, "、".join(check.missing), reason), formats)
    if gaps:
        page.filter(page.next_row - len(gaps) - 1, len(GAP_HEADINGS))
    else:
        page.note("所有规则都已比对。")


def _why(check: RuleCheck) -> str:
    """What the row of a rule that was not wholly checked says, in words."""
    if check.state == "not_checked":
        return "来源没有送达、存疑，或没有需要的列，不能比对；不说明没有问题。"
    texts = []
    if check.parts:
        texts.append(f"没有比对的部分：{'、'.join(check.parts)}；其余已比对。")
    if check.towns:
        texts.append("来源缺这些镇或存疑，这些镇没有比对。")
    if check.held:
        texts.append(f"另有{check.held:,}条问题待核对收件，没有列为问题。")
    return "".join(texts)


def add_quality_sheet(book: Any, styles: Styles, summary: RunSummary) -> None:
    """数据质量: row accounting of every sheet, checks against printed totals, remarks on the data."""
    page = Page(book, styles, "数据质量", QUALITY_WIDTHS)
    page.title("数据比对问题清单——数据质量")
    page.subtitle(_caption(summary))
    titles = {sheet.kind: sheet.kind_title for sheet in sheets_of(summary.files) if sheet.kind}
    page.section("一、文件和行数核对（总行数＝标题＋表头＋编号行＋小计＋脚注＋空行＋读入＋隔离＋未用）")
    _accounting(page, summary.files)
    totals = [note for note in summary.notes if note.code.startswith(TOTAL_CODES)]
    page.section("二、与表内合计数核对")
    _notes(page, totals, titles, "表内没有与读入数不符的合计数。")
    page.section("三、数据质量提示")
    rest = [note for note in summary.notes if not note.code.startswith(TOTAL_CODES)]
    _notes(page, rest, titles, "没有数据质量提示。", filtered=True)


def _accounting(page: Page, files: Sequence[FileReport]) -> None:
    page.header(("文件", "工作表", "识别为", "说明", "状态", *ROW_COUNTS.values(), "核对"))
    style = page.styles
    sums = [0] * len(ROW_COUNTS)
    for file in files:
        if file.error or not file.sheets:
            state, state_style = ("读不出", style.alarm) if file.error else ("未使用", style.absent)
            text = file.error or file.skipped or "没有工作表。"
            blanks = len(ROW_COUNTS) + 1
            formats = [style.text] * 4 + [state_style] + [style.centre] * blanks
            page.wrapped_row((file.name, "", "", text, state, *[""] * blanks), formats)
        for sheet in file.sheets:
            _sheet_row(page, file, sheet)
            sums = [total + getattr(sheet.rows, name) for total, name in zip(sums, ROW_COUNTS, strict=True)]
    verdict = "相符" if sums[0] == sum(sums[1:]) else "不符"
    page.row(
        ("合计", "", "", "", "", *sums, verdict),
        [style.total] * 5 + [style.total_count] * len(sums) + [style.total],
    )


def _sheet_row(page: Page, file: FileReport, sheet: SheetReport) -> None:
    style = page.styles
    numbers = [getattr(sheet.rows, name) for name in ROW_COUNTS]
    verdict, verdict_style = ("相符", style.centre) if sheet.rows.adds_up else ("不符", style.alarm)
    state_style = style.alarm if sheet.unused else style.centre
    name = sheet.sheet + ("（隐藏）" if sheet.hidden else "")
    state = SHEET_STATES.get(sheet.state, sheet.state)
    formats = [style.text] * 4 + [state_style] + [style.count] * len(numbers) + [verdict_style]
    text = sheet.message or sheet.reason
    page.wrapped_row((file.name, name, sheet.kind_title, text, state, *numbers, verdict), formats)


def _notes(
    page: Page, notes: Iterable[QualityNote], titles: dict[str, str], nothing: str, *, filtered: bool = False
) -> None:
    notes = list(notes)
    if not notes:
        page.note(nothing)
        return
    style = page.styles
    last = len(QUALITY_WIDTHS) - 1
    header_row = page.next_row
    page.header(("文件", "工作表", "来源", "说明", "条数", *["所在行"] * (last - 4)))
    page.merged(5, last, "所在行", style.header)
    for note in notes:
        values = (note.file, note.sheet, titles.get(note.kind, note.kind), note.message, note.count)
        page.row(values, [style.text] * 4 + [style.count])
        page.merged(5, last, _places(note), style.text)
    if filtered:
        page.filter(header_row, 5)


def _places(note: QualityNote) -> str:
    shown = note.rows[:12]
    if not shown:
        return ""
    rows = "、".join(str(row) for row in shown)
    return f"第{rows}行" + (f"等，共{note.count:,}处" if note.count > len(shown) else "")


def _caption(summary: RunSummary) -> str:
    unit = f"填报单位：{summary.district}    " if summary.district else ""
    return f"{unit}比对日期：{chinese_date(summary.as_of)}"
