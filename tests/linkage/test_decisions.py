"""What people decided wins, in every later run, until it is taken back."""

from __future__ import annotations

from typing import Any

import polars as pl
from tables import KIND, OTHER, decided, link, numberless, person

from fupin_cli.linkage.decisions import ADOPTED, CONFIRMED, REFUSED, SCHEMA, Decided
from fupin_cli.linkage.review import review_rows

PEOPLE = [
    person("陈一", village="东营村", household_id="H1"),
    person("陈一", OTHER, village="东营村", household_id="H2"),
]
RECORD = numberless("陈一", village="东营村")


def said(verdict: str, household: str = "H1", number: str = PEOPLE[0]["id_number"], **more: Any) -> Decided:
    about = {"kind": KIND, "name": "陈一", "number": None, "born": None, "village": "东营村", "phone": None}
    person_ = {"name_p": "陈一", "number_p": number, "household_id_p": household}
    row = {**about, **person_, "verdict": verdict, "said": "李四于2020-06-30确认", **more}
    return Decided(pl.DataFrame([row], schema=SCHEMA))


def test_adopted_candidate_is_linked() -> None:
    linked = link(PEOPLE, [RECORD], said(ADOPTED))
    assert decided(linked) == [(1, "link", CONFIRMED)]
    assert linked.links["evidence"].to_list() == ["李四于2020-06-30确认"]
    assert linked.tables[KIND].collect()["pid"].to_list() == [1]


def test_refused_candidate_leaves_the_other() -> None:
    assert decided(link(PEOPLE, [RECORD], said(REFUSED))) == [(2, "review", "姓名、村一致，证件号缺失")]


def test_last_adoption_of_a_record_counts() -> None:
    both = pl.concat([said(ADOPTED).decisions, said(ADOPTED, "H2", OTHER).decisions])
    assert decided(link(PEOPLE, [RECORD], Decided(both))) == [(2, "link", CONFIRMED)]


def test_refused_link_is_never_made_again_even_on_equal_numbers() -> None:
    about = said(REFUSED, number=OTHER, household="H2", kind=KIND)
    record = person("陈一", OTHER, village="东营村")
    about = Decided(about.decisions.with_columns(number=pl.lit(OTHER), born=pl.lit(19800101, pl.Int64)))
    assert decided(link(PEOPLE, [record])) == [(2, "link", "证件号一致")]
    assert 2 not in [pid for pid, *_ in decided(link(PEOPLE, [record], about))]


def test_decision_about_another_record_changes_nothing() -> None:
    assert decided(link(PEOPLE, [RECORD], said(ADOPTED, phone="13800000001"))) == decided(link(PEOPLE, [RECORD]))


def test_review_rows_carry_what_a_decision_needs() -> None:
    rows = review_rows(link(PEOPLE, [RECORD])).to_dicts()
    assert [(row["name"], row["number"], row["number_p"], row["place"]) for row in rows] == [
        ("陈一", None, PEOPLE[0]["id_number"], "名单!表!1"),
        ("陈一", None, OTHER, "名单!表!1"),
    ]
    assert "姓名、村一致" in rows[0]["level"] and rows[0]["evidence"].startswith("名单缺证件号，姓名相同")
