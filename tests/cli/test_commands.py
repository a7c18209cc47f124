"""The contract of the command line: exit codes, JSON, messages, and what is imported when."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from fupin_cli.cli import COMMANDS, main
from fupin_cli.findings import COLUMNS
from tests.intake.conftest import ID, ROLL, xlsx

SAMPLE = Path(__file__).parents[2] / "sample_data" / "2020-06"
REGISTER = ("户编号", "姓名", "证件号码", "与户主关系", "镇", "行政村", "在校生状况")
CHILD = ("1", "陈一", ID, "户主", "灵山镇", "东营村", "小学")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A register of one child and a roll without it."""
    folder = tmp_path / "数据 六月"
    folder.mkdir()
    xlsx(folder / "台账.xlsx", [REGISTER, CHILD])
    xlsx(folder / "学籍.xlsx", [ROLL, ("李四", "460108201005051038", "一小", "小学", "在读")])
    return folder


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def reconcile(data: Path, out: Path, *more: str) -> int:
    return run("reconcile", str(data), "--as-of", "2020-06-30", "--out", str(out), *more)


def test_reconcile_leaves_its_files_and_their_columns(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "输出"
    assert reconcile(data, out) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "findings.csv",
        "run.json",
        "人工确认.xlsx",
        "问题清单.xlsx",
        "隔离行.xlsx",
    ]
    with (out / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert tuple(header) == COLUMNS
    finding = next(dict(zip(header, row, strict=True)) for row in rows if row[1] == "EDU-01")
    assert finding["evidence"] == "台账.xlsx!Sheet1!2"
    assert finding["owner"] == "区教育局"
    text = capsys.readouterr().out
    assert "未比对" in text and "问题清单.xlsx" in text
    assert max(len(line) for line in text.splitlines() if "/" not in line) <= 80


def test_manifest_traces_inputs_rules_policy_and_versions(data: Path, tmp_path: Path) -> None:
    assert reconcile(data, tmp_path / "out") == 0
    manifest = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert [len(entry["sha256"]) for entry in manifest["inputs"]] == [64, 64]
    states = {check["rule_id"]: check["state"] for check in manifest["rules"]}
    assert (states["EDU-01"], states["MED-01"]) == ("checked", "not_checked")
    assert manifest["policy"]["poverty_line"] == 4000
    assert "polars" in manifest["versions"]


def test_same_inputs_give_the_same_findings_byte_for_byte(data: Path, tmp_path: Path) -> None:
    reconcile(data, tmp_path / "a")
    reconcile(data, tmp_path / "b")
    for name in ("findings.csv", "问题清单.xlsx", "隔离行.xlsx"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_key_stays_when_the_row_moves(data: Path, tmp_path: Path) -> None:
    reconcile(data, tmp_path / "a")
    (data / "台账.xlsx").unlink()
    xlsx(
        data / "台账2.xlsx",
        [
            ("建档立卡贫困人口信息",),
            (),
            REGISTER,
            ("2", "王五", "460108198001011018", "户主", "灵山镇", "东营村", ""),
            CHILD,
        ],
    )
    reconcile(data, tmp_path / "b")
    keys = []
    for folder in ("a", "b"):
        with (tmp_path / folder / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
            keys.append({row["finding_key"] for row in csv.DictReader(stream) if row["rule_id"] == "EDU-01"})
    assert keys[0] == keys[1] != set()


def test_fail_on_is_1_only_when_the_level_is_reached(data: Path, tmp_path: Path) -> None:
    assert reconcile(data, tmp_path / "a", "--fail-on", "严重") == 1
    xlsx(data / "学籍二.xlsx", [ROLL, ("陈一", ID, "一小", "小学", "在读")])
    assert reconcile(data, tmp_path / "b", "--fail-on", "严重") == 0


def test_address_of_a_cluster_needs_the_engine_for_it(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reconcile(data, tmp_path / "out", "--master", "spark://主机:7077") == 2
    assert "--engine spark" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_unreadable_input_is_3_and_the_rest_is_done(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "坏.xlsx").write_bytes(b"PK\x03\x04broken")
    assert reconcile(data, tmp_path / "out") == 3
    assert "坏.xlsx" in capsys.readouterr().out
    assert (tmp_path / "out" / "问题清单.xlsx").exists()


def test_no_register_is_3_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    xlsx(tmp_path / "学籍.xlsx", [ROLL, ("李四", ID, "一小", "小学", "在读")])
    assert reconcile(tmp_path, tmp_path / "out") == 3
    assert "没有读到建档立卡台账" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("reconcile", "没有的文件夹", "--as-of", "2020-06-30"), ("reconcile", ".", "--as-of", "六月"), ("reconcile", "."),
        ("rules", "ABC-1"), ("schema", "no.kind"), ("nonsense",), ("rules", "--nonsense"), ("schema", "--template", "x.xlsx"),
    ],
)  # fmt: skip
def test_usage_errors_are_2_and_one_chinese_sentence(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("错误：") and captured.err.count("\n") == 1
    assert captured.out == ""


def test_missing_argument_is_named_as_the_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("reconcile", "--as-of", "2020-06-30") == 2
    assert "缺少参数“路径…”" in capsys.readouterr().err


def test_json_is_one_document_and_nothing_else(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["rules"],
        ["rules", "MED-08"],
        ["schema"],
        ["schema", "civil.dibao"],
        ["inspect", str(data)],
        ["init", str(tmp_path / "ws")],
    ):
        assert run(*words, "--json") == 0
        assert json.loads(capsys.readouterr().out)
    assert reconcile(data, tmp_path / "out", "--json") == 0
    assert json.loads(capsys.readouterr().out)["findings"] >= 1
    assert run("rules", "ABC-1", "--json") == 2
    assert json.loads(capsys.readouterr().out)["exit_code"] == 2


def test_explain_shows_every_record_with_its_reason(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "陈一", str(data), "--as-of", "2020-06-30") == 0
    text = capsys.readouterr().out
    assert "台账.xlsx!Sheet1!2" in text and "EDU-01" in text
    assert run("explain", "无名", str(data), "--as-of", "2020-06-30") == 2


def test_inspect_says_what_each_sheet_is_and_changes_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path.name for path in data.rglob("*"))
    assert run("inspect", str(data)) == 0
    text = capsys.readouterr().out
    assert "学籍在校生" in text and "其次像" in text and "装载 1" in text
    assert sorted(path.name for path in data.rglob("*")) == before


def test_init_keeps_what_is_there(tmp_path: Path) -> None:
    assert run("init", str(tmp_path), "--district", "美兰区扶贫办") == 0
    (tmp_path / "policy.toml").write_text("poverty_line = 4200\n", encoding="utf-8")
    assert run("init", str(tmp_path)) == 0
    assert (tmp_path / "policy.toml").read_text(encoding="utf-8") == "poverty_line = 4200\n"
    assert "美兰区扶贫办" in (tmp_path / "fupin.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [("fupin.toml", "[district\n", "fupin.toml第1行：配置文件语法错误"), ("fupin.toml", "\n[other]\n", "fupin.toml第2行：不认识的配置项“other”"),
     ("policy.toml", "no_such = 1\n", "policy.toml第1行：不认识的配置项“no_such”"),
     ("policy.toml", 'poverty_line = "四千"\n', "policy.toml第1行：“poverty_line”应是0至1000000000的数")],
)  # fmt: skip
def test_broken_configuration_is_2_and_names_the_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    workspace = tmp_path / "ws"
    run("init", str(workspace))
    (workspace / name).write_text(text, encoding="utf-8")
    assert reconcile(data, tmp_path / "out", "--workspace", str(workspace)) == 2
    error = capsys.readouterr().err
    assert name in error and said in error


def test_control_totals_of_the_workspace_are_checked(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = tmp_path / "ws"
    workspace.mkdir()
    (workspace / "fupin.toml").write_text("[control]\nhouseholds = 1\npersons = 2\n", encoding="utf-8")
    assert reconcile(data, tmp_path / "out", "--workspace", str(workspace)) == 3
    assert "控制数" in capsys.readouterr().out  # so far off that the register itself is in doubt
    assert (
        run(
            "receipt",
            "accept",
            "register.persons",
            "--reason",
            "控制数过时",
            "--by",
            "张三",
            "--workspace",
            str(workspace),
        )
        == 0
    )
    assert reconcile(data, tmp_path / "out", "--workspace", str(workspace)) == 0
    assert "REG-16" in (tmp_path / "out" / "findings.csv").read_text(encoding="utf-8-sig")


def test_workspace_cache_changes_nothing(data: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "ws"
    run("init", str(workspace))
    for out in ("a", "b"):
        assert reconcile(data, tmp_path / out, "--workspace", str(workspace)) == 0
    assert any((workspace / ".fupin-cache").rglob("*.parquet"))
    assert (tmp_path / "a" / "findings.csv").read_bytes() == (tmp_path / "b" / "findings.csv").read_bytes()


def test_template_is_recognised_as_its_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "模板.xlsx"
    assert run("schema", "civil.dibao", "--template", str(path)) == 0
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append([None] * 30)
    headers = [cell.value for cell in book.worksheets[0][1]]
    row = {"姓名*": "陈一", "证件号码*": ID, "享受状态": "在享"}
    for column, header in enumerate(headers, start=1):
        book.worksheets[0].cell(2, column, row.get(str(header)))
    book.save(path)
    capsys.readouterr()
    assert run("inspect", str(path), "--json") == 0
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert [(sheet["kind"], sheet["state"]) for sheet in file["sheets"]] == [("civil.dibao", "loaded"), ("", "ignored")]


def test_help_imports_no_data_library() -> None:
    code = "import sys; sys.argv = ['fupin', '--help']\nfrom fupin_cli.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    code += "print(sorted({'pandas', 'polars', 'pandera', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_open_output_is_a_clear_message_and_the_old_files_stay(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    reconcile(data, out)
    before = (out / "findings.csv").read_bytes()

    def locked(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.replace", locked)
    assert reconcile(data, out) == 2
    assert "关闭正在 Excel 中打开的输出文件" in capsys.readouterr().err
    assert (out / "findings.csv").read_bytes() == before
    assert not list(tmp_path.glob(".fupin-*"))


def test_internal_error_is_4_and_carries_no_data(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError(ID)

    monkeypatch.setattr("fupin_cli.run.run_rules", broken)
    assert reconcile(data, tmp_path / "out") == 4
    error = capsys.readouterr().err
    assert "内部错误" in error and ID not in error and "Traceback" not in error


GROUPS = ("link", "ledger", "round", "lights", "supervise", "audit")


@pytest.mark.parametrize("command", ["", *(name for name in COMMANDS if name not in GROUPS)])
def test_help_is_chinese_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*command.split(), "--help") == 0
    page = capsys.readouterr().out
    assert "例：" in page and "用法：" in page
    assert not any(word in page for word in ("Usage", "OPTIONS", "Show this", "required", "default"))


@pytest.mark.parametrize("group", ["", *GROUPS])
def test_list_of_commands_fits_the_page(
    group: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(*group.split(), "--help") == 0
    assert not [line for line in capsys.readouterr().out.splitlines() if line.rstrip(" │").endswith("…")]


def test_household_list_of_its_own_speaks_for_the_members(data: Path, tmp_path: Path) -> None:
    header = ("户编号", "户主姓名", "贫困户属性", "脱贫属性", "人均纯收入（元）")
    xlsx(data / "户信息.xlsx", [header, ("1", "陈一", "一般贫困户", "已脱贫", 3000)])
    assert reconcile(data, tmp_path / "out") == 0
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["household_id"] for row in csv.DictReader(stream) if row["rule_id"] == "REG-13"] == ["1"]
