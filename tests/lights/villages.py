"""A small district in two months: a register, a watchlist, bills, and the lights they must give."""

from __future__ import annotations

from pathlib import Path

import stdnum.cn.ric as ric

FACTS = ("与户主关系", "镇", "行政村", "健康状况", "劳动技能", "家庭年人均纯收入", "务工时间(月)")
PLAIN = ("户主", "灵山镇", "东营村", "健康", "普通劳动力", "9000", "10")
# Household → what differs from PLAIN in a month.
MAY = {
    "G1": {}, "G2": {}, "Y1": {"健康状况": "患有大病"}, "Y2": {"家庭年人均纯收入": "4500"}, "Y3": {"务工时间(月)": "3"},
    "R1": {"健康状况": "患有大病", "劳动技能": "无劳动力"}, "R2": {"劳动技能": "丧失劳动力", "家庭年人均纯收入": "4000"}, "N1": {},
}  # fmt: skip
JUNE = MAY | {"G2": {"健康状况": "患有大病"}, "R2": {}, "Y2": {"家庭年人均纯收入": "4500", "健康状况": "患有大病"}}
WATCH = {"B1": ("边缘户", "因疫情导致收入骤减"), "B2": ("边缘户", "因非洲猪瘟"), "B3": ("边缘户", "产业项目失败")}
LIGHTS_IN_MAY = {
    "G1": "绿灯", "G2": "绿灯", "Y1": "黄灯", "Y2": "黄灯", "Y3": "黄灯", "R1": "红灯", "R2": "红灯", "N1": "绿灯", "B1": "黄灯",
    "B2": "黄灯", "B3": "黄灯",
}  # fmt: skip
# N1 left the register, B3's risk was cleared, N2 came.
LIGHTS_IN_JUNE = {
    "G1": "绿灯", "G2": "黄灯", "Y1": "黄灯", "Y2": "红灯", "Y3": "黄灯", "R1": "红灯", "R2": "绿灯", "B1": "黄灯", "B2": "黄灯",
    "B3": "绿灯", "N2": "绿灯",
}  # fmt: skip
CHANGES = {
    "G2": ("加重", "绿灯", "黄灯"), "Y2": ("加重", "黄灯", "红灯"), "R2": ("减轻", "红灯", "绿灯"), "B3": ("减轻", "黄灯", "绿灯"),
    "N1": ("不再在册", "绿灯", ""), "N2": ("新增", "", "绿灯"),
}  # fmt: skip


def identity(number: int) -> str:
    """A valid ID number of an invented adult."""
    stem = f"46010819800101{number:03d}"
    return stem + ric.calc_check_digit(stem)


def write_month(folder: Path, homes: dict[str, dict[str, str]], cleared: tuple[str, ...] = ()) -> Path:
    """The register with ``homes`` and the watchlist; one person a household."""
    folder.mkdir(parents=True)
    known = sorted({*MAY, *JUNE, "N2", *WATCH})
    rows = [",".join(("户编号", "姓名", "证件号码", *FACTS))]
    for home, changes in homes.items():
        facts = dict(zip(FACTS, PLAIN, strict=True)) | changes
        rows.append(",".join((home, f"户主{home}", identity(known.index(home)), *facts.values())))
    (folder / "建档立卡贫困人口信息.csv").write_text("\n".join(rows), encoding="utf-8")
    rows = ["户编号,姓名,证件号码,镇,行政村,劳动技能,监测对象类别,返贫风险,风险是否消除"]
    for home, (kind, risk) in WATCH.items():
        done = "是" if home in cleared else "否"
        rows.append(f"{home},户主{home},{identity(known.index(home))},三江镇,茄芮村,普通劳动力,{kind},{risk},{done}")
    (folder / "边缘户监测户名单.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def two_months(root: Path) -> tuple[Path, Path]:
    june = {home: facts for home, facts in JUNE.items() if home != "N1"} | {"N2": {}}
    return write_month(root / "2020-05", MAY), write_month(root / "2020-06", june, cleared=("B3",))
