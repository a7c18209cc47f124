"""Resident ID numbers: every status, mending, precision, and the column form."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_cli.fields.codes import clean_text
from fupin_cli.fields.resident_id import ResidentId, check_char, id_column, parse_id
from tests.fields.cells import cells, columns, plain, series


def number_of(first17: str) -> str:
    return first17 + check_char(first17)


VALID = number_of("46010819800101123")
WITH_X = next(n for n in (number_of(f"46010819800101{i:03d}") for i in range(100)) if n.endswith("X"))
WITH_ZEROS = next(
    n for d in range(1, 29) for p in range(460100, 460129) if (n := number_of(f"{p}198001{d:02d}100"))[-3:] != "000"
)
WRONG = VALID[:17] + ("1" if VALID[17] != "1" else "2")


@st.composite
def valid_numbers(draw: st.DrawFn) -> str:
    day = draw(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
    return number_of(f"{draw(st.integers(110000, 839999))}{day:%Y%m%d}{draw(st.integers(0, 999)):03d}")


def test_check_characters_of_published_examples() -> None:
    assert parse_id("11010519491231002X") == ResidentId(
        "11010519491231002X", "valid", "11010519491231002X", 19491231, "女"
    )
    assert parse_id("440524188001010014").status == "birthdate"  # 1880 lies before every living person


@pytest.mark.parametrize(
    "written",
    [
        VALID,
        f"'{VALID}",
        f"\t{VALID}\n",
        f"{VALID[:6]} {VALID[6:14]}\u3000{VALID[14:]}",
        f"\ufeff{VALID}\u200b",
        f"{VALID[:6]}-{VALID[6:14]}—{VALID[14:]}",
        f"身份证：{VALID}",
        f"{VALID}（本人）",
        VALID.translate({ord("0") + i: ord("０") + i for i in range(10)}),
        int(VALID),
    ],
)
def test_trivial_differences_stay_valid(written: object) -> None:
    assert parse_id(written) == ResidentId(VALID, "valid", VALID, 19800101, "男")


@pytest.mark.parametrize("end", ["x", "Ｘ", "ｘ"])
def test_forms_of_the_letter_x_stay_valid(end: str) -> None:
    assert parse_id(WITH_X[:17] + end).status == "valid"


@pytest.mark.parametrize(
    ("written", "meant"),
    [(WITH_X[:17] + sign, WITH_X) for sign in "×＊*✕Х"]
    + [(VALID.replace("0", "O"), VALID), (VALID.replace("1", "l"), VALID), (VALID.replace("1", "I"), VALID)]
    + [(VALID.replace("1", "|"), VALID), (VALID.replace("0", "o"), VALID)],
)
def test_repaired(written: str, meant: str) -> None:
    found = parse_id(written)
    assert (found.status, found.key, found.text) == ("repaired", meant, meant)


def test_old_numbers_are_upgraded() -> None:
    new = number_of("46010819630405012")
    for written in ("460108630405012", 460108630405012, 460108630405012.0, "460108630405012.0", "4.60108630405012E+14"):
        assert parse_id(written) == ResidentId(new, "upgraded15", new, 19630405, "女")
    assert parse_id("460108631305012").status == "malformed"


def test_disability_certificates() -> None:
    for suffix in ("43", "43B1", "43b2"):
        found = parse_id(VALID + suffix)
        assert (found.status, found.text, found.key) == ("disability20", VALID + suffix.upper(), VALID)
    assert parse_id(WRONG + "43").status == "malformed"
    assert parse_id(VALID + "95").status == "malformed"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (4.60108198001011e17, "460108198001011000"),
        (460108198001011000, "460108198001011000"),
        (460108198001011008, "460108198001011000"),  # the double next to …1000, as a whole number
        (460108199203141000.0, "460108199203141000"),  # the double lies below …1000
        ("460108198001011008.0", "460108198001011000"),
        ("4.60108198001011E+17", "460108198001011000"),
        ("4.60108198001011e17", "460108198001011000"),
        ("4.601082000101e+17", "460108200010100000"),  # 10 October, order number below 100: its zeros are not written
        ("460108198001011000", "460108198001011000"),
        (4.601081980010112e19, "460108198001011000"),  # a certificate number
    ],
)
def test_precision_lost(written: object, text: str) -> None:
    assert parse_id(written) == ResidentId(text, "precision_lost")


@given(valid_numbers().filter(lambda number: number.isdigit()))
def test_every_number_through_a_float_keeps_fifteen_digits_and_no_key(number: str) -> None:
    found = parse_id(float(f"{number[:15]}000"))
    assert (found.text, found.status, found.key) == (number[:15] + "000", "precision_lost", None)


def test_text_in_zeros_with_the_right_check_character_is_valid() -> None:
    assert parse_id(WITH_ZEROS).status == "valid"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("460108********1234", "460108********1234"),
        ("460108●●●●●●●●1234", "460108********1234"),
        ("460108××××××××1234", "460108********1234"),
        ("460108xxxxxxxx123X", "460108********123X"),
        ("460108******123", "460108******123"),
    ],
)
def test_masked(written: str, text: str) -> None:
    assert parse_id(written) == ResidentId(text, "masked")


@pytest.mark.parametrize(
    ("written", "status"),
    [
        (None, "missing"),
        (float("nan"), "missing"),
        ("无", "missing"),
        ("／", "missing"),
        ("-", "missing"),
        (" ", "missing"),
        (0, "missing"),
        ("999999198001010010", "missing"),
        (999999198001010010, "missing"),
        ("G12345678", "other"),
        ("e12345678", "other"),
        ("H1234567890", "other"),
        ("C1234567(8)", "other"),
        ("46010819801301123X", "birthdate"),
        ("460108190002290019", "birthdate"),
        ("460108210001010019", "birthdate"),
        (WRONG, "checksum"),
        (int(WRONG), "checksum"),
        (VALID[:17], "malformed"),
        ("4.60108E+17", "malformed"),
        (VALID + "1", "malformed"),
        ("46010********", "malformed"),
        ("不记得了", "malformed"),
        (True, "malformed"),
        (float("inf"), "malformed"),
        (10**400, "malformed"),
        (-int(VALID), "malformed"),
        ("٤" * 18, "malformed"),
    ],
)
def test_without_a_key(written: object, status: str) -> None:
    found = parse_id(written)
    assert found.status == status
    assert found.key is found.birth is found.sex is None


def test_residence_permits_are_numbers_like_others() -> None:
    assert parse_id(number_of("81000019900101001")).status == "valid"


@given(valid_numbers())
def test_roundtrip(number: str) -> None:
    found = parse_id(number)
    assert (found.status, found.text, found.key) == ("valid", number, number)
    assert found.birth == int(number[6:14])
    assert found.sex == ("男" if int(number[16]) % 2 else "女")
    assert parse_id(number.lower()) == found


@given(valid_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_gives_a_key(number: str, place: int, more: int) -> None:
    digit = (int(number[place]) + more) % 10
    assert parse_id(f"{number[:place]}{digit}{number[place + 1 :]}").key is None


@given(st.one_of(cells(), st.text("0123456789XxOl*×E+.' ", max_size=24), valid_numbers()))
def test_parsing_never_raises_and_keys_are_valid(value: Any) -> None:
    found = parse_id(value)
    assert (found.key is None) == (found.status not in ("valid", "upgraded15", "repaired", "disability20"))
    if found.key is not None:
        assert parse_id(found.key).status == "valid"
        assert found.birth == int(found.key[6:14])


def assert_column_is_scalar(values: list[Any]) -> None:
    given_series = series(values)
    table = id_column(given_series)
    found = [parse_id(value) for value in values]
    for name in ("text", "status", "key", "birth", "sex"):
        assert plain(table[name]) == [getattr(item, name) for item in found]
    assert plain(table["raw"]) == [clean_text(value) for value in values]
    days = [item.birth and dt.datetime.strptime(str(item.birth), "%Y%m%d").date().toordinal() for item in found]
    assert plain(table["birth_day"]) == days
    assert table.index.equals(given_series.index)


def wrapped_numbers() -> st.SearchStrategy[str]:
    """Valid numbers in what exports put around them."""
    around = st.text(" \t\n'`\"\u3000\u200b", max_size=3)
    return st.builds(lambda before, number, after: before + number.lower() + after, around, valid_numbers(), around)


@given(
    st.one_of(
        st.lists(st.one_of(valid_numbers(), wrapped_numbers())),
        st.lists(st.one_of(cells(), valid_numbers(), valid_numbers().map(lambda n: f" {n[:6]}\t{n[6:].lower()}"))),
    )
)
def test_column_is_scalar(values: list[Any]) -> None:
    assert_column_is_scalar(values)


@given(st.lists(st.from_regex(r"(46|99)\d{4}(18|19|20|21)\d\d[01]\d[0-3]\d\d{3}[0-9Xx]", fullmatch=True), max_size=20))
def test_column_is_scalar_near_valid_numbers(values: list[str]) -> None:
    assert_column_is_scalar([v if i % 2 else v[:17] + check_char("0" * 17) for i, v in enumerate(values)])
    assert_column_is_scalar([v[:17] + (check_char(v[:17]) if v[:17].isascii() else "0") for v in values])


@given(columns())
def test_column_dtypes(values: list[Any]) -> None:
    dtypes = id_column(series(values)).dtypes.astype(str).to_dict()
    assert list(dtypes) == ["raw", "text", "status", "key", "birth", "birth_day", "sex"]
    assert dtypes["birth"] == dtypes["birth_day"] == "int64[pyarrow]"
    assert {str(dtypes[name]) for name in ("text", "raw", "status", "key", "sex")} == {"string"}
