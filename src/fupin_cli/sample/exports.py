"""Write the district as its bureaus would export it: workbooks and text files with titles, totals and footnotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from fupin_cli.sample.layouts import HOUSEHOLD, Layout
from fupin_cli.sample.mess import Mess, written_amount, written_date
from fupin_cli.sample.people import TOWNS
from fupin_cli.sample.world import Household, Person, Record, World

AMOUNTS = {
    "amount", "total", "basic_paid", "serious_paid", "supplementary_paid", "relief_paid", "fund_paid", "self_paid",
    "subsidy", "subsidy_paid",
}  # fmt: skip
CSV_ENCODINGS = {"教育局": "gb18030", "医保局": "utf-8-sig", "卫健委": "utf-16", "民政局": "gb18030"}
INSTRUCTIONS = (
    "填报说明",
    "一、本表由各镇按户填报，户信息只填户主一行或合并单元格。",
    "二、证件号码请按文本填写，不要按数字保存。",
)


@dataclass
class Written:
    """What was written: ``loaded`` rows and ``quarantined`` rows a sheet, and whom each row is about."""

    loaded: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    links: dict[str, dict[int, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One data row: its facts, whom it is about, and which household it belongs to."""

    values: dict[str, Any]
    person: str | None
    tidy: bool
    household: str = ""


def write_layout(
    folder: Path, layout: Layout, lines: Sequence[Line], as_of: date, mess: Mess, written: Written
) -> None:
    """Write one bureau's file and note what is in it."""
    path = folder / layout.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        _write_csv(path, layout, lines, mess, written)
        return
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})
    sheets: list[tuple[str, list[Line]]] = [("Sheet1", list(lines))]
    if "by_town" in layout.habits:
        sheets = [(town, [line for line in lines if line.values["town"] == town]) for town in TOWNS]
    for place, (name, rows) in enumerate(sheets):
        sheet = book.add_worksheet(name)
        if layout.kind == "civil.dibao" and place == len(sheets) - 1:
            sheet.hide()
        _Sheet(book, sheet, layout, as_of, mess, written).write(rows, f"{layout.file}!{name}")
    if layout.kind == "register.persons":
        sheet = book.add_worksheet("说明")
        for row, text in enumerate(INSTRUCTIONS):
            sheet.write_string(row, 0, text)
    book.close()


def _write_csv(path: Path, layout: Layout, lines: Sequence[Line], mess: Mess, written: Written) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(layout.columns.values())
    place = f"{layout.file}!{path.stem}"
    for row, line in enumerate(lines, start=2):
        writer.writerow(cells_of(layout, line, row - 1, mess))
        _note(written, place, row, line)
    path.write_bytes(stream.getvalue().encode(CSV_ENCODINGS[layout.file.partition("/")[0]]))


def _note(written: Written, place: str, row: int, line: Line) -> None:
    written.loaded[place] = written.loaded.get(place, 0) + 1
    if line.person is not None:
        written.links.setdefault(place, {})[row] = line.person


class _Sheet:
    """One sheet, from its title to its footnote."""

    def __init__(self, book: Any, sheet: Any, layout: Layout, as_of: date, mess: Mess, written: Written) -> None:
        self.sheet, self.layout, self.as_of, self.mess, self.written = sheet, layout, as_of, mess, written
        self.headers = list(layout.columns.values())
        self.centre = book.add_format({"align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
        self.at = 0

    def write(self, lines: Sequence[Line], place: str) -> None:
        self.written.loaded.setdefault(place, 0)
        self._title()
        self._header()
        if "numbering" in self.layout.habits:
            self._row([*range(1, len(self.headers) + 1)])
        self._body(lines, place)
        if "subtotals" in self.layout.habits:
            self._total(lines)
        if self.layout.reporter:
            self._row(["填表人：符工", "", "", "审核人：李科", "", "联系电话：0898-65301234"])

    def _title(self) -> None:
        self.sheet.merge_range(0, 0, 0, len(self.headers) - 1, self.layout.title, self.centre)
        self.at = 1
        if self.layout.reporter:
            self._row([f"填报单位：{self.layout.reporter}", "", "", f"填报时间：{written_date(self.as_of, 'chinese')}"])

    def _header(self) -> None:
        if "groups" not in self.layout.habits:
            self._row(self.headers)
            return
        top, groups = self.at, [header.rpartition("/")[0] for header in self.headers]
        self.at += 2
        start = 0
        for column, header in enumerate(self.headers):
            leaf = header.rpartition("/")[2]
            if not groups[column]:
                self.sheet.merge_range(top, column, top + 1, column, leaf, self.centre)
            else:
                self.sheet.write_string(top + 1, column, leaf, self.centre)
            if column + 1 == len(groups) or groups[column + 1] != groups[column]:
                if groups[column]:
                    self.sheet.merge_range(top, start, top, column, groups[column], self.centre)
                start = column + 1

    def _body(self, lines: Sequence[Line], place: str) -> None:
        first = 0
        for number, line in enumerate(lines, start=1):
            if "blank_rows" in self.layout.habits and number % 40 == 0:
                self.at += 1
            cells = cells_of(self.layout, line, number, self.mess)
            same = number > 1 and line.household != "" and lines[number - 2].household == line.household
            if same and {"household_once", "merged_households"} & set(self.layout.habits):
                for column, name in enumerate(self.layout.columns):
                    if name in HOUSEHOLD and line.values[name] == lines[number - 2].values[name]:
                        cells[column] = ""
            if not same:
                first = self.at
            self._row(cells)
            _note(self.written, place, self.at, line)
            last_of_home = number == len(lines) or lines[number].household != line.household
            if "merged_households" in self.layout.habits and last_of_home and self.at - 1 > first:
                self._merge_home(lines[number - (self.at - first) : number], first)
        if self.layout.kind == "education.enrolment":
            school = list(self.layout.columns).index("school")
            self._row([""] * school + ["灵山镇中心小学"])
            self.written.quarantined[place] = 1

    def _merge_home(self, members: Sequence[Line], first: int) -> None:
        values = cells_of(self.layout, members[0], 0, self.mess)
        for column, name in enumerate(self.layout.columns):
            if name in HOUSEHOLD and all(member.values[name] == members[0].values[name] for member in members):
                self.sheet.merge_range(first, column, self.at - 1, column, values[column], self.centre)

    def _total(self, lines: Sequence[Line]) -> None:
        cells: list[Any] = [""] * len(self.headers)
        homes = {line.household for line in lines if line.household}
        cells[0] = f"合计：{len(homes)}户{len(lines)}人" if homes else "合计"
        for column, name in enumerate(self.layout.columns):
            if name in AMOUNTS:
                total = round(sum(line.values.get(name) or 0 for line in lines), 2)
                cells[column] = written_amount(total, "wan" if self.layout.amounts == "wan" else "number")
        self._row(cells)

    def _row(self, cells: Sequence[Any]) -> None:
        for column, value in enumerate(cells):
            if isinstance(value, str):
                if value:
                    self.sheet.write_string(self.at, column, value)
            elif value is not None:
                self.sheet.write_number(self.at, column, value)
        self.at += 1


def cells_of(layout: Layout, line: Line, number: int, mess: Mess) -> list[Any]:
    """The row's cells as this bureau writes them."""
    return [number if name == "row" else _cell(layout, name, line, mess) for name in layout.columns]


def _cell(layout: Layout, name: str, line: Line, mess: Mess) -> Any:
    value = line.values.get(name)
    if name in ("id_number", "certificate_no"):
        own = layout.kind.startswith("register.") or name == "certificate_no"
        return (mess.own_number if own else mess.number)(value or "", line.tidy)
    if name == "name":
        return mess.name(value, line.tidy, head=line.values.get("relation") == "户主") or ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return layout.flags[0] if value else layout.flags[1]
    if isinstance(value, date):
        return written_date(value, layout.dates)
    if isinstance(value, tuple):
        return "，".join(layout.codes.get(str(item), str(item)) for item in value)
    if name in AMOUNTS:
        return written_amount(value, layout.amounts)
    return layout.codes.get(value, value) if isinstance(value, str) else value


def register_lines(households: Iterable[Household]) -> list[Line]:
    """The register's rows of these households."""
    return [_register_line(person) for household in households for person in household.members]


def _register_line(person: Person) -> Line:
    home = person.household
    names = (*HOUSEHOLD, "watch_type", "risk", "risk_cleared", "identified_on", "cleared_on")
    values: dict[str, Any] = {name: getattr(home, FROM.get(name, name)) for name in names}
    own = (
        "person_no", "name", "sex", "relation", "ethnicity", "education", "school_status", "health", "labour", "work_place",
        "work_months", "monthly_wage", "public_post", "post_months", "dropout_reason", "basic_insured", "employee_insured",
        "serious_insured", "pension_insured", "phone",
    )  # fmt: skip
    values |= {name: getattr(person, name) for name in own}
    values |= home.help | {"id_number": person.registered_id, "poverty_type": person.poverty_type or home.poverty_type}
    return Line(values, person.person_no, person.tidy, home.household_id)


def household_lines(households: Iterable[Household]) -> list[Line]:
    """户信息: a row a household, with what the persons' list does not say."""
    names = (
        "household_id",
        "town",
        "village",
        "electricity",
        "cropland",
        "forest",
        "road_distance",
        "operating_income",
    )
    lines = []
    for home in households:
        head = {"head_name": home.head.name, "head_id": home.head.registered_id}
        lines.append(Line({name: getattr(home, name) for name in names} | head, None, True, home.household_id))
    return lines


FROM = {"household_size": "size", "group": "hamlet"}


def record_lines(records: Iterable[Record]) -> list[Line]:
    """A bureau's rows; a row that says too little is about nobody."""
    return [
        Line(record.values, None if record.person is None or record.review else record.person.person_no, record.tidy)
        for record in records
    ]


def watch_lines(world: World) -> list[Line]:
    """The watchlist: households of its own, and some of the register's."""
    return register_lines([*world.watch_only, *(home for home in world.households if home.watch_type)])
