"""The dead (已死亡人员) and the REG rules: most leave them out, those of the household as written count them; the unborn."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.test_reg import CERTIFICATES, DEATHS, child, died, man, names
from tests.rules.test_reg_facts import ADULT
from tests.rules.test_reg_fields import FULL

FIRST_DIED = {DEATHS: [{"of": 1, "died_on": date(2020, 1, 1)}], CERTIFICATES: []}
SOUND = {**FULL, **ADULT}
HOLDER = {"public_post": "护林员", "post_months": 6.0}


@pytest.mark.shows("REG-15", "hit", "boundary")
def test_reg_15_hits_the_dead_and_exempts_later_deaths(rules: Any) -> None:
    (finding,) = rules("REG-15", [man(), child()], died(1))
    assert finding["name"] == "陈一"
    assert "2020-01-01" in finding["source_value"]
    assert len(rules("REG-15", [man()], died(1, died_on=date(2020, 6, 30)))) == 1
    assert rules("REG-15", [man()], died(1, died_on=date(2020, 7, 1))) == []


@pytest.mark.shows("REG-15", "exempt", "unknown")
def test_reg_15_counts_undated_deaths_and_ignores_strangers(rules: Any) -> None:
    assert len(rules("REG-15", [man()], {DEATHS: [{"of": 1}]})) == 1
    assert rules("REG-15", [man()], {DEATHS: [{"name": "陈一", "died_on": date(2020, 1, 1)}]}) == []


@pytest.mark.shows("REG-01", "exempt")
@pytest.mark.shows("REG-02", "exempt")
@pytest.mark.shows("REG-04", "exempt")
@pytest.mark.shows("REG-09", "exempt")
@pytest.mark.shows("REG-10", "exempt")
@pytest.mark.shows("REG-11", "exempt")
@pytest.mark.shows("REG-12", "exempt")
@pytest.mark.shows("REG-19", "exempt")
@pytest.mark.shows("REG-20", "exempt")
@pytest.mark.shows("REG-26", "exempt")
@pytest.mark.parametrize(("rule", "fault"), [
    ("REG-01", {"id_number_status": "missing"}), ("REG-02", {"id_number_status": "checksum", "id_number": "460108198001011010"}),
    ("REG-04", {"sex": "男", "id_sex": "女"}), ("REG-09", {"school_status": "小学"}), ("REG-10", {"birth": 20150101}),
    ("REG-11", {"birth": 20150101}), ("REG-12", {"health": "患有大病"}), ("REG-13", {"exit_status": "已脱贫", "net_income": 3000.0}),
    ("REG-17", {"birth": 20100101}), ("REG-18", {"ethnicity": None}), ("REG-19", {"cropland": 101.0}), ("REG-20", {"ethnicity": "汉"}),
    ("REG-21", {"phone": None}), ("REG-22", {"education": None}), ("REG-23", {"labour": "无劳动力"}),
    ("REG-24", {"poverty_type": "特困"}), ("REG-25", {"public_post": None, "post_months": 3.0}), ("REG-26", {"basic_insured": False}),
    ("REG-27", {"unsafe_house": True}), ("REG-28", {"labour": "无劳动力"}), ("REG-29", {"dropout_reason": "因病"}),
    ("REG-30", {"health": "残疾"}),
])  # fmt: skip
def test_of_two_alike_only_the_living_is_found(rules: Any, rule: str, fault: dict[str, Any]) -> None:
    alike = [{**SOUND, **fault, "household_id": home, "name": name} for home, name in (("H1", "陈一"), ("H2", "李四"))]
    other = {**SOUND, **HOLDER, "household_id": "H9", "name": "王九", "phone": "13900139000", "work_place": "乡镇内"}
    assert names(rules(rule, [*alike, other], FIRST_DIED, watch=[])) == ["李四"]


@pytest.mark.parametrize(("rule", "head", "member", "hits"), [
    ("REG-05", {}, {}, 0), ("REG-06", {"household_size": 2}, {}, 0), ("REG-07", {}, {"relation": "配偶", "sex": "男"}, 1),
    ("REG-08", {"birth": 19950101}, {}, 1), ("REG-14", {"poverty_type": "低保"}, {"poverty_type": "一般"}, 1),
])  # fmt: skip
def test_household_as_written_keeps_its_dead_head(
    rules: Any, rule: str, head: dict[str, Any], member: dict[str, Any], hits: int
) -> None:
    assert len(rules(rule, [man(**head), child(**member)], FIRST_DIED)) == hits


@pytest.mark.shows("REG-02", "boundary")
@pytest.mark.parametrize(("birth", "hits"), [(20200630, 0), (20200701, 1)])
def test_birth_after_the_day_of_comparison_is_a_faulty_number_and_no_age(rules: Any, birth: int, hits: int) -> None:
    persons = [man(birth=birth, id_number="460108202007010015", labour="普通劳动力")]
    assert len(rules("REG-02", persons)) == hits
    assert len(rules("REG-11", persons)) == 1 - hits
