"""Units of a finding, and what each of them says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_cli.ledger.joint import joined, units_of, words_of

UNITS = ("区教育局", "灵山镇", "区民政局")


@pytest.mark.parametrize(
    ("owner", "units"),
    [
        ("区教育局、灵山镇", ("区教育局", "灵山镇")), ("区教育局，区教育局 ; 灵山镇", ("区教育局", "灵山镇")), ("", ()), (" 、", ()),
        ("区民政局等单位", ("区民政局",)), ("平等单位", ("平等单位",)), ("区教育局\u202e", ("区教育局",)),
    ],
)  # fmt: skip
def test_units_named_in_an_owner(owner: str, units: tuple[str, ...]) -> None:
    assert units_of(owner) == units


@given(st.dictionaries(st.sampled_from(("", *UNITS)), st.text("甲；乙（），", min_size=1)))
def test_words_of_units_are_told_apart_again(words: dict[str, str]) -> None:
    assert words_of(joined(words, UNITS), UNITS) == words


def test_words_of_a_single_unit_need_no_name() -> None:
    assert joined({"区教育局": "补录（区教育局）；回访"}, UNITS[:1]) == "补录（区教育局）；回访"
    assert words_of("补录（区教育局）；回访", UNITS[:1]) == {"区教育局": "补录（区教育局）；回访"}
