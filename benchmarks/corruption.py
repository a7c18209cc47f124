"""Invented people and what bureaus make of them: a register, records of known persons with known damage, and strangers.

Every kind of damage stands alone, with its share among the damaged records; strangers include namesakes in the same
village, unregistered twins, and sons who carry their father's name and telephone number.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd
import polars as pl

from fupin_cli.fields.names import normalise_name
from fupin_cli.fields.resident_id import check_char, id_column

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅春花建国志文海燕晓东林波辉鹏宇浩婷雪慧欣怡佳琪子涵梓轩雨泽嘉豪俊熙诗思博一鸣永康福生水金凤珍莲荣贵清德光成才世昌"
TRADITIONAL = str.maketrans(
    "张刘陈杨黄赵吴马罗郑梁谢许韩冯邓萧卢姜钟谭陆范贾韦邹龙贺顾龚万钱严丽军杰华兰红国庆东辉鹏宇凤莲荣贵",
    "張劉陳楊黃趙吳馬羅鄭梁謝許韓馮鄧蕭盧薑鍾譚陸範賈韋鄒龍賀顧龔萬錢嚴麗軍傑華蘭紅國慶東輝鵬宇鳳蓮榮貴",
)
HOMOPHONES = {
    "伟": "玮", "芳": "方", "丽": "莉", "静": "婧", "强": "墙", "军": "君", "勇": "永", "艳": "燕", "杰": "洁", "明": "铭", "超": "朝", "秀": "绣",
    "霞": "侠", "平": "萍", "刚": "钢", "桂": "贵", "英": "瑛", "华": "桦", "玉": "钰", "兰": "岚", "梅": "枚", "花": "化", "建": "健", "国": "帼",
    "志": "智", "文": "闻", "海": "骇", "晓": "小", "东": "冬", "林": "琳", "波": "播", "辉": "晖", "鹏": "朋", "宇": "雨", "浩": "皓", "婷": "廷",
    "慧": "惠", "欣": "新", "怡": "仪", "佳": "嘉", "琪": "奇", "子": "紫", "涵": "函", "轩": "宣", "泽": "则", "俊": "骏", "熙": "希", "诗": "师",
}  # fmt: skip
REGIONS = ("460108",) * 12 + ("460107", "460100", "460003", "460028", "450802", "522628", "440882", "431224")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@dataclass
class Human:
    """One person; ``home`` is the household, ``pid`` the row in the register or ``None`` for a stranger."""

    name: str
    number: str
    born: date
    sex: str
    village: str
    phone: str
    home: str
    pid: int | None = None


@dataclass
class World:
    """``register`` and ``records`` as linkage takes them; ``truth``: ``rid`` → ``pid`` (``None``: stranger), ``damage``: ``rid`` → kind."""

    register: pl.DataFrame
    records: pl.DataFrame
    truth: dict[int, int | None]
    damage: dict[int, str]


@dataclass
class Maker:
    """Draws people and rows; the same seed gives the same world."""

    random: random.Random
    numbers: set[str] = field(default_factory=set)
    villages: list[str] = field(default_factory=list)

    def human(self, home: str, village: str, phone: str, surname: str = "", region: str = "") -> Human:
        draw = self.random
        born = date(1935, 1, 1) + timedelta(days=draw.randrange(31_000))
        sex = draw.choice("男女")
        given = draw.choice(GIVEN) if draw.random() < 0.15 else draw.choice(GIVEN) + draw.choice(GIVEN)
        number = self.number(born, sex, region or draw.choice(REGIONS))
        return Human((surname or draw.choice(SURNAMES)) + given, number, born, sex, village, phone, home)

    def number(self, born: date, sex: str, region: str) -> str:
        while True:
            order = self.random.randrange(500) * 2 + (sex == "男")
            body = f"{region}{born:%Y%m%d}{order:03d}"
            if body not in self.numbers:
                self.numbers.add(body)
                return body + check_char(body)

    def household(self, at: int) -> list[Human]:
        """A couple under one roof, she often of another province; sometimes a son of his father's name, sometimes twins."""
        draw = self.random
        village, phone, home = draw.choice(self.villages), self.phone(), f"H{at:06d}"
        head = self.human(home, village, phone)
        members = [head, self.human(home, village, phone, region=draw.choice(REGIONS[12:]))]
        for _ in range(draw.randrange(3)):
            members.append(self.human(home, village, phone, head.name[0], head.number[:6]))
        if draw.random() < 0.01:
            members[-1].name = head.name
        if draw.random() < 0.02:
            members.append(self.twin(members[-1]))
        return members

    def twin(self, other: Human) -> Human:
        name = other.name[:-1] + self.random.choice(GIVEN)
        number = self.number(other.born, other.sex, other.number[:6])
        return Human(name, number, other.born, other.sex, other.village, other.phone, other.home)

    def phone(self) -> str:
        return f"1{self.random.randrange(3_000_000_000, 9_999_999_999)}"


Row = dict[str, Any]
Damage = Callable[[random.Random, Row, Human], None]


def _digit(draw: random.Random, row: Row, human: Human) -> None:
    place = draw.randrange(17)
    wrong = draw.choice([digit for digit in "0123456789" if digit != human.number[place]])
    row["id_number"] = human.number[:place] + wrong + human.number[place + 1 :]


def _two_digits(draw: random.Random, row: Row, human: Human) -> None:
    digits = list(human.number)
    for place in draw.sample(range(17), 2):
        digits[place] = draw.choice([digit for digit in "0123456789" if digit != digits[place]])
    row["id_number"] = "".join(digits)


def _swap(draw: random.Random, row: Row, human: Human) -> None:
    number = human.number
    places = [place for place in range(16) if number[place] != number[place + 1]]
    place = draw.choice(places)
    row["id_number"] = number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _check(draw: random.Random, row: Row, human: Human) -> None:
    row["id_number"] = human.number[:17] + draw.choice([x for x in "0123456789X" if x != human.number[17]])


def _length(draw: random.Random, row: Row, human: Human) -> None:
    place = draw.randrange(18)
    more = draw.random() < 0.5
    row["id_number"] = (
        human.number[:place] + (draw.choice("0123456789") if more else "") + human.number[place + (not more) :]
    )


def _old(draw: random.Random, row: Row, human: Human) -> None:
    row["id_number"] = human.number[:6] + human.number[8:17]
    if human.born.year >= 2000:
        _lost(draw, row, human)


def _letters(draw: random.Random, row: Row, human: Human) -> None:
    forms = [
        human.number.replace("0", "O").replace("1", "l"),
        human.number.translate(WIDE),
        f"{human.number[:6]} {human.number[6:14]} {human.number[14:]}",
        f"'{human.number}",
        human.number.lower(),
    ]
    row["id_number"] = draw.choice(forms)


def _lost(_: random.Random, row: Row, human: Human) -> None:
    row["id_number"] = human.number[:15] + "000"


def _mask_birth(_: random.Random, row: Row, human: Human) -> None:
    row["id_number"] = human.number[:6] + "********" + human.number[14:]


def _mask_tail(_: random.Random, row: Row, human: Human) -> None:
    row["id_number"] = human.number[:14] + "****"


def _no_number(_: random.Random, row: Row, human: Human) -> None:
    row |= {"id_number": "", "birth_date": human.born.isoformat(), "village": human.village}


def _no_number_phone(_: random.Random, row: Row, human: Human) -> None:
    row |= {"id_number": "无", "birth_date": "", "phone": human.phone}


def _only_neighbours(_: random.Random, row: Row, human: Human) -> None:
    row |= {"id_number": "", "birth_date": "", "phone": "", "village": ""}


def _only_village(_: random.Random, row: Row, human: Human) -> None:
    row |= {"id_number": "", "birth_date": "", "phone": "", "village": human.village}


def _homophone(draw: random.Random, row: Row, human: Human) -> None:
    places = [place for place, character in enumerate(human.name) if place and character in HOMOPHONES]
    if not places:
        return _written(draw, row, human)
    place = draw.choice(places)
    row["name"] = human.name[:place] + HOMOPHONES[human.name[place]] + human.name[place + 1 :]
    return None


def _character(draw: random.Random, row: Row, human: Human) -> None:
    place = draw.randrange(1, len(human.name))
    row["name"] = human.name[:place] + draw.choice(GIVEN) + human.name[place + 1 :]


def _written(draw: random.Random, row: Row, human: Human) -> None:
    forms = [human.name.translate(TRADITIONAL), f"{human.name}（已迁出）", "　".join(human.name), f"{human.name}1"]
    row["name"] = draw.choice(forms)


def _both(first: Damage, second: Damage) -> Damage:
    def damage(draw: random.Random, row: Row, human: Human) -> None:
        first(draw, row, human)
        second(draw, row, human)

    return damage


# Kind → (share among damaged records, what it does).
DAMAGES: dict[str, tuple[float, Damage]] = {
    "证件号一位错": (14, _digit),
    "证件号相邻颠倒": (6, _swap),
    "证件号校验码错": (4, _check),
    "证件号多或少一位": (5, _length),
    "证件号两位错": (2, _two_digits),
    "证件号15位": (8, _old),
    "证件号字母全角空格": (8, _letters),
    "证件号末位失真": (10, _lost),
    "证件号遮盖出生日期": (6, _mask_birth),
    "证件号遮盖后四位": (4, _mask_tail),
    "证件号缺失，有出生日期和村": (8, _no_number),
    "证件号缺失，有电话": (5, _no_number_phone),
    "证件号缺失，只有同户成员相邻": (1, _only_neighbours),
    "证件号缺失，只有村": (0.5, _only_village),
    "姓名繁体、空格、括注": (6, _written),
    "姓名同音": (5, _homophone),
    "姓名一个字不同": (5, _character),
    "一位错且同音": (1, _both(_digit, _homophone)),
    "一位错且一个字不同": (0.5, _both(_digit, _character)),
    "遮盖后四位且同音": (0.5, _both(_mask_tail, _homophone)),
    "缺失（有出生日期和村）且同音": (0.5, _both(_no_number, _homophone)),
}
WHOLE = "完好"


def make_world(persons: int, records: int, damaged: float = 0.2, seed: int = 1) -> World:
    """``persons`` registered, each with one record, ``damaged`` of them damaged; strangers fill up to ``records``."""
    maker = Maker(random.Random(seed))
    maker.villages = [f"第{at}村" for at in range(max(4, persons // 1000))]
    homes: list[list[Human]] = []
    count = 0
    while count < persons:
        homes.append(maker.household(len(homes)))
        for human in homes[-1]:
            count += 1
            human.pid = count
    registered = [human for home in homes for human in home]
    rows = _rows(maker, homes, damaged)
    strangers = _strangers(maker, registered, records - count)
    merged = _interleaved(maker.random, rows, strangers)
    truth = {rid: human.pid for rid, (human, _, _) in enumerate(merged, 1)}
    damage = {rid: kind for rid, (_, _, kind) in enumerate(merged, 1)}
    register = [_row(human) | {"household_id": human.home} for human in registered]
    return World(_table(register, "台账"), _table([row for _, row, _ in merged], "名单"), truth, damage)


Entry = tuple[Human, Row, str]


def _rows(maker: Maker, homes: list[list[Human]], damaged: float) -> list[list[Entry]]:
    """The records of each household, in its order."""
    draw, names = maker.random, list(DAMAGES)
    weights = [DAMAGES[name][0] for name in names]
    entries = []
    for home in homes:
        found = []
        for human in home:
            row, kind = _row(human), WHOLE
            _thin(draw, row)
            if draw.random() < damaged:
                kind = draw.choices(names, weights)[0]
                DAMAGES[kind][1](draw, row, human)
            found.append((human, row, kind))
        entries.append(found)
    return entries


def _strangers(maker: Maker, registered: list[Human], count: int) -> list[Entry]:
    """Unregistered people: most with a whole number of their own, some damaged like everybody's."""
    draw, entries = maker.random, []
    names = [name for name in DAMAGES if name != "证件号缺失，只有同户成员相邻"]
    weights = [DAMAGES[name][0] for name in names]
    for at in range(count):
        chance, kind = draw.random(), WHOLE
        stranger = maker.human(f"S{at}", draw.choice(maker.villages), maker.phone())
        if chance < 0.02:  # a namesake in the same village
            other = draw.choice(registered)
            stranger.name, stranger.village = other.name, other.village
        elif chance < 0.0205:  # an unregistered twin
            stranger = maker.twin(draw.choice(registered))
        elif chance < 0.021:  # an unregistered son of his father's name
            other = draw.choice(registered)
            stranger.name, stranger.village, stranger.phone = other.name, other.village, other.phone
        row = _row(stranger)
        _thin(draw, row)
        if draw.random() < 0.01:
            kind = draw.choices(names, weights)[0]
            DAMAGES[kind][1](draw, row, stranger)
        entries.append((stranger, row, kind))
    return entries


def _interleaved(draw: random.Random, homes: list[list[Entry]], strangers: list[Entry]) -> list[Entry]:
    """Households stay together, as lists are kept by village and family; strangers stand between them."""
    groups = homes + [[stranger] for stranger in strangers]
    draw.shuffle(groups)
    return [entry for group in groups for entry in group]


def _row(human: Human) -> Row:
    return {
        "name": human.name, "id_number": human.number, "sex": human.sex, "birth_date": human.born.isoformat(),
        "village": human.village, "phone": human.phone, "household_id": "",
    }  # fmt: skip


def _thin(draw: random.Random, row: Row) -> None:
    """Lists rarely carry everything: half have no birth date, half no telephone, a fifth no village."""
    for name, share in (("birth_date", 0.5), ("phone", 0.5), ("village", 0.2)):
        if draw.random() < share:
            row[name] = ""


def _table(rows: list[Row], file: str) -> pl.DataFrame:
    """The rows as intake would hand them on."""
    frame = pd.DataFrame(rows)
    frame["written"] = frame.pop("id_number")
    numbers = id_column(frame["written"])
    table = pl.from_pandas(frame).with_columns(pl.col(pl.String).replace("", None))
    birth = pl.col("birth_date")
    return table.with_columns(
        rid=pl.int_range(1, len(rows) + 1, dtype=pl.Int64),
        name=pl.Series([normalise_name(name) for name in table["name"]], dtype=pl.String),
        **{
            name: pl.from_pandas(numbers[column]).cast(pl.Int64 if column == "birth" else pl.String)
            for name, column in (
                ("id_number", "text"), ("id_number_status", "status"), ("id_number_key", "key"), ("birth", "birth"),
            )
        },
        birth_date_day=birth.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Int64),
        source_file=pl.lit(file), source_sheet=pl.lit("表"), source_row=pl.int_range(1, len(rows) + 1, dtype=pl.Int64),
    )  # fmt: skip
