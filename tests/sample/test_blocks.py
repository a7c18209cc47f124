"""A large district is written block by block, and its truth is that of all blocks."""

from __future__ import annotations

import gzip
import json
import random
from datetime import date
from pathlib import Path

import pytest

from fupin_cli.cli import main
from fupin_cli.errors import FupinError
from fupin_cli.sample.blocks import generate_blocks
from fupin_cli.sample.people import BLOCKS, PREFIXES, Registry, is_valid_id, prefixes_of, towns_of
from fupin_cli.sample.plain import LINKS, PlainFormat
from fupin_cli.sample.plants import planted
from tests.test_truth import assert_true, run_of

AS_OF = date(2020, 6, 30)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_blocks_give_exactly_their_truth(tmp_path: Path, form: PlainFormat) -> None:
    findings = generate_blocks(tmp_path, form, as_of=AS_OF, seed=8, persons=700, block_persons=350)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    truth["links"] = {}
    for line in gzip.decompress((tmp_path / LINKS).read_bytes()).decode().splitlines():
        piece = json.loads(line)
        truth["links"].setdefault(f"{piece['file']}!{piece['sheet']}", {}).update(piece["links"])
    assert len(findings) == len(truth["findings"]) > 200
    run = run_of(tmp_path)
    assert_true(run, truth)
    assert run.intake.tables["register.persons"].select("name").collect().height == 700
    with pytest.raises(FupinError, match="不是空的"):
        generate_blocks(tmp_path, form, as_of=AS_OF, seed=8, persons=700)


def test_no_two_blocks_share_a_village_or_a_county_code() -> None:
    villages = [village for block in range(BLOCKS) for of_town in towns_of(block).values() for village in of_town]
    codes = [code for block in range(BLOCKS) for code in set(prefixes_of(block))]
    assert len(set(villages)) == len(villages) and len(set(codes)) == len(codes)
    assert all(len(code) == len(PREFIXES[0]) and code.isdigit() for code in codes)


def test_people_of_another_block_have_numbers_of_their_own() -> None:
    first, other = (list(planted(AS_OF, 3, 300, None, block)[0].people()) for block in (0, 7))
    assert all(is_valid_id(person.id_number) for person in other)
    for of in ("person_no", "id_number", "phone"):
        assert not {getattr(person, of) for person in first} & {getattr(person, of) for person in other} - {""}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--persons", "100001"], "--format csv"),
        (["--persons", "9000001", "--format", "csv"], "最多 9,000,000 人"),
        (["--months", "2020-02..2020-03", "--format", "csv"], "逐月的数据只写 xlsx"),
    ],
)
def test_sizes_and_formats_that_do_not_fit_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["sample", str(tmp_path / "新"), *words])
    assert stopped.value.code == 2 and said in capsys.readouterr().err
    assert not (tmp_path / "新").exists()


def test_namesake_bears_another_name_where_every_village_has_it() -> None:
    roster = Registry(random.Random(1), AS_OF)
    roster.names |= {("多吉·才让", village) for of_town in roster.towns.values() for village in of_town}
    assert roster.stranger(20, 60, "多吉·才让", "福田坡村").name != "多吉·才让"
