"""What becomes of each thing seen in a list: hit, boundary, with and without memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fupin_cli.intake.model import FileReport
from tests.receipt.lists import (
    AID,
    DEATHS,
    DIBAO,
    INSURANCE,
    JUNE,
    LING,
    RELIEF,
    RENOVATIONS,
    ROLL,
    SAN,
    WATER,
    doubts,
    people,
    receipt,
    sheet,
    word,
)


def test_a_complete_first_month_has_no_doubt_and_says_what_nobody_can_verify() -> None:
    drawn = receipt({ROLL: people(LING, 5) + people(SAN, 5), DIBAO: people(LING, 3)})
    assert drawn.doubts() == drawn.lost() == {}
    assert "2种" in drawn.unverifiable[0]  # the register and the list of few people


def test_the_same_month_once_more_has_no_doubt_and_nothing_unverifiable() -> None:
    lists = {ROLL: people(LING, 5) + people(SAN, 5), DIBAO: people(LING, 3)}
    again = receipt(lists, last=receipt(lists))
    assert again.doubts() == {} and again.unverifiable == ()


@pytest.mark.parametrize(("old", "doubted"), [(9, True), (8, False)])
def test_list_of_another_year(old: int, doubted: bool) -> None:
    rows = people(LING, old, year=2019) + people(SAN, 10 - old, year=2020)
    found = receipt({INSURANCE: rows}).whole(INSURANCE)
    assert found is not None
    assert (found.state, found.reasons) == (("missing", ("这份名单是2019年的",)) if doubted else ("complete", ()))


@pytest.mark.parametrize(
    ("term", "as_of", "doubted"),
    [
        ("2019春", JUNE, True),
        ("2019秋", JUNE, False),
        ("2020春", date(2020, 9, 30), False),
        ("2020春", date(2020, 11, 30), True),
    ],
)
def test_aid_of_another_school_year(term: str, as_of: date, doubted: bool) -> None:
    assert (AID in doubts({AID: people(LING, 5, term=term)}, as_of=as_of)) == doubted


def test_aid_without_a_term_is_of_the_term_of_its_date() -> None:
    paid = {"paid_on": "2019-04-10", "paid_on_year": 2019}
    assert AID in doubts({AID: people(LING, 5, **paid)})


def test_list_without_any_date_is_of_no_other_year() -> None:
    assert doubts({INSURANCE: people(LING, 5) + people(SAN, 5)}) == {}


@pytest.mark.parametrize(("registered", "doubted"), [(30, {SAN}), (19, set())])
def test_town_nobody_of_which_is_in_a_list_of_everybody(registered: int, doubted: set[str]) -> None:
    register = people(LING, 30) + people(SAN, registered)
    found = doubts({"register.persons": register, ROLL: people(LING, 20)})
    assert found.get(ROLL, set()) == doubted


def test_rows_of_strangers_do_not_reach_a_town() -> None:
    strangers = [{**row, "id_number_key": f"别人{n}"} for n, row in enumerate(people(SAN, 20))]
    assert doubts({ROLL: people(LING, 20) + strangers}) == {ROLL: {SAN}}


def test_town_is_the_registers_where_the_list_has_none() -> None:
    rows = [{**row, "town": None} for row in people(LING, 20) + people(SAN, 20)]
    found = receipt({ROLL: rows}).scope(ROLL, SAN)
    assert found is not None and found.rows == 20


def test_water_by_village_reaches_its_town() -> None:
    register = [{**row, "village": f"{row['town']}村"} for row in people(LING, 30) + people(SAN, 30)]
    villages = [{"village": f"{town}村", "conclusion": "达标"} for town in (LING, SAN)]
    assert doubts({"register.persons": register, WATER: villages}) == {}
    assert doubts({"register.persons": register, WATER: villages[:1]}) == {WATER: {SAN}}


@pytest.mark.parametrize("before", [1, 12])
def test_town_that_a_list_of_few_had_before(before: int) -> None:
    last = receipt({DIBAO: people(LING, 20) + people(SAN, before)})
    now = receipt({DIBAO: people(LING, 20)}, last=last)
    assert {kind: set(towns) for kind, towns in now.doubts().items()} == {DIBAO: {SAN}}
    assert set(now.lost()[DIBAO]) == {SAN}
    assert doubts({DIBAO: people(LING, 20)}) == {}  # the first time nobody knows


@pytest.mark.parametrize(
    ("before", "now", "doubted"),
    [(10, 5, {SAN}), (10, 6, set()), (11, 6, {SAN}), (9, 4, set())],
)
def test_town_with_half_of_its_rows(before: int, now: int, doubted: set[str]) -> None:
    last = receipt({DIBAO: people(LING, 60) + people(SAN, before)})
    assert doubts({DIBAO: people(LING, 60) + people(SAN, now)}, last=last).get(DIBAO, set()) == doubted


@pytest.mark.parametrize(("before", "now", "doubted"), [(4, 2, {""}), (20, 12, {""}), (20, 13, set()), (3, 1, set())])
def test_whole_list_much_shorter(before: int, now: int, doubted: set[str]) -> None:
    rows = [{"id_number_key": f"别人{n}"} for n in range(before)]
    assert doubts({DIBAO: rows[:now]}, last=receipt({DIBAO: rows})).get(DIBAO, set()) == doubted


def test_a_town_that_explains_the_loss_leaves_the_others_believed() -> None:
    last = receipt({DIBAO: people(LING, 20) + people(SAN, 20)})
    assert doubts({DIBAO: people(LING, 20)}, last=last) == {DIBAO: {SAN}}
    assert doubts({DIBAO: people(LING, 10)}, last=last) == {DIBAO: {""}}


def test_memory_outlives_a_month_in_doubt() -> None:
    first = receipt({DIBAO: people(LING, 20)})
    second = receipt({DIBAO: people(LING, 4)}, last=first)
    assert set(receipt({DIBAO: people(LING, 4)}, last=second).doubts()[DIBAO]) == {""}
    assert doubts({DIBAO: people(LING, 19)}, last=second) == {}


def test_events_of_another_calendar_year_begin_anew() -> None:
    last = receipt({RELIEF: people(LING, 20)})
    assert doubts({RELIEF: people(LING, 2)}, last=last, as_of=date(2021, 1, 31)) == {}
    assert doubts({RELIEF: people(LING, 2)}, last=last, as_of=date(2020, 7, 31)) == {RELIEF: {""}}


def test_the_dead_leave_the_register_but_not_their_list() -> None:
    dead = [{**row, "town": None} for row in people(LING, 3)]
    last = receipt({DEATHS: dead})
    register = people(LING, 30)[3:] + people(SAN, 30)
    assert doubts({"register.persons": register, DEATHS: dead}, last=last) == {}


def test_header_without_rows() -> None:
    last = receipt({DIBAO: people(LING, 5)})
    assert doubts({DIBAO: []}) == doubts({DIBAO: []}, last=last) == {DIBAO: {""}}
    assert doubts({DIBAO: []}, last=receipt({DIBAO: []})) == {}  # it was empty the last time too


def test_list_that_came_before_and_not_now() -> None:
    last = receipt({DIBAO: people(LING, 5)})
    now = receipt({}, last=last)
    assert now.doubts() == now.lost() == {DIBAO: frozenset({""})}
    assert receipt({}).doubts() == {}  # what never came is no doubt
    assert receipt({}, last=now).lost() == {DIBAO: frozenset({""})}  # and it is not forgotten


def test_column_that_used_to_be_filled() -> None:
    last = receipt({RENOVATIONS: people(LING, 5, target_type="建档立卡")})
    now = receipt({RENOVATIONS: people(LING, 5)}, last=last)
    assert "target_type" in now.blanked(RENOVATIONS) and now.doubts() == {}
    assert "target_type" in receipt({RENOVATIONS: people(LING, 5)}, last=now).blanked(RENOVATIONS)
    assert last.blanked(RENOVATIONS) == frozenset()


class TestUnread:
    """What was not read and belongs to a kind by its name or headers."""

    def test_scan_alone(self) -> None:
        pdf = sheet(file="住建局/危房改造台账.pdf")
        assert doubts({}, _skipped(pdf)) == {RENOVATIONS: {""}}

    def test_town_in_the_name(self) -> None:
        scan = _skipped(sheet(file="三江镇危房改造.pdf"))
        assert doubts({RENOVATIONS: people(LING, 3)}, scan) == {RENOVATIONS: {SAN}}

    def test_scan_in_place_of_a_list_that_came_before(self) -> None:
        last = receipt({RENOVATIONS: people(LING, 5)})
        scan = _skipped(sheet(file="危房改造.pdf"))
        now = receipt({}, scan, last=last, accepted=[word(RENOVATIONS, of=receipt({}, scan))])
        assert now.doubts() == {} and set(now.lost()) == {RENOVATIONS}
        assert set(receipt({}, last=now).lost()) == {RENOVATIONS}
        town = receipt({}, _skipped(sheet(file="三江镇危房改造.pdf")), last=last)
        assert set(town.doubts()[RENOVATIONS]) == {""}

    def test_scan_beside_its_list(self) -> None:
        pdf = _skipped(sheet(file=f"{RENOVATIONS}（盖章扫描件）.pdf"))
        assert doubts({RENOVATIONS: people(LING, 3)}, pdf) == {}

    def test_general_word_in_the_folder_of_the_bureau(self) -> None:
        assert doubts({}, _skipped(sheet(file="医保局/2020年度参保名册.rar"))) == {INSURANCE: {""}}
        assert doubts({}, _skipped(sheet(file="人社局/2020年度参保名册.rar"))) == {}

    def test_other_papers(self) -> None:
        for name in ("报送说明.md", "医保局/照片.jpg", "关于报送危房改造数据的通知.pdf", "农村户厕改造台账.pdf"):
            assert doubts({}, _skipped(sheet(file=name))) == {}, name

    def test_refused_sheet(self) -> None:
        assert doubts({}, sheet(DIBAO, "refused", "名册.xlsx")) == {DIBAO: {""}}

    def test_unrecognised_headers_under_its_name(self) -> None:
        assert doubts({}, sheet("", "unrecognised", "危房改造2.xlsx")) == {RENOVATIONS: {""}}

    def test_other_list_is_listed_only(self) -> None:
        assert doubts({}, sheet("", "ambiguous", "危房改造2.xlsx"), sheet("", "unrecognised", "党员花名册.xlsx")) == {}

    def test_empty_file_of_its_name(self) -> None:
        assert doubts({}, sheet("", "ignored", "危房改造.xlsx", message="空表")) == {RENOVATIONS: {""}}


def test_set_aside_is_said() -> None:
    drawn = receipt({}, sheet(ROLL, "superseded", "五月.xlsx", message="用新的"))
    assert [one.file for one in drawn.aside] == ["五月.xlsx"]


class TestWords:
    """A person's word lifts a doubt."""

    def test_for_these_files_only(self) -> None:
        first = receipt({DIBAO: []})
        assert doubts({DIBAO: []}, accepted=[word(DIBAO, of=first)]) == {}
        other = word(DIBAO, of=receipt({}, sheet(DIBAO, "refused", "别的.xlsx")))
        assert doubts({DIBAO: []}, accepted=[other]) == {DIBAO: {""}}

    def test_standing(self) -> None:
        assert doubts({DIBAO: []}, accepted=[word(DIBAO, standing=True)]) == {}

    def test_for_a_town(self) -> None:
        rows = {ROLL: people(LING, 20)}
        assert doubts(rows, accepted=[word(ROLL, SAN, of=receipt(rows))]) == {}
        assert doubts(rows, accepted=[word(ROLL, LING, of=receipt(rows))]) == {ROLL: {SAN}}

    def test_of_a_list_that_did_not_come(self) -> None:
        last = receipt({DIBAO: people(LING, 5)})
        once = receipt({}, last=last, accepted=[word(DIBAO)])
        assert once.doubts() == {} and set(once.lost()) == {DIBAO}
        assert receipt({}, last=last, accepted=[word(DIBAO, standing=True)]).lost() == {}
        assert set(receipt({}, last=last, as_of=date(2020, 7, 31), accepted=[word(DIBAO)]).doubts()) == {DIBAO}

    def test_what_was_accepted_is_what_the_next_month_is_measured_against(self) -> None:
        short = receipt({DIBAO: people(LING, 4)}, last=receipt({DIBAO: people(LING, 20)}))
        assert doubts({DIBAO: people(LING, 4)}, last=short.with_words([word(DIBAO, of=short)])) == {}


def _skipped(file: FileReport) -> FileReport:
    return replace(file, sheets=(), skipped="不是表格文件，没有读取")
