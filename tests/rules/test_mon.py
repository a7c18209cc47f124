"""MON: the watchlist against what is known of its households."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fupin_cli.rules.catalogue import catalogue
from fupin_cli.rules.check import run_rules
from tests.rules import conftest

CHRONIC, SERIOUS, ROLL, STATUS, POSTS = (
    "health.chronic", "health.serious", "education.enrolment", "employment.status", "employment.posts",
)  # fmt: skip
CERTIFICATES, ALLOWANCES, APPRAISALS = "disability.certificates", "disability.allowances", "housing.appraisals"
DIBAO, TEKUN = "civil.dibao", "civil.tekun"
AT_WORK: dict[str, Any] = {STATUS: [], POSTS: []}
REGISTERED = {"household_id": "H9", "name": "王九", "net_income": 9000.0, "labour": "普通劳动力"}
WATCHED: dict[str, Any] = {
    "household_id": "W1", "name": "陈一", "watch_type": "边缘户", "risk": "因灾", "risk_cleared": False, "identified_on": date(2020, 2, 1),
    "helper": "张三", "phone": "13800138000", "help_society": "社会帮扶", "labour": "弱劳动力或半劳动力", "health": "健康",
    "school_status": "非在校生", "net_income": 9000.0, "education": "初中", "birth": 19800101,
}  # fmt: skip
# A second household tells everything, so that every column is there.
OTHER = {**WATCHED, "household_id": "W9", "name": "李九", "measures": "产业"}


def found(rules: Any, rule: str, sources: Any = None, members: Any = None, **changes: Any) -> list[dict[str, str]]:
    """Findings on one household of the watchlist. ``of`` in sources: 2 is its first member, 3 the next."""
    watch = [{**WATCHED, **changes}, *({**WATCHED, **one} for one in members or ()), OTHER]
    findings = rules(rule, [REGISTERED], sources, watch=watch)
    return [one for one in findings if one["household_id"] == "W1"]


def state(rule: str, watch: list[dict[str, Any]]) -> Any:
    return conftest.Rules().run(rule, [REGISTERED], None, conftest.AS_OF, None, watch, None, (), ())


@pytest.mark.parametrize("rule", [f"MON-0{number}" for number in range(1, 9)])
def test_not_checked_without_the_watchlist(rules: Any, rule: str) -> None:
    assert rules.state(rule, [REGISTERED], {}) == "not_checked"


def test_sound_household_has_no_finding_and_findings_name_their_household(rules: Any) -> None:
    for number in range(1, 9):
        assert found(rules, f"MON-0{number}", {DIBAO: []}) == []
    (finding,) = found(rules, "MON-01", identified_on=None)
    assert (finding["subject_type"], finding["name"], finding["owner"]) == ("household", "陈一", "灵山镇、区扶贫办")


@pytest.mark.shows("MON-01", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "item"), [
    ({"watch_type": None}, "监测对象类别"), ({"watch_type": None, "watch_type_raw": "别的"}, ""), ({"risk": None}, "风险类型"),
    ({"risk": None, "risk3": "因病"}, ""), ({"identified_on": None}, "识别监测时间"), ({"helper": None}, "联系人"),
    ({"helper": None, "contact": "赵四"}, ""), ({"phone": None}, "联系电话"), ({"phone": None, "contact_phone": "1"}, ""),
])  # fmt: skip
def test_mon_01_names_what_is_blank(rules: Any, changes: dict[str, Any], item: str) -> None:
    findings = found(rules, "MON-01", **changes)
    assert [one["register_value"] for one in findings] == ([f"监测名单空项：{item}"] if item else [])


@pytest.mark.shows("MON-01", "exempt")
def test_mon_01_one_member_may_tell_it_for_all(rules: Any) -> None:
    assert found(rules, "MON-01", members=[{"name": "陈二"}], phone=None) == []


@pytest.mark.shows("MON-01", "exempt")
def test_mon_01_says_nothing_of_the_dead(rules: Any) -> None:
    assert found(rules, "MON-01", {"civil.deaths": [{"of": 2, "died_on": date(2020, 6, 30)}]}, phone=None) == []


@pytest.mark.shows("MON-01", "unknown")
def test_mon_01_column_nobody_filled_was_not_exported() -> None:
    findings, check = state("MON-01", [{**WATCHED, "identified_on": None}])
    assert (findings, check.state) == ([], "partial")


@pytest.mark.shows("MON-02", "hit", "boundary", "unknown")
@pytest.mark.parametrize(("risk", "measures", "hits"), [
    ("因病", {}, 1), ("因病", {"help_health": "签约服务"}, 0), ("因病", {"help_society": "捐款"}, 0), ("因病", {"help_health": "无"}, 1),
    ("因病", {"measures": "健康帮扶、产业帮扶"}, 0), ("因病", {"help_industry": "种植"}, 1), ("因学", {"help_schooling": "控辍"}, 0),
    ("因学", {"help_education": "资助"}, 0), ("因残", {"help_welfare": "两项补贴"}, 0), ("因残", {"help_health": "康复"}, 1),
    ("因安全住房", {"help_move": "搬迁"}, 0), ("因安全住房", {"help_society": "捐款"}, 1), ("因安全饮水", {"help_water": "入户"}, 0),
    ("因安全饮水", {}, 1), ("未参保", {"help_health": "参保"}, 0), ("因灾", {}, 0), (None, {}, 0),
])  # fmt: skip
def test_mon_02_a_risk_needs_one_of_its_measures(
    rules: Any, risk: str | None, measures: dict[str, str], hits: int
) -> None:
    assert len(found(rules, "MON-02", **{"risk": risk, "help_society": None, **measures})) == hits


@pytest.mark.shows("MON-02", "hit", "exempt")
def test_mon_02_every_risk_is_looked_at_unless_cleared(rules: Any) -> None:
    changes = {"risk": "因灾", "risk2": "因病", "risk5": "因残", "help_society": None}
    (finding,) = found(rules, "MON-02", **changes)
    assert "因残（应有综合、社会帮扶之一）、因病（应有健康、社会帮扶之一）" in finding["detail"]
    assert found(rules, "MON-02", **changes, risk_cleared=True) == []
    assert len(found(rules, "MON-02", **changes, risk_cleared=None)) == 1


@pytest.mark.shows("MON-02", "unknown")
@pytest.mark.shows("MON-04", "unknown")
@pytest.mark.shows("MON-07", "unknown")
@pytest.mark.parametrize("rule", ["MON-02", "MON-04", "MON-07"])
def test_measures_that_were_not_exported_are_not_missing(rule: str) -> None:
    watch = [
        {**WATCHED, "risk": "因病", "help_society": None, "labour": "普通劳动力", "identified_on": date(2019, 1, 1)}
    ]
    findings, check = conftest.Rules().run(rule, [REGISTERED], {DIBAO: []}, conftest.AS_OF, None, watch, None, (), ())
    assert (findings, check.state) == ([], "not_checked")


@pytest.mark.shows("MON-03", "hit", "exempt", "unknown")
@pytest.mark.parametrize(("risk", "changes", "sources", "hits"), [
    ("因病", {}, {CHRONIC: [], SERIOUS: []}, 1), ("因病", {}, {CHRONIC: []}, 0), ("因病", {"health": "长期慢性病"}, {CHRONIC: [], SERIOUS: []}, 0),
    ("因病", {"health": None}, {CHRONIC: [], SERIOUS: []}, 0), ("因病", {}, {CHRONIC: [{"of": 2}], SERIOUS: []}, 0),
    ("因病", {}, {CHRONIC: [], SERIOUS: [{"of": 2}]}, 0),
    ("缺劳动力", {}, {}, 0), ("缺劳动力", {"labour": "普通劳动力"}, {}, 1), ("缺劳动力", {"labour": None}, {}, 0),
    ("因务工就业不稳", {}, AT_WORK, 1), ("因务工就业不稳", {}, {}, 0), ("因务工就业不稳", {}, {STATUS: []}, 0), ("因务工就业不稳", {"work_place": "省外"}, AT_WORK, 0),
    ("因务工就业不稳", {}, {**AT_WORK, STATUS: [{"of": 2, "employed": True}]}, 0), ("因务工就业不稳", {}, {**AT_WORK, STATUS: [{"of": 2, "employed": False}]}, 1),
    ("因务工就业不稳", {}, {STATUS: [], POSTS: [{"of": 2, "post": "保洁员"}]}, 0),
    ("因残", {}, {CERTIFICATES: []}, 1), ("因残", {}, {}, 0), ("因残", {}, {CERTIFICATES: [{"of": 2}]}, 0),
    ("因残", {"id_number_status": "disability20"}, {CERTIFICATES: []}, 0),
    ("因安全住房", {}, {APPRAISALS: [{"of": 2, "grade": "B"}]}, 1), ("因安全住房", {}, {APPRAISALS: [{"of": 2, "grade": "C"}]}, 0),
    ("因安全住房", {}, {APPRAISALS: []}, 0), ("因安全住房", {}, {APPRAISALS: [{"of": 2, "grade": None}]}, 0),
    ("因学", {}, {ROLL: []}, 1), ("因学", {"school_status": "小学"}, {ROLL: []}, 0), ("因学", {}, {ROLL: [{"of": 2, "status": "在读"}]}, 0),
    ("因学", {}, {ROLL: [{"of": 2, "status": None, "status_raw": raw} for raw in (None, "？")]}, 0), ("因学", {}, {ROLL: [{"of": 2, "status": "休学"}]}, 1),
    ("因学", {"school_status": None, "education": None}, {ROLL: []}, 0), ("因学", {}, {}, 0), ("因灾", {}, {CHRONIC: [], SERIOUS: []}, 0),
])  # fmt: skip
def test_mon_03_risk_against_the_facts(rules: Any, risk: str, changes: dict[str, Any], sources: Any, hits: int) -> None:
    assert len(found(rules, "MON-03", sources, risk=risk, **changes)) == hits
    assert found(rules, "MON-03", sources, risk=risk, risk_cleared=True, **changes) == []


@pytest.mark.shows("MON-03", "hit", "boundary")
@pytest.mark.parametrize(("others", "hits"), [(2, 1), (3, 0)])
def test_mon_03_a_quarter_able_is_not_more_than_a_quarter(rules: Any, others: int, hits: int) -> None:
    members = [{"name": f"陈{n}", "labour": "无劳动力", "risk": "缺劳动力"} for n in range(others)]
    assert len(found(rules, "MON-03", members=members, risk="缺劳动力", labour="技能劳动力")) == hits


@pytest.mark.parametrize(("blank", "wanted"), [({}, "checked"), ({"name": "陈二", "school_status": None}, "partial")])
def test_mon_03_needs_the_schooling_only_of_those_whose_school_status_is_blank(
    blank: dict[str, Any], wanted: str
) -> None:
    lists: dict[str, Any] = {kind: [] for kind in (CHRONIC, SERIOUS, ROLL, STATUS, POSTS, CERTIFICATES, APPRAISALS)}
    out = {"work_place": "省外", "work_months": 3.0, "education": None}
    watch = [{**WATCHED, **out}, {**WATCHED, **out, **blank}]
    registered = [{**REGISTERED, **out, "health": "健康", "school_status": "非在校生"}]
    _, check = conftest.Rules().run("MON-03", registered, lists, conftest.AS_OF, None, watch, None, (), ())
    assert check.state == wanted


def test_mon_03_newest_appraisal_counts(rules: Any) -> None:
    old, new = (
        {"of": 2, "grade": "D", "appraised_on": date(2018, 1, 1)},
        {"of": 2, "grade": "A", "appraised_on": date(2020, 1, 1)},
    )
    assert len(found(rules, "MON-03", {APPRAISALS: [old, new]}, risk="因安全住房")) == 1
    assert (
        found(rules, "MON-03", {APPRAISALS: [{**new, "appraised_on": date(2017, 1, 1)}, old]}, risk="因安全住房") == []
    )


@pytest.mark.parametrize(("rule", "kind", "said"), [
    ("MON-03", ROLL, {"risk": "因学"}), ("MON-03", STATUS, {"risk": "因务工就业不稳"}), ("MON-04", STATUS, {"help_work": "推荐就业"}),
    ("MON-04", DIBAO, {"help_welfare": "低保"}),
])  # fmt: skip
def test_list_that_is_in_doubt_for_a_town_says_nothing_of_its_households(
    rules: Any, rule: str, kind: str, said: dict[str, str]
) -> None:
    registered = {**REGISTERED, "school_status": "非在校生", "work_place": "无", "work_months": 0.0}
    homes = [{**WATCHED, "work_place": "无", "work_months": 0.0, **said, "town": town} for town in ("灵山镇", "三江镇")]
    watch = [home | {"household_id": home["town"]} for home in homes]
    for tables, book in rules.books([registered], {**AT_WORK, kind: []}, watch=watch):
        outcome = run_rules(replace(book, doubts={kind: frozenset({"三江镇"})}), tables, [catalogue()[rule]])
        (check,) = outcome.checks
        assert outcome.findings["town"].to_list() == ["灵山镇"]
        assert (check.state, check.towns, kind in check.missing) == ("partial", ("三江镇",), True)


@pytest.mark.shows("MON-04", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("measures", "sources", "hits"), [
    ({"help_welfare": "低保"}, {DIBAO: []}, 1), ({"help_welfare": "低保"}, {DIBAO: [{"of": 2, "status": "在享"}]}, 0),
    ({"help_welfare": "低保"}, {DIBAO: [{"of": 2, "status": "停发"}]}, 1), ({"help_welfare": "低保"}, {DIBAO: [{"of": 2, "status_raw": "?"}]}, 0),
    ({"help_welfare": "低保"}, {TEKUN: []}, 0), ({"help_welfare": "特困供养"}, {TEKUN: []}, 1), ({"measures": "残疾人补贴"}, {ALLOWANCES: []}, 1),
    ({"help_welfare": "残疾人两项补贴"}, {ALLOWANCES: [{"of": 2, "status": "正常"}]}, 0), ({"help_post": "保洁员"}, {POSTS: []}, 1),
    ({"help_post": "保洁员"}, {POSTS: [{"of": 2, "post": "保洁员"}]}, 0), ({"help_post": "保洁员"}, {POSTS: [{"of": 2, "to": date(2020, 6, 29)}]}, 1),
    ({"help_post": "保洁员"}, {POSTS: [{"of": 2, "to": date(2020, 6, 30)}]}, 0), ({"help_welfare": "低保", "risk_cleared": True}, {DIBAO: []}, 0),
    ({"help_work": "推荐就业"}, AT_WORK, 1), ({"help_work": "推荐就业"}, {**AT_WORK, STATUS: [{"of": 2, "employed": True}]}, 0), ({}, {DIBAO: []}, 0),
    ({"help_work": "推荐就业", "work_place": "省外"}, AT_WORK, 0), ({"help_work": "无"}, AT_WORK, 0),
])  # fmt: skip
def test_mon_04_measure_against_the_lists(rules: Any, measures: dict[str, str], sources: Any, hits: int) -> None:
    assert len(found(rules, "MON-04", sources, **measures)) == hits


@pytest.mark.shows("MON-05", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("identified", "cleared", "hits"), [
    (date(2019, 8, 31), date(2020, 2, 29), 1), (date(2019, 8, 31), date(2020, 3, 1), 0), (date(2019, 12, 15), date(2020, 6, 14), 1),
    (date(2019, 12, 15), date(2020, 6, 15), 0), (None, date(2020, 6, 15), 0), (date(2019, 12, 15), None, 0),
])  # fmt: skip
def test_mon_05_cleared_within_six_months(rules: Any, identified: Any, cleared: Any, hits: int) -> None:
    changes = {"risk_cleared": True, "identified_on": identified, "cleared_on": cleared}
    assert len(found(rules, "MON-05", **changes)) == hits
    assert found(rules, "MON-05", **{**changes, "risk_cleared": False}) == []


@pytest.mark.shows("MON-06", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("income", "hits"), [(4999.0, 1), (5000.0, 0), (None, 0)])
def test_mon_06_cleared_and_poor(rules: Any, income: float | None, hits: int) -> None:
    assert len(found(rules, "MON-06", risk_cleared=True, net_income=income)) == hits
    assert found(rules, "MON-06", risk_cleared=False, net_income=income) == []
    assert found(rules, "MON-06", risk_cleared=None, net_income=income) == []


@pytest.mark.shows("MON-06", "hit", "exempt")
def test_mon_06_cleared_and_a_severe_finding_of_this_run_stays(rules: Any) -> None:
    """The household of the register stands on the watchlist under another number."""
    home = {"household_id": "H1", "name": "陈一", "birth": 20100101, "net_income": 9000.0}
    watch = [{**WATCHED, "of": 1, "risk_cleared": True}]
    (finding,) = rules("MON-06", [home], {ROLL: []}, watch=watch, before=("EDU-01",))
    assert (finding["household_id"], finding["source_value"]) == ("W1", "EDU-01 义务教育适龄人口无学籍")
    assert rules("MON-06", [home], {ROLL: [{"of": 1, "status": "在读"}]}, watch=watch, before=("EDU-01",)) == []
    assert rules("MON-06", [home], {ROLL: []}, watch=[{**watch[0], "risk_cleared": False}], before=("EDU-01",)) == []


@pytest.mark.shows("MON-06", "boundary")
def test_mon_06_findings_of_less_weight_or_other_rules_do_not_count(rules: Any) -> None:
    home = {
        "household_id": "W1",
        "name": "陈一",
        "basic_insured": False,
        "employee_insured": False,
        "unsafe_house": True,
    }
    watch = [{**WATCHED, "of": 1, "risk_cleared": True}]
    assert rules("MON-06", [home], {APPRAISALS: []}, watch=watch, before=("REG-26", "HSG-01")) == []


@pytest.mark.shows("MON-07", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({"identified_on": date(2019, 12, 30)}, 1), ({"identified_on": date(2019, 12, 31)}, 0), ({"identified_on": None}, 0),
    ({"identified_on": date(2019, 1, 1), "labour": "弱劳动力或半劳动力"}, 0), ({"identified_on": date(2019, 1, 1), "labour": None}, 0),
    *(({"identified_on": date(2019, 1, 1), name: "有"}, 0) for name in ("help_industry", "help_work", "help_finance", "help_post")),
    ({"identified_on": date(2019, 1, 1), "help_health": "签约"}, 1), ({"identified_on": date(2019, 1, 1), "risk_cleared": True}, 0),
])  # fmt: skip
def test_mon_07_able_for_six_months_without_development(rules: Any, changes: dict[str, Any], hits: int) -> None:
    assert len(found(rules, "MON-07", **{"labour": "普通劳动力", **changes})) == hits


@pytest.mark.parametrize(("theirs", "hits"), [("普通劳动力", 1), ("无劳动力", 0), (None, 0)])
def test_the_register_tells_the_labour_that_the_watchlist_leaves_blank(
    rules: Any, theirs: str | None, hits: int
) -> None:
    watch = [{**WATCHED, "of": 1, "labour": None, "identified_on": date(2019, 1, 1), "risk": "缺劳动力"}, OTHER]
    for rule in ("MON-03", "MON-07"):
        findings = rules(rule, [{**REGISTERED, "labour": theirs}], watch=watch)
        assert [one["household_id"] for one in findings] == ["W1"] * hits


@pytest.mark.parametrize(("income", "hits"), [(4999.0, 1), (5000.0, 0), (None, 0)])
def test_mon_06_takes_the_income_from_the_register_where_the_watchlist_tells_none(
    rules: Any, income: float | None, hits: int
) -> None:
    watch = [{**WATCHED, "of": 1, "risk_cleared": True, "net_income": None}, OTHER]
    assert len(rules("MON-06", [{**REGISTERED, "net_income": income}], watch=watch)) == hits


@pytest.mark.shows("MON-08", "hit", "exempt", "boundary", "unknown")
@pytest.mark.parametrize(("changes", "hits"), [
    ({"labour": "无劳动力", "net_income": 4000.0}, 1), ({"labour": "无劳动力"}, 0), ({"net_income": 4000.0}, 0),
    ({"labour": "无劳动力", "net_income": None}, 0), ({"health": "患有大病", "net_income": 4999.0}, 1),
    ({"health": "患有大病", "net_income": 5000.0}, 0), ({"health": None, "labour": None, "net_income": 4999.0}, 0),
])  # fmt: skip
def test_mon_08_two_risks_and_not_watched(rules: Any, changes: dict[str, Any], hits: int) -> None:
    home = {**REGISTERED, "birth": 19800101, **changes}
    assert len(rules("MON-08", [home], watch=[WATCHED])) == hits
    assert rules("MON-08", [home], watch=[{**WATCHED, "household_id": "H9"}]) == []
    assert rules("MON-08", [home], watch=[{**WATCHED, "of": 1}]) == []


BLANK_MEASURES = {"help_society": None, "help_health": None}


@pytest.mark.parametrize(("rule", "changes"), [
    ("MON-02", {"risk": "因病", **BLANK_MEASURES}),
    ("MON-07", {"labour": "普通劳动力", "identified_on": date(2019, 1, 1)}),
])  # fmt: skip
@pytest.mark.parametrize("gone", ["help_move", "help_health", "help_post"])
def test_measure_whose_column_is_missing_may_have_been_taken(
    rules: Any, rule: str, changes: dict[str, Any], gone: str
) -> None:
    decisive = gone == {"MON-02": "help_health", "MON-07": "help_post"}[rule]
    watch = [{**WATCHED, **changes}, {**OTHER, "help_industry": "种植", "help_health": "签约", "help_society": "捐款"}]
    for tables, book in rules.books([REGISTERED], None, watch=watch):
        columns = {conftest.WATCH: frozenset(conftest.KINDS[conftest.WATCH].names) - {gone}}
        found = run_rules(replace(book, columns=columns), tables, [catalogue()[rule]]).findings
        assert len(found) == (0 if decisive else 1)


@pytest.mark.parametrize(("columns", "hits"), [({"measures"}, 1), ({"measures", "help_move"}, 0)])
def test_measures_may_be_told_in_the_text_alone(rules: Any, columns: set[str], hits: int) -> None:
    """A list with none of the measures' own columns tells of them in 帮扶措施."""
    own = frozenset(conftest.KINDS[conftest.WATCH].names) - {"measures"}
    own = frozenset(name for name in own if not name.startswith("help_"))
    watch = [{**WATCHED, "risk": "因病", "help_society": None}, {**OTHER, "help_society": None, "help_move": "搬迁"}]
    for tables, book in rules.books([REGISTERED], None, watch=watch):
        asked = replace(book, columns={conftest.WATCH: own | columns})
        assert len(run_rules(asked, tables, [catalogue()["MON-02"]]).findings) == hits


@pytest.mark.parametrize(("cleared", "state"), [(None, "checked"), (date(2020, 5, 1), "not_checked")])
def test_nobody_is_cleared_where_neither_column_says_so(rules: Any, cleared: date | None, state: str) -> None:
    """风险是否消除 blank throughout: nobody's is cleared; where 风险消除时间 says when, the column was lost."""
    told = {"identified_on": date(2019, 1, 1), "help_industry": "种植", "risk_cleared": None}
    watch = [{**WATCHED, **told}, {**OTHER, **told, "cleared_on": cleared}]
    assert rules.run("MON-07", [REGISTERED], None, conftest.AS_OF, None, watch, None, (), ())[1].state == state
