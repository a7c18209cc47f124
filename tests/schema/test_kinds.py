"""Schemas: all kinds load, broken YAML is reported with its line, a workspace can add aliases and kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_cli.errors import FupinError
from fupin_cli.fields.places import Places
from fupin_cli.intake.read import read_paths
from fupin_cli.schema.columns import canonical_columns
from fupin_cli.schema.kinds import load_kinds
from tests.intake.conftest import ID, ROLL, xlsx

SPEC = (
    "register.persons register.households register.watchlist education.enrolment education.exemptions education.aid "
    "education.vocational_aid health.insurance health.chronic health.contracts health.followups health.serious health.inpatient "
    "health.outpatient health.facilities housing.appraisals housing.renovations water.appraisals water.works civil.dibao civil.tekun "
    "civil.relief civil.deaths disability.certificates disability.allowances employment.status employment.posts agriculture.awards "
    "finance.loans finance.projects village.books village.infrastructure work.progress"
)  # fmt: skip


def test_every_kind_is_there() -> None:
    assert set(load_kinds()) == set(SPEC.split())


def test_lists_that_should_cover_everybody() -> None:
    covering = {kind.id for kind in load_kinds().values() if kind.covers == "population"}
    assert covering == {
        "education.enrolment",
        "health.insurance",
        "housing.appraisals",
        "water.appraisals",
        "employment.status",
    }


@pytest.mark.parametrize("kind", SPEC.split())
def test_no_alias_means_two_fields_of_a_kind(kind: str) -> None:
    seen: dict[str, str] = {}
    for field in load_kinds()[kind].fields:
        assert seen.setdefault(field.title, field.name) == field.name
        assert set(canonical_columns(load_kinds()[kind])) > {field.name}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("kind: a.b\ntitle: [x\n", 3, "YAML"),
        ("kind: a.b\ntitle: 甲\nbureau: 乙\nnature: list\n", 4, "nature"),
        ("kind: a.b\ntitle: 甲\nbureau: 乙\nnature: events\ncolour: red\n", 5, "colour"),
        (
            "kind: a.b\ntitle: 甲\nbureau: 乙\nnature: events\nrow_key: [x]\nfields:\n  - {name: x, title: X, type: money}\n",
            7,
            "money",
        ),
        (
            "kind: a.b\ntitle: 甲\nbureau: 乙\nnature: events\nrow_key: [x]\nfields:\n  - {name: x, title: X, type: code}\n",
            7,
            "vocabulary",
        ),
        ("extends: no.kind\n", 1, "no.kind"),
    ],
)
def test_broken_schema_is_reported_with_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    (tmp_path / "坏.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FupinError) as error:
        load_kinds(tmp_path)
    assert f"坏.yaml第{line}行" in str(error.value) and said in str(error.value)


def test_workspace_adds_an_alias_and_a_value(tmp_path: Path) -> None:
    schemas, data = tmp_path / "schemas", tmp_path / "data"
    schemas.mkdir(), data.mkdir()
    text = "extends: education.enrolment\nfields:\n  - {name: id_number, aliases: [学生证件]}\n  - {name: status, vocabulary: {在读: [上学中]}}\n"
    (schemas / "学籍.yaml").write_text(text, encoding="utf-8")
    header = tuple("学生证件" if name == "身份证号" else name for name in ROLL)
    xlsx(data / "学籍.xlsx", [header, ("陈一", ID, "一小", "小学", "上学中")])
    table = read_paths([data], load_kinds(schemas), Places()).tables["education.enrolment"].collect()
    assert (table["id_number_key"][0], table["status"][0]) == (ID, "在读")
    assert "学生证件" not in load_kinds()["education.enrolment"].field("id_number").aliases


def test_workspace_adds_a_kind(tmp_path: Path) -> None:
    schemas, data = tmp_path / "schemas", tmp_path / "data"
    schemas.mkdir(), data.mkdir()
    text = "kind: army.veterans\ntitle: 退役军人\nbureau: 区退役军人局\nnature: snapshot\ninclude: [person]\nrequire: [name, served]\n"
    text += "fields:\n  - {name: served, title: 服役年限, type: number}\n"
    (schemas / "退役.yaml").write_text(text, encoding="utf-8")
    xlsx(data / "名单.xlsx", [("姓名", "服役年限"), ("陈一", 5)])
    assert read_paths([data], load_kinds(schemas), Places()).tables["army.veterans"].collect()["served"].to_list() == [
        5
    ]


@pytest.mark.parametrize("kind", SPEC.split())
def test_list_of_a_kinds_own_titles_is_taken_for_it_even_when_empty(tmp_path: Path, kind: str) -> None:
    definition = load_kinds()[kind]
    header = ",".join(field.title for field in definition.fields)
    (tmp_path / f"{definition.title}.csv").write_text(header + "\n", encoding="utf-8")
    intake = read_paths([tmp_path], load_kinds(), Places())
    (sheet,) = intake.files[0].sheets
    assert (sheet.kind, sheet.state, len(intake.tables[kind].collect())) == (kind, "loaded", 0)
    assert list(intake.tables[kind].collect().columns) == list(canonical_columns(definition))


@pytest.mark.parametrize(
    ("name", "header", "kind"),
    [
        ("学生资助发放", "姓名,身份证号,金额,发放日期", "education.aid"),
        ("雨露计划补助", "姓名,身份证号,金额,发放日期", "education.vocational_aid"),
        ("家庭医生签约名单", "姓名,身份证号,年度,状态", "health.contracts"),
        ("大病专项救治台账", "姓名,身份证号,病种", "health.serious"),
        ("农村住房安全鉴定", "户主姓名,身份证号,鉴定等级", "housing.appraisals"),
        ("农村饮水安全评价", "行政村,评价结论", "water.appraisals"),
        ("殡葬火化人员名单", "姓名,身份证号", "civil.deaths"),
        ("农村低保对象花名册", "姓名,身份证号,状态", "civil.dibao"),
        ("特困人员花名册", "姓名,身份证号", "civil.tekun"),
        ("临时救助发放表", "姓名,身份证号", "civil.relief"),
        ("死亡人员名单", "死者姓名,身份证号", "civil.deaths"),
        ("农村危房改造台账", "户主姓名,身份证号", "housing.renovations"),
        ("贫困劳动力就业信息", "姓名,身份证号,镇,村", "employment.status"),
        ("公益岗位人员花名册", "姓名,身份证号,月工资", "employment.posts"),
    ],
)
def test_list_with_only_its_required_columns_is_known_by_its_name(
    tmp_path: Path, name: str, header: str, kind: str
) -> None:
    (tmp_path / f"{name}.csv").write_text(f"{header}\n", encoding="utf-8")
    assert list(read_paths([tmp_path], load_kinds(), Places()).tables) == [kind]


@pytest.mark.parametrize(
    "name",
    [
        "低保边缘户名单",
        "停发低保对象名单",
        "未签约家庭医生名单",
        "有就业意愿人员名单",
        "厕所改造户名单",
        "特困学生名单",
    ],
)
def test_list_of_who_is_not_in_a_kind_is_not_known_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.csv").write_text("姓名,身份证号\n陈一,460108198001010017\n", encoding="utf-8")
    assert list(read_paths([tmp_path], load_kinds(), Places()).tables) == []


@pytest.mark.parametrize(
    ("name", "header", "state"),
    [
        ("2020年参保名册", "姓名,身份证号,镇,村,年度,险种,个人应缴", "refused"),
        ("慢性病门诊结算", "姓名,身份证号,病种,总费用,个人自付", "refused"),
        ("随访记录", "姓名,身份证号,病种", "refused"),
        ("花名册", "姓名,身份证号,镇,村,联系电话", "unrecognised"),
    ],
)
def test_list_that_lacks_a_required_column_is_not_taken_for_a_simpler_one(
    tmp_path: Path, name: str, header: str, state: str
) -> None:
    (tmp_path / f"{name}.csv").write_text(f"{header}\n", encoding="utf-8")
    intake = read_paths([tmp_path], load_kinds(), Places())
    assert ([sheet.state for sheet in intake.files[0].sheets], intake.tables) == ([state], {})


@pytest.mark.parametrize(("written", "said"), [
    ("expected: 大概", "expected"), ("expected_when: [空]", "expected_when"), ("expected_when: {age: [16]}", "范围"), ("range: [0, 多]", "范围"),
    ("enum: 汉族", "enum"), ('pattern: "("', "pattern"), ("expected_when: {nowhere: [空]}", "nowhere"),
])  # fmt: skip
def test_broken_expectation_is_reported(tmp_path: Path, written: str, said: str) -> None:
    text = f"kind: a.b\ntitle: 甲\nbureau: 乙\nnature: events\nrow_key: [x]\nfields:\n  - {{name: x, title: X, type: text, {written}}}\n"
    (tmp_path / "坏.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FupinError, match=said):
        load_kinds(tmp_path)


def test_workspace_adds_an_expectation_and_leaves_the_others(tmp_path: Path) -> None:
    text = "extends: register.persons\nfields:\n  - {name: helper, expected: 一般}\n  - {name: ethnicity, expected: false}\n"
    (tmp_path / "本地.yaml").write_text(text, encoding="utf-8")
    kind = load_kinds(tmp_path)["register.persons"]
    helper, ethnicity = kind.field("helper").expectation, kind.field("ethnicity").expectation
    assert (helper.severity, ethnicity.severity) == ("一般", "")
    assert ethnicity.pattern == load_kinds()["register.persons"].field("ethnicity").expectation.pattern != ""
