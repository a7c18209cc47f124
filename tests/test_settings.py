"""fupin.toml and policy.toml: whatever stands in them is either usable or one sentence with file, line and cure."""

from __future__ import annotations

import json
import math
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_cli.cli import main
from fupin_cli.errors import FupinError
from fupin_cli.lights import table
from fupin_cli.policy import (
    CATEGORIES,
    CONDITIONS,
    EDUCATIONS,
    MEASURES,
    SHAPE,
    STAGES,
    default_policy_text,
    load_policy,
)
from fupin_cli.rounds.plan import PLAN
from fupin_cli.rounds.plan import TEMPLATE as ROUNDS
from fupin_cli.rounds.plan import load_plan as load_rounds
from fupin_cli.rules import catalogue, edu, watch_rows
from fupin_cli.schema.kinds import load_kinds
from fupin_cli.settings import line_of
from fupin_cli.supervision.plan import PLAN_FILE, default_plan_text, load_plan
from fupin_cli.workspace import init_workspace, load_workspace

OFFICE = """\
[district]
name = "美兰区"
[towns]
"灵山镇" = ["东营村", "大昌村"]
"演丰镇" = []
[control]
households = 365
persons = 1357
[control.towns]
"灵山镇" = { households = 92, persons = 340 }
"""


def toml(value: Any) -> str:
    """``value`` as TOML."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case float():
            return "nan" if math.isnan(value) else f"{value:+}" if math.isinf(value) else f"{value:.12e}"
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(held)}" for key, held in value.items()) + "}"
        case date():
            return value.isoformat()
    return str(value)


WORDS = st.sampled_from(["", " ", "灵山镇", "小学", "因病", "产业", "务工|就业", "(", "a\nb"]) | st.text(
    st.characters(exclude_categories=("Cs",)), max_size=5
)
SCALARS = st.booleans() | st.integers() | st.sampled_from([0, 1, 14, 6, 10**30]) | st.floats() | WORDS | st.dates()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6
)


def places(data: dict[str, Any], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every key of the tables of ``data``, and one nobody knows in each."""
    found = [(*above, "没有的")]
    for key, value in data.items():
        found += [(*above, key), *(places(value, (*above, key)) if isinstance(value, dict) else [])]
    return found


def with_value(data: dict[str, Any], place: tuple[str, ...], value: Any) -> str:
    """``data`` with this value, a key a line."""
    held = tomllib.loads(toml_lines(data))
    inner = held
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return toml_lines(held)


def toml_lines(data: dict[str, Any]) -> str:
    return "".join(f"{toml(key)} = {toml(value)}\n" for key, value in data.items())


def is_usable_or_one_sentence(path: Path, load: Any) -> None:
    try:
        load()
    except FupinError as error:
        assert re.search(rf"{path.name}第\d+行：.+；处理办法：.+。$", str(error), re.DOTALL), str(error)


POLICY, CONFIG = tomllib.loads(default_policy_text()), tomllib.loads(OFFICE)
quiet = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quiet
@given(place=st.sampled_from(places(POLICY)), value=VALUES)
def test_any_value_in_the_policy_is_valid_or_one_sentence(tmp_path: Path, place: tuple[str, ...], value: Any) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(with_value(POLICY, place, value), encoding="utf-8")
    is_usable_or_one_sentence(path, lambda: load_policy(path))


@quiet
@given(place=st.sampled_from(places(CONFIG)), value=VALUES)
def test_any_value_in_the_configuration_is_valid_or_one_sentence(
    tmp_path: Path, place: tuple[str, ...], value: Any
) -> None:
    path = tmp_path / "fupin.toml"
    path.write_text(with_value(CONFIG, place, value), encoding="utf-8")
    is_usable_or_one_sentence(path, lambda: load_workspace(tmp_path))


@quiet
@given(text=st.text("[]{}\"'=\n,.#1a是 -", max_size=30))
def test_any_text_is_a_configuration_or_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "fupin.toml"
    path.write_text(text, encoding="utf-8")
    is_usable_or_one_sentence(path, lambda: load_workspace(tmp_path))


def test_what_is_shipped_is_valid_and_every_value_of_it_has_a_shape(tmp_path: Path) -> None:
    init_workspace(tmp_path, ' 美兰区"扶贫办" ')
    assert load_workspace(tmp_path).policy == load_policy()
    assert load_workspace(tmp_path).district == '美兰区"扶贫办"'
    assert set(SHAPE.keys) == set(POLICY)
    (tmp_path / PLAN_FILE).write_text(default_plan_text(), encoding="utf-8")
    (tmp_path / PLAN).write_text(ROUNDS.format(year=2020), encoding="utf-8")
    assert load_plan(tmp_path) == load_plan(tmp_path / "别处")
    assert len(load_rounds(tmp_path).rounds) == 5


def test_the_policy_knows_the_words_of_the_program() -> None:
    assert set(CONDITIONS) == set(table.CONDITIONS)
    assert set(MEASURES) == set(watch_rows.MEASURES)
    assert set(CATEGORIES) == set(catalogue.CATEGORIES.values())
    assert set(STAGES) == set(edu.STAGES)
    register = load_kinds()["register.persons"].fields
    assert set(EDUCATIONS) == set(next(one for one in register if one.name == "education").vocabulary)


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("fupin.toml", '[towns]\n"灵山镇" = 5\n', 2, "“灵山镇”应是写在"), ("fupin.toml", "\ntowns = 5\n", 2, "“towns”应是一个表"),
        ("fupin.toml", '[towns]\n"灵山镇" = ["东营村", "东营村"]\n', 2, "写了两遍"), ("fupin.toml", '[towns]\n" " = []\n', 2, "名称"),
        ("fupin.toml", '[towns]\n"灵山镇" = ["东营村",\n 3]\n', 2, "“灵山镇”"), ("fupin.toml", '[district]\nname = "  "\n', 2, "“name”"),
        ("fupin.toml", '[control]\npersons = 1\nhouseholds = "x"\n', 3, "“households”"),
        ("fupin.toml", "[control]\nhouseholds = -5\n", 2, "整数"), ("fupin.toml", "[control]\nhouseholds = true\n", 2, "整数"),
        ("fupin.toml", '[control.towns]\n"灵山镇" = 5\n', 2, "“灵山镇”应是一个表"),
        ("fupin.toml", '[control.towns]\n"灵山镇" = { "户数" = 5 }\n', 2, "不认识"),
        ("fupin.toml", '[towns]\n"灵山镇" = []\n[control.towns]\n"林山镇" = {}\n', 4, "没有“林山镇”"),
        ("fupin.toml", '[towns]\n"灵山镇" = []\n"灵山镇" = []\n', 3, "语法错误"), ("fupin.toml", '[district]\nname = "美\n', 2, "语法错误"),
        ("policy.toml", "# 说明\n\naward_tiers = [\n [1]\n]\n", 3, "“award_tiers”"), ("policy.toml", "award_tiers = [[8, 2], [4, 1]]", 1, "由低到高"),
        ("policy.toml", "inpatient_rate = -3", 1, "0至1的数"), ("policy.toml", "inpatient_rate = nan", 1, "0至1的数"),
        ("policy.toml", "school_age = [14, 6]", 1, "小的在前"), ("policy.toml", "build_days = 1.5", 1, "整数"),
        ("policy.toml", "build_days = true", 1, "整数"), ("policy.toml", "poverty_line = inf", 1, "的数"),
        ("policy.toml", "quarterly_diseases = []", 1, "空的"), ("policy.toml", 'housed_elsewhere = ["租住", 1]', 1, "文字"),
        ("policy.toml", '[water]\nquantity = "多"\n', 2, "“quantity”"), ("policy.toml", "[water]\nquality = 1\n", 2, "不认识"),
        ("policy.toml", "[light_red]\nseveral = 0\n", 2, "“several”"), ("policy.toml", '[light_risks]\n"产业不强" = "("\n', 2, "“产业不强”"),
        ("policy.toml", '[light_yellow]\nany_of = ["心情不好"]\n', 2, "“any_of”里的“心情不好”"), ("policy.toml", '[light_risks]\n"心情不好" = "心情"\n', 2, "“心情不好”"), ("policy.toml", '[risk_measures]\n"因病" = ["吃药"]\n', 2, "“因病”"),
        ("policy.toml", '[stage_ages]\n"初中" = [10]\n', 2, "“初中”"), ("policy.toml", "build_days = 1" + "0" * 5000, 0, "语法错误"),
        ("policy.toml", "a = " + "[" * 5000, 0, "语法错误"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(tmp_path: Path, name: str, text: str, line: int, said: str) -> None:
    (tmp_path / "fupin.toml").write_text("", encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(FupinError) as refused:
        load_workspace(tmp_path)
    assert refused.value.exit_code == 2
    where = f"{name}第{line}行：" if line else name
    assert where in str(refused.value) and said in str(refused.value) and refused.value.cure


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("a",), 3),
        (("t", "x y"), 6),
        (("t", "b"), 7),
        (("r", 1, "k"), 12),
        (("r", 1), 11),
        (("t", "b", "c"), 7),
        ((), 1),
    ],
)
def test_line_of_a_key(place: tuple[str | int, ...], line: int) -> None:
    text = '# a = 1\n\na = [\n  [1, 2],\n]\n[t]\n"b".c = 1\n\n[[r]]\nk = 1\n[[r]]\nk = """\n[t]\n"""\n'
    text = text.replace("[t]\n", '[t]\n"x y" = """\nb = 1"""\n', 1) if place == ("t", "x y") else text
    assert line_of(text, place) == line + (place == ("t", "x y"))


@pytest.mark.parametrize(
    "words",
    [
        ["reconcile", "没有的", "--as-of", "2020-06-30"], ["lights", "run", "没有的", "--as-of", "2020-06-30"],
        ["supervise", "month", "2020-06", "没有的"], ["supervise", "fortnight", "2020-06-09", "没有的"], ["round", "run", "1", "没有的"],
        ["round", "plan"], ["round", "status"], ["inspect", "没有的"], ["explain", "张三", "没有的", "--as-of", "2020-06-30"],
        ["report"], ["dispatch", "--all"], ["ledger", "list"], ["link", "undo", "1", "--by", "张三"], ["audit", "verify"],
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("name", ["fupin.toml", "policy.toml"])
def test_every_command_judges_the_settings_before_it_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], name: str
) -> None:
    init_workspace(tmp_path, "美兰区")
    (tmp_path / name).write_text("[control]\nhouseholds = -5\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["--workspace", str(tmp_path), *words])
    error = capsys.readouterr().err
    assert ended.value.code == 2 and re.search(rf"{name}第[12]行：", error), error


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fortnight_days = 14", "fortnight_days = nan", "“fortnight_days”"), ("issued = 2020-03-31", 'issued = "2020"', "不加引号"),
        ("last_towns = 1 ", "last_towns = -1 ", "“last_towns”"), ('"各合作金融机构" = []', '"各合作金融机构" = ["", ""]', "“各合作金融机构”"),
        ('number = "（十九）"', 'number = "（十八）"', "前面已有"), ('title = "总结宣传"', "title = 1", "“title”"),
        ('text = "全年老区资金使用和项目建设" }', 'text = "", percent = 101 }', "“text”"),
    ],
)  # fmt: skip
def test_a_fault_of_the_work_plan_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    before, after = default_plan_text().split(old)
    (tmp_path / PLAN_FILE).write_text(before + new + after, encoding="utf-8")
    with pytest.raises(FupinError, match=said) as refused:
        load_plan(tmp_path)
    found = int(re.findall(r"第(\d+)行：", str(refused.value))[0])
    assert abs(found - (before.count("\n") + 1)) <= 5
