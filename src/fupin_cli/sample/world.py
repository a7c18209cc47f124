"""The invented district: people, households and every bureau's records, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fupin_cli.sample.people import TOWNS, Stranger, full_years
from fupin_cli.sample.school_terms import school_day

PLAIN, DIBAO, TEKUN = "一般贫困户", "低保贫困户", "特困供养贫困户"
# What the register calls a pupil of each stage (学段).
STAGE_OF_STATUS = {
    "学前教育": "学前", "小学": "小学", "七年级": "初中", "八年级": "初中", "九年级": "初中",
    "普通高中一年级": "普高", "普通高中二年级": "普高", "普通高中三年级": "普高",
    "中职一年级": "中职", "中职二年级": "中职", "中职三年级": "中职",
    "高职高专一年级": "高职", "高职高专二年级": "高职", "高职高专三年级": "高职", "本科": "大专及以上",
}  # fmt: skip


@dataclass(eq=False)
class Household:
    """A household (户), with what the register says of it."""

    household_id: str
    town: str
    village: str
    hamlet: str
    registered: bool = True
    members: list[Person] = field(default_factory=list)
    size: int | None = None
    poverty_type: str = PLAIN
    exit_status: str = "已脱贫"
    exit_year: int | None = None
    main_cause: str = ""
    net_income: float | None = None
    unsafe_house: bool | None = False
    safe_water: bool | None = True
    helper: str = ""
    electricity: bool | None = True
    cropland: float | None = None
    forest: float | None = None
    road_distance: float | None = None
    operating_income: float | None = None
    watch_type: str = ""
    risk: str = ""
    risk_cleared: bool | None = None
    identified_on: date | None = None
    cleared_on: date | None = None
    help: dict[str, str] = field(default_factory=dict)

    @property
    def head(self) -> Person:
        """The head (户主), else the first member."""
        return next((person for person in self.members if person.relation == "户主"), self.members[0])


@dataclass(eq=False)
class Person:
    """A row of the register or watchlist (人), with what it says; ``records`` are the bureaus' rows about the person.

    ``registered_id`` and ``sex`` are as the list writes them, ``id_number`` is the true one. ``tidy``: the export writes
    name and number as they are here.
    """

    person_no: str
    household: Household
    name: str
    id_number: str
    birth: date
    sex: str
    relation: str
    phone: str
    registered_id: str = ""
    ethnicity: str = "汉族"
    education: str = ""
    school_status: str = "非在校生"
    health: tuple[str, ...] = ("健康",)
    labour: str = "普通劳动力"
    work_place: str = ""
    work_months: int | None = None
    monthly_wage: int | None = None
    public_post: str = ""
    post_months: int | None = None
    dropout_reason: str = ""
    basic_insured: bool | None = True
    employee_insured: bool | None = False
    pension_insured: bool | None = None
    serious_insured: bool | None = True
    poverty_type: str = ""
    tidy: bool = False
    records: dict[str, list[Record]] = field(default_factory=dict)

    @property
    def town(self) -> str:
        return self.household.town

    @property
    def village(self) -> str:
        return self.household.village

    def of(self, kind: str) -> list[Record]:
        """The records of one kind that are about this person (and may be used: not those for review)."""
        return [record for record in self.records.get(kind, []) if not record.review]


@dataclass(eq=False)
class Record:
    """A row of a bureau's export; ``person`` is whom it is really about. ``review``: too little says so."""

    kind: str
    values: dict[str, Any]
    person: Person | None = None
    review: bool = False
    tidy: bool = False

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.values[name] = value


@dataclass
class World:
    """Everything there is. ``households`` stand in the register's order, ``watch_only`` are not in it."""

    as_of: date
    towns: dict[str, tuple[str, ...]] = field(default_factory=lambda: TOWNS)
    households: list[Household] = field(default_factory=list)
    watch_only: list[Household] = field(default_factory=list)
    records: dict[str, list[Record]] = field(default_factory=dict)

    def add(self, kind: str, who: Person | Stranger | None, /, **values: Any) -> Record:
        """A bureau's row about somebody (or, with ``None``, about no person)."""
        person = who if isinstance(who, Person) else None
        if who is not None:
            place = {"town": who.town, "village": who.village, "phone": who.phone}
            values = {"name": who.name, "id_number": who.id_number, **place, **values}
        record = Record(kind, values, person)
        self.records.setdefault(kind, []).append(record)
        if person is not None:
            person.records.setdefault(kind, []).append(record)
        return record

    def drop(self, record: Record) -> None:
        """Take a row out of its bureau's export."""
        self.records[record.kind].remove(record)
        if record.person is not None:
            record.person.records[record.kind].remove(record)

    def drop_all(self, person: Person, *kinds: str) -> None:
        for kind in kinds:
            for record in list(person.records.get(kind, [])):
                self.drop(record)

    def homes(self) -> tuple[Household, ...]:
        """All households of both lists."""
        return (*self.households, *self.watch_only)

    def people(self) -> Iterator[Person]:
        """The register's rows."""
        for household in self.households:
            yield from household.members

    def watched(self) -> Iterator[Person]:
        """Those on the watchlist who are not in the register."""
        for household in self.watch_only:
            yield from household.members

    def age(self, person: Person) -> int:
        return full_years(person.birth, self.as_of)

    def school_age(self, person: Person) -> int:
        return full_years(person.birth, school_day(self.as_of))
