"""Invented people: names, resident IDs valid in form (GB 11643), towns and villages of the district."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

TOWNS: dict[str, tuple[str, ...]] = {
    "灵山镇": ("福田坡村", "仙湖村", "东林尾村", "大社村", "新岸村", "红丰村", "晋仙村", "林吾村"),
    "演丰镇": ("边湖村", "苏寻村", "塔坡村", "山尾村", "瑶城村", "曲港村", "北排村"),
    "三江镇": ("茄园村", "江源村", "上云村", "苏家村", "眼镜塘村", "道学坡村", "新桥头村", "罗梧村"),
    "大致坡镇": ("金堆村", "昌福村", "崇德坡村", "大东坡村", "永群村", "美桐村", "良田坡村"),
}
# What sets the villages, numbers and phones of one part of a large district apart from those of the others.
LINEAGES = "陈王符吴林李黄周张冯许韩蔡郑邢梁云郭曾谢邓潘欧莫翁杨罗洪龙詹"
BLOCKS = len(LINEAGES) ** 2
HAMLETS = ("一组", "二组", "三组", "坡尾村", "上园村", "下园村")

SURNAMES = "陈陈陈王王符符吴吴林林李李黄黄周张冯许韩蔡郑邢梁云郭曾谢邓潘欧莫翁杨罗洪龙詹柯"
MALE = "明伟强海文林华国平志建军福东雄波健武亮才德光川宁生龙荣裕达清森茂祥启运安泽政"
FEMALE = "英芳玉兰花梅秀丽琴霞青月香娟燕莲珍凤萍妹娥桂雪慧婷妮瑞春爱珠银彩巧云"
FAR_NAMES = ("阿依古丽·买买提", "古丽娜尔·艾山", "多吉·才让", "米吉提·吐尔逊")
PREFIXES = ("460108",) * 10 + (
    "460100",
    "460006",
    "460028",
    "460025",
    "460003",
    "460111",
    "450802",
    "522628",
    "440882",
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
PHONES_A_BLOCK = 100_000


def towns_of(block: int) -> dict[str, tuple[str, ...]]:
    """The towns with the villages of one block (片) of the district; block 0 is all of a small one."""
    if not block:
        return TOWNS
    mark = LINEAGES[block // len(LINEAGES)] + LINEAGES[block % len(LINEAGES)]
    return {town: tuple(f"{mark}{village}" for village in villages) for town, villages in TOWNS.items()}


def prefixes_of(block: int) -> tuple[str, ...]:
    """The county codes in the ID numbers of a block; in later blocks invented ones, which no other block has."""
    if not block:
        return PREFIXES
    codes = list(dict.fromkeys(PREFIXES))
    return tuple(f"46{990 + block * 10 + codes.index(code)}" for code in PREFIXES)


def check_char(first17: str) -> str:
    """The check character of a resident ID (校验码)."""
    return CHECK[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def is_valid_id(number: str) -> bool:
    """18 well-formed characters, a possible birth date, the right check character."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    return birth_of(number) is not None and check_char(number[:17]) == number[17]


def birth_of(number: str) -> date | None:
    """The birth date written in an 18-character number; ``None`` when impossible."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def full_years(birth: date, on: date) -> int:
    """Full years (周岁) from ``birth`` on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


@dataclass(eq=False)
class Stranger:
    """Somebody in a bureau's list who is neither in the register nor on the watchlist."""

    name: str
    id_number: str
    sex: str
    birth: date
    town: str
    village: str
    phone: str


@dataclass
class Registry:
    """Hands out names, numbers and phones; nothing twice where that would make two people one, in one block or two."""

    rng: random.Random
    as_of: date
    numbers: set[str] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    phones: int = 0
    block: int = 0

    def __post_init__(self) -> None:
        self.towns, self.prefixes = towns_of(self.block), prefixes_of(self.block)
        self.phones += self.block * PHONES_A_BLOCK

    def birth(self, age: int) -> date:
        """A birth date of somebody ``age`` full years old."""
        day = self.as_of - timedelta(days=self.rng.randint(2, 360))
        return date(day.year - age, day.month, min(day.day, 28))

    def number(self, birth: date, sex: str) -> str:
        """A number that stays somebody's own when a spreadsheet has cut it after 15 digits."""
        while True:
            serial = self.rng.randint(1, 499) * 2 + (1 if sex == "男" else 0)
            first17 = f"{self.rng.choice(self.prefixes)}{birth:%Y%m%d}{serial:03d}"
            if first17[:15] not in self.numbers:
                self.numbers.add(first17[:15])
                return first17 + check_char(first17)

    def name(self, sex: str, village: str, surname: str = "") -> str:
        """A name nobody else has in the village."""
        while True:
            name = self._draw(sex, surname)
            if (name, village) not in self.names:
                self.names.add((name, village))
                return name

    def _draw(self, sex: str, surname: str) -> str:
        if not surname and self.rng.random() < 0.004:
            return self.rng.choice(FAR_NAMES)
        pool = MALE if sex == "男" else FEMALE
        given = "".join(self.rng.choice(pool) for _ in range(1 if self.rng.random() < 0.15 else 2))
        return (surname or self.rng.choice(SURNAMES)) + given

    def phone(self) -> str:
        self.phones += 1
        return f"1{self.rng.choice('3578')}{self.rng.randint(0, 9)}{self.phones:08d}"

    def stranger(self, low: int, high: int, name: str = "", apart_from: str = "") -> Stranger:
        """Somebody of ``low`` to ``high`` years; with ``name`` a namesake of a registered person, in another village where
        nobody has that name (if there is none, somebody of another name)."""
        sex = self.rng.choice("男女")
        birth = self.birth(self.rng.randint(low, high))
        if name and all(self._taken(name, village, apart_from) for of in self.towns.values() for village in of):
            name = ""
        while True:
            town = self.rng.choice(tuple(self.towns))
            village = self.rng.choice(self.towns[town])
            if not (name and self._taken(name, village, apart_from)):
                break
        name = name or self.name(sex, village)
        self.names.add((name, village))
        return Stranger(name, self.number(birth, sex), sex, birth, town, village, self.phone())

    def _taken(self, name: str, village: str, apart_from: str) -> bool:
        return village == apart_from or (name, village) in self.names
