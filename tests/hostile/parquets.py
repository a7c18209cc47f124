"""Hostile Parquet files: cut, with a footer that lies, of odd types and names, larger inside than outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fupin_cli.intake.thrift import Struct
from tests.hostile import parquet_footer as foot
from tests.hostile.specimen import EITHER, ERROR, Specimen, packed
from tests.hostile.workbooks import HEADER, IDS, PUPILS, parquet, roll_table

ALL = len(PUPILS)
HUGE = 2**62


def parquets() -> Iterator[Specimen]:
    for group in (_ends, _footers, _pages, _types, _names, _sizes, _bombs):
        for name, data, outcome in group():
            yield Specimen(f"{name}.parquet", data, outcome)


Made = Iterator[tuple[str, bytes, int | str]]


def _ends() -> Made:
    whole = parquet()
    for part in range(1, 12):
        yield f"截断{part:02}", whole[: len(whole) * part // 12], ERROR
    yield "少一个字节", whole[:-1], ERROR
    yield "缺文件头", b"XXXX" + whole[4:], ERROR
    yield "只有标记", foot.MAGIC, ERROR
    yield "只有两个标记", foot.MAGIC * 2, ERROR
    yield "没有文件尾", foot.MAGIC + bytes(4) + foot.MAGIC, ERROR
    length = len(whole) - 8
    for name, value in (("零", 0), ("过小", 9), ("过大", len(whole)), ("最大", 2**32 - 1), ("二十兆", 20_000_001)):
        yield f"文件尾长度{name}", packed(whole, length, "<I", value), ERROR
    yield "加密", b"PARE" + whole[4:-4] + b"PARE", ERROR
    algorithm = {8: (foot.STRUCT, {1: (foot.STRUCT, {})})}
    yield "列加密", foot.with_footer(whole, lambda footer: footer.update(algorithm)), ERROR
    deep = b"\x1c" * 100_000
    yield "文件尾嵌套极深", foot.MAGIC + deep + len(deep).to_bytes(4, "little") + foot.MAGIC, ERROR
    yield "后有杂物", whole + b"junk", ERROR
    yield "前有杂物", b"junk" + whole, ERROR
    yield "两个相接", whole + whole, EITHER


def _footers() -> Made:
    """Every number that reading rests on is a lie."""
    whole = parquet(compression="zstd")

    def each(parts: Callable[[Struct], list[Struct]], number: int, value: Any) -> bytes:
        return foot.with_footer(whole, lambda footer: [foot.put(part, number, value) for part in parts(footer)])

    for value in (3, 5, HUGE, -1):
        yield f"总行数{value}", each(lambda footer: [footer], foot.ROWS, value), ERROR
        yield f"行组行数{value}", each(foot.groups, foot.GROUP_ROWS, value), ERROR
        yield f"列值数{value}", each(foot.chunks, foot.VALUES, value), ERROR

        def both(footer: Struct, value: int = value) -> None:
            for part, number in ((footer, foot.ROWS), *((group, foot.GROUP_ROWS) for group in foot.groups(footer))):
                foot.put(part, number, value)

        yield f"行数都是{value}", foot.with_footer(whole, both), ERROR
        for name, number in (
            ("数据页位置", foot.DATA_PAGE),
            ("字典页位置", foot.DICTIONARY_PAGE),
            ("压缩后大小", foot.PACKED),
        ):
            yield f"{name}{value}", each(foot.chunks, number, value), EITHER
        yield f"解压后大小{value}", each(foot.chunks, foot.UNPACKED, value), EITHER
        yield f"压缩方法{value}", each(foot.chunks, foot.CODEC, value % 2**31), ERROR
        yield f"下级数{value}", each(foot.schema, foot.REPETITION, value % 2**31), EITHER
    for value in range(8):
        yield f"列类型{value}", each(foot.schema, foot.TYPE, value), EITHER

    def doubled(footer: Struct) -> None:
        footer[foot.GROUPS] = foot.LIST, (foot.STRUCT, foot.groups(footer) * 2)

    def emptied(footer: Struct) -> None:
        footer[foot.GROUPS] = foot.LIST, (foot.STRUCT, [])

    def narrowed(footer: Struct) -> None:
        kind, columns = foot.groups(footer)[0][foot.COLUMNS][1]
        foot.put(foot.groups(footer)[0], foot.COLUMNS, (kind, columns[:3]))

    def branched(footer: Struct) -> None:
        foot.put(footer[foot.SCHEMA][1][1][0], foot.CHILDREN, 2**31 - 1)

    def elsewhere(footer: Struct) -> None:
        for chunk in foot.groups(footer)[0][foot.COLUMNS][1][1]:
            chunk[1] = foot.BINARY, b"/etc/passwd"

    for name, change in (
        ("行组重复", doubled), ("没有行组", emptied), ("行组缺列", narrowed), ("列数过大", branched), ("列在别的文件", elsewhere),
    ):  # fmt: skip
        yield name, foot.with_footer(whole, change), EITHER if name == "列在别的文件" else ERROR


def _pages() -> Made:
    """Headers of pages and what follows them, overwritten."""
    for compression in ("none", "snappy", "gzip", "zstd", "brotli", "lz4"):
        whole = parquet(compression=compression)
        yield f"压缩{compression}", whole, ALL
        meta = foot.chunks(foot.footer_of(whole))[0]
        first = meta[foot.DICTIONARY_PAGE][1]
        for at in (0, 5, 14):
            yield f"页坏{at:02}{compression}", packed(whole, first + at, "<I", 0xFFFFFFFF), EITHER
    header = parquet(use_dictionary=False, compression="none")
    at = foot.chunks(foot.footer_of(header))[0][foot.DATA_PAGE][1]
    # type, then the unpacked size: a field of type i32 and its zigzag
    assert header[at : at + 3] == b"\x15\x00\x15"
    yield "页大小两千兆", header[: at + 3] + b"\xfe\xff\xff\xff\x0f" + header[at + 8 :], ERROR
    for version, encoding in (("1.0", "PLAIN"), ("2.0", "DELTA_BYTE_ARRAY"), ("2.0", "DELTA_LENGTH_BYTE_ARRAY")):
        data = parquet(use_dictionary=False, column_encoding=encoding, data_page_version=version)
        yield f"编码{encoding}", data, ALL
    yield "有校验和", parquet(write_page_checksum=True, write_page_index=True), ALL


def _types() -> Made:
    day, noon = dt.date(2020, 6, 30), dt.datetime(2020, 6, 30, 4, tzinfo=dt.UTC)
    for name, values, kind in (
        ("二进制", [b"\xff\xfe\x00", b"x"], pa.binary()), ("定长二进制", [b"ab", b"cd"], pa.binary(2)),
        ("小数", [Decimal("1.50"), None], pa.decimal128(10, 2)), ("大小数", [Decimal(10) ** 60, None], pa.decimal256(76, 2)),
        ("带时区", [noon, None], pa.timestamp("us", "America/New_York")), ("时区不存在", [noon, None], pa.timestamp("ns", "Mars/X")),
        ("年份三十万", [2**63 - 1, -(2**63)], pa.timestamp("us")), ("日期极远", [2**31 - 1, -(2**31)], pa.date32()),
        ("时刻", [dt.time(1, 2), None], pa.time64("us")), ("时长", [dt.timedelta(days=1), None], pa.duration("us")),
        ("日期", [day, None], pa.date64()), ("全空", [None, None], pa.null()), ("全空文字", [None, None], pa.string()),
        ("半精度", [1.5, float("nan")], pa.float16()), ("无穷", [float("inf"), float("nan")], pa.float64()),
        ("无符号", [2**64 - 1, None], pa.uint64()), ("真假", [True, None], pa.bool_()), ("长文字", ["x", None], pa.large_string()),
        ("文字视图", ["x", None], pa.string_view()), ("字典", ["x", None], pa.dictionary(pa.int8(), pa.string())),
        ("数字字典", [7, None], pa.dictionary(pa.int32(), pa.int64())),
        ("列表", [["x"], None], pa.list_(pa.string())), ("结构", [{"a": "x"}, None], pa.struct({"a": pa.string()})),
        ("对照", [[("a", "x")], None], pa.map_(pa.string(), pa.string())), ("定长列表", [[1, 2], None], pa.list_(pa.int8(), 2)),
    ):  # fmt: skip
        column = pa.array(
            [*values, *values], pa.int64() if name == "年份三十万" else pa.int32() if name == "日期极远" else kind
        )
        table = roll_table().append_column("备注", column.cast(kind) if column.type != kind else column)
        outcome = ERROR if pa.types.is_nested(kind) else EITHER if name in ("年份三十万", "日期极远") else ALL
        yield f"列是{name}", parquet(table), outcome
    yield (
        "列是定长一千字节",
        parquet(roll_table().append_column("备注", pa.array([bytes(1000)] * ALL, pa.binary(1000)))),
        ERROR,
    )
    uuids = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(range(16))] * ALL, pa.binary(16)))
    yield "列是编号类型", parquet(roll_table().append_column("备注", uuids)), ALL
    numbers = roll_table().set_column(1, "身份证号", pa.array([int(number[:17]) for number in IDS]))
    yield "证件号是整数", parquet(numbers), ALL
    yield "全是字典", parquet(pa.table({name: roll_table()[name].dictionary_encode() for name in HEADER})), ALL
    nanos = roll_table().append_column("时间", pa.array([1, None, 2, 3], pa.timestamp("ns")))
    yield "纳秒", parquet(nanos), ALL
    yield "旧式时间", parquet(nanos, use_deprecated_int96_timestamps=True), ALL


def _names() -> Made:
    def renamed(*names: str) -> bytes:
        return parquet(roll_table().rename_columns(list(names)))

    yield "列名重复", renamed(*HEADER[:4], "姓名"), ALL
    yield "列名全相同", renamed(*["姓名"] * 5), EITHER
    yield "列名是空的", renamed(*HEADER[:4], ""), ALL
    yield "列名全空", renamed(*[""] * 5), EITHER
    yield "列名带点", renamed(*HEADER[:4], "学籍.状态.0"), ALL
    yield "列名极长", renamed(*HEADER[:4], "长" * 500_000), ALL
    yield "列名古怪", renamed(*HEADER[:4], "\x1b[31m\n\0=1+1"), ALL
    yield "列名里有证件号", renamed(*HEADER[:4], IDS[0]), ALL
    named = foot.with_footer(
        parquet(store_schema=False), lambda footer: foot.put(foot.schema(footer)[4], foot.NAME, b"\xff\xfe")
    )
    yield "列名是坏字节", named, EITHER
    broken = pa.array([b"\xff\xfe\xfd"] * ALL)
    text = parquet(roll_table().append_column("备注", broken.view(pa.string())))
    yield "文字是坏字节", text, EITHER
    yield (
        "附言极大",
        parquet(roll_table().replace_schema_metadata({"pandas": "{" * 1_000_000, "x": "y" * 1_000_000})),
        ALL,
    )
    yield "附言不是结构", foot.with_footer(parquet(), lambda footer: foot.put(footer, 5, (foot.STRUCT, [
        {1: (foot.BINARY, b"ARROW:schema"), 2: (foot.BINARY, b"!!!!")}
    ]))), EITHER  # fmt: skip


def _sizes() -> Made:
    roll = roll_table()
    yield "零行", parquet(roll.slice(0, 0)), 0
    yield "零列", parquet(pa.table({})), EITHER
    yield "零列四行", parquet(roll.select([])), EITHER
    yield "一列", parquet(roll.select(["姓名"])), EITHER
    yield "一行一个行组", parquet(pa.concat_tables([roll] * 50), row_group_size=1), 50 * ALL
    yield "空行组", foot.with_footer(parquet(), _with_empty_groups), ALL
    empty = pa.table({f"列{at}": pa.array([""], pa.string()) for at in range(20_000)})
    yield "两万列", parquet(empty, write_statistics=False, store_schema=False), ERROR
    long = pa.concat_tables([roll.slice(0, 2), pa.table({name: ["长" * 30_000] * 2 for name in HEADER})])
    yield "统计极大", parquet(long, use_dictionary=False), EITHER
    yield "单元格一兆", parquet(roll.set_column(2, "学校", pa.array(["长" * 350_000] * ALL))), ALL


def _with_empty_groups(footer: Struct) -> None:
    empty = {foot.COLUMNS: (foot.LIST, (foot.STRUCT, [])), 2: (6, 0), foot.GROUP_ROWS: (6, 0)}
    foot.groups(footer).extend([dict(empty)] * 3)


def _bombs() -> Made:
    roll = roll_table()
    long = roll.append_column("备注", pa.array(["x" * 60_000_000, *[""] * (ALL - 1)]))
    for codec in ("zstd", "brotli"):
        bomb = parquet(long, use_dictionary=False, compression=codec, write_statistics=False)
        yield f"炸弹{codec}", bomb, ERROR
        yield f"炸弹谎报{codec}", foot.with_footer(bomb, _said_small), ERROR
    times = pa.array([0] * 100_000, pa.int32())
    many = {
        name: pa.DictionaryArray.from_arrays(times, pa.array([text]))
        for name, text in zip(HEADER, PUPILS[0], strict=True)
    }
    one = pa.DictionaryArray.from_arrays(times, pa.array(["x" * 1_000_000]))
    for name in ("备注", "学校"):
        yield (
            f"字典一兆{name}",
            parquet(pa.table({**many, name: one}), compression="zstd", write_statistics=False),
            ERROR,
        )
    prefixed = pa.table({name: pa.array([text] * 155) for name, text in zip(HEADER, PUPILS[0], strict=True)})
    prefixed = prefixed.append_column("备注", pa.array(["x" * 1_000_000] * 155))
    encoding = {"备注": "DELTA_BYTE_ARRAY"}
    yield "前缀相同", parquet(prefixed, use_dictionary=False, column_encoding=encoding, write_statistics=False), ERROR


def _said_small(footer: Struct) -> None:
    for chunk in foot.chunks(footer):
        foot.put(chunk, foot.UNPACKED, 100)
    foot.put(foot.groups(footer)[0], 2, 500)
