"""三色灯.xlsx: a list a town, by village, with cells for measures and follow-up days; what is due; what changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fupin_cli.lights.changes import Change
from fupin_cli.lights.model import GREEN, LIGHTS, RED, YELLOW, Care, Household, HouseholdLight, LightRun
from fupin_cli.policy import Policy
from fupin_cli.reports.files import beside
from fupin_cli.reports.lights_counts import table_in_words, villages_of
from fupin_cli.reports.page import BODY_FONT, LINE, Page, Styles, open_workbook
from fupin_cli.reports.wording import NO_TOWN, NO_VILLAGE, chinese_date, one_line

SHEET = "三色灯.xlsx"
# The reader of a returned workbook looks for 户编号 and the last three.
COLUMNS = (
    ("行政村", 10), ("户编号", 17), ("户主", 8), ("人口", 5), ("灯", 6), ("理由", 42), ("待办", 14), ("帮扶措施", 26), ("帮扶责任人", 10),
    ("下次跟踪日期", 12),
)  # fmt: skip
WHERE = (("镇", 11), ("行政村", 12), ("户编号", 17), ("户主", 8))
DUE_COLUMNS = (*WHERE, ("灯", 7), ("待办", 24), ("帮扶责任人", 12), ("下次跟踪日期", 13))
CHANGE_COLUMNS = (*WHERE, ("变化", 10), ("上次", 8), ("本次", 8), ("理由", 50))
REASON_COLUMNS = (*WHERE, ("灯", 6), ("情形", 22), ("具体情况", 40), ("依据（文件!工作表!行）", 44))
SUMMARY_COLUMNS = (("镇", 14), ("行政村", 18), *((light, 10) for light in LIGHTS), ("合计", 10), ("待办", 10))
COLOURS = {RED: ("#9C0006", "#FFC7CE"), YELLOW: ("#7F4F00", "#FFE699"), GREEN: ("#1E5B2E", "#C9E7CF")}


class LightStyles(Styles):
    """A colour a light, an open cell to fill in, and the first four columns of a list."""

    def __init__(self, book: Any) -> None:
        super().__init__(book)
        grid = {"font_name": BODY_FONT, "font_size": 10, "valign": "vcenter", "border": 1, "border_color": LINE}
        self.light = {
            light: book.add_format(grid | {"align": "center", "font_color": font, "bg_color": ground})
            for light, (font, ground) in COLOURS.items()
        }
        self.open = book.add_format(grid | {"text_wrap": True, "locked": False, "bg_color": "#FFFBE6"})
        self.where = [self.text, self.text, self.small, self.centre]


def write_lights(
    path: Path,
    run: LightRun,
    district: str,
    policy: Policy,
    since: str | None,
    changes: Sequence[Change],
    password: str = "",
) -> None:
    """Write the workbook to ``path``. ``since``: the day compared with, ``None`` where this is the first."""
    with beside(path, password) as draft, open_workbook(draft, "三色灯", district, run.as_of) as book:
        styles = LightStyles(book)
        _add_summary(book, styles, run, district, policy)
        for town in dict.fromkeys(one.household.town for one in run.lights):
            _add_town(book, styles, town, run)
        _add_due(book, styles, run)
        _add_changes(book, styles, since, changes)
        _add_reasons(book, styles, run)


def _add_summary(book: Any, styles: LightStyles, run: LightRun, district: str, policy: Policy) -> None:
    page = Page(book, styles, "汇总", [width for _, width in SUMMARY_COLUMNS])
    page.title(f"{one_line(district)}脱贫户、监测户三色灯")
    counts = "，".join(f"{light}{run.count(light)}户" for light in LIGHTS)
    page.subtitle(f"截至{chinese_date(run.as_of)}    共{len(run.lights)}户：{counts}")
    for gap in run.gaps:
        page.note(f"注意：{gap}")
    page.header([name for name, _ in SUMMARY_COLUMNS], sticky=True)
    for village in villages_of(run.lights):
        name, words, figures = village.village or NO_VILLAGE, styles.text, styles.count
        if village.village is None:
            name, words, figures = "小计", styles.total, styles.total_count
        page.row(
            [village.town or NO_TOWN, name, *village.lights, village.total, village.due], [words] * 2 + [figures] * 5
        )
    page.section("怎样判定")
    for sentence in table_in_words(policy):
        page.note(sentence)


def _add_town(book: Any, styles: LightStyles, town: str, run: LightRun) -> None:
    page = Page(book, styles, town or NO_TOWN, [width for _, width in COLUMNS])
    page.title(f"{town or NO_TOWN}三色灯（{chinese_date(run.as_of)}）")
    page.note(
        "黄灯、红灯户请在浅黄色格内填写帮扶措施、帮扶责任人和下次跟踪日期（如 2020-07-15），存盘后运行 fupin lights import 三色灯.xlsx 读回。"
    )
    header = page.next_row
    page.header([name for name, _ in COLUMNS], sticky=True)
    for one in run.lights:
        if one.household.town == town:
            _add_household(page, styles, one)
    page.filter(header, len(COLUMNS))
    page.sheet.protect("", {"autofilter": True, "sort": True, "format_rows": True, "format_columns": True})
    page.sheet.ignore_errors({"number_stored_as_text": f"A{header + 2}:J{page.next_row + 1}"})


def _add_household(page: Page, styles: LightStyles, one: HouseholdLight) -> None:
    home, care = one.household, one.care
    cells = (
        home.village or NO_VILLAGE, home.household_id, home.head, home.persons, one.light, reasons_of(one), "、".join(one.due),
        care.measure, care.person, _day(care),
    )  # fmt: skip
    formats = [
        styles.text,
        styles.small,
        styles.centre,
        styles.count,
        styles.light[one.light],
        styles.text,
        styles.centre,
    ]
    filled = [styles.text if one.light == GREEN else styles.open] * 3
    page.wrapped_row([one_line(cell) if isinstance(cell, str) else cell for cell in cells], [*formats, *filled])


def _add_due(book: Any, styles: LightStyles, run: LightRun) -> None:
    due = sorted((one for one in run.lights if one.due), key=lambda one: LIGHTS.index(one.light))
    page = Page(book, styles, "催办", [width for _, width in DUE_COLUMNS])
    page.title("催办：帮扶措施和跟踪")
    page.note(
        f"黄灯、红灯户应有帮扶措施和下次跟踪日期，到期应跟踪并填写新的日期。共{len(due)}户待办。"
        if due
        else "没有待办的户。"
    )
    page.header([name for name, _ in DUE_COLUMNS], sticky=True)
    for one in due:
        cells = (*_where(one.household), one.light, "、".join(one.due), one.care.person, _day(one.care))
        page.wrapped_row(cells, [*styles.where, styles.light[one.light], *[styles.text] * 3])


def _add_changes(book: Any, styles: LightStyles, since: str | None, changes: Sequence[Change]) -> None:
    page = Page(book, styles, "变化", [width for _, width in CHANGE_COLUMNS])
    page.title("变化")
    page.note(f"与{since}相比，{len(changes)}户有变化。" if since else "这是第一次判定三色灯，没有可以比较的。")
    page.header([name for name, _ in CHANGE_COLUMNS], sticky=True)
    for one in changes:
        cells = (*_where(one), one.kind, one.before, one.after, one.reasons)
        colours = [styles.light.get(light, styles.centre) for light in (one.before, one.after)]
        page.wrapped_row(cells, [*styles.where, styles.centre, *colours, styles.text])


def _add_reasons(book: Any, styles: LightStyles, run: LightRun) -> None:
    """One row a reason, with the rows of the exports it stands in."""
    page = Page(book, styles, "理由和依据", [width for _, width in REASON_COLUMNS])
    page.title("理由和依据")
    header = page.next_row
    page.header([name for name, _ in REASON_COLUMNS], sticky=True)
    for one in run.lights:
        for reason in one.reasons:
            cells = (*_where(one.household), one.light, reason.condition, reason.detail, reason.place)
            page.wrapped_row(cells, [*styles.where, styles.light[one.light], styles.text, styles.text, styles.small])
    page.filter(header, len(REASON_COLUMNS))


def _where(one: Household | Change) -> tuple[str, ...]:
    return one.town or NO_TOWN, one.village or NO_VILLAGE, one.household_id, one.head


def _day(care: Care) -> str:
    return care.follow_up_on.isoformat() if care.follow_up_on else ""


def reasons_of(one: HouseholdLight) -> str:
    """Why, one reason after the other; a light set by hand says so first."""
    said = [str(reason) for reason in one.reasons] or ["没有返贫、致贫风险的情形"]
    if one.override:
        said.insert(0, f"人工调整（原为{one.computed}）：{one.override.reason}，至{one.override.until.isoformat()}")
    return "；".join(said)
