"""The analyst's script: read every workbook with openpyxl, merge on the ID number, ten rules, one workbook.

``python benchmarks/baseline_pandas.py FOLDER OUT.xlsx`` on what ``fupin sample`` writes. It trusts file names and header
rows, matches equal IDs only and says nothing of what it did not read: it is here for its time, not for its answers.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

ID = "证件"


def read(folder: Path, pattern: str, id_header: str, header: int = 0) -> pd.DataFrame:
    """All sheets of the workbook (or the text file) whose name matches, with the ID under one name."""
    (path,) = sorted(folder.rglob(pattern))[:1]
    if path.suffix == ".csv":
        encoding = next(name for name in ("utf-8-sig", "gb18030", "utf-16") if _reads(path, name))
        table = pd.read_csv(path, dtype=str, encoding=encoding)
    else:
        names = [name for name in pd.ExcelFile(path, engine="openpyxl").sheet_names if name != "说明"]
        sheets = pd.read_excel(path, sheet_name=names, header=header, dtype=str, engine="openpyxl")
        table = pd.concat(sheets.values(), ignore_index=True)
    table[ID] = table[id_header].str.strip().str.upper()
    return table.dropna(subset=[ID])


def _reads(path: Path, encoding: str) -> bool:
    try:
        path.read_text(encoding=encoding)
    except UnicodeError:
        return False
    return True


def main(folder: Path, out: Path) -> None:
    """Ten rules by merge and isin."""
    persons = read(folder, "建档立卡贫困人口信息.xlsx", "证件号码", header=3)
    roll = read(folder, "学籍在校生.xlsx", "身份证件号", header=2)
    insurance = read(folder, "*参保名册.csv", "社会保障号码")
    chronic = read(folder, "慢性病患者台账.xlsx", "有效证件号码", header=2)
    contracts = read(folder, "家庭医生签约名单.csv", "身份证号")
    houses = read(folder, "农村住房安全鉴定台账.xlsx", "户主身份证号", header=2)
    works = read(folder, "危房改造台账.xlsx", "身份证号", header=1)
    dibao = read(folder, "农村低保名册.xlsx", "公民身份号码", header=2)
    deaths = read(folder, "殡葬死亡人员.csv", "身份证号")
    stays = read(folder, "住院结算明细.xlsx", "Unnamed: 2", header=3)
    born = pd.to_numeric(persons[ID].str[6:10], errors="coerce")
    children = persons[born.between(2005, 2013)]
    merged = persons.merge(insurance[[ID, "参保状态"]], on=ID, how="left")
    unsafe = houses[houses["鉴定等级"].isin(["C级", "D级"])]
    rate = (
        stays.assign(own=pd.to_numeric(stays["个人自付"]), all=pd.to_numeric(stays["总费用"]))
        .groupby(ID)[["own", "all"]]
        .sum()
    )
    results = {
        "未入学": children[~children[ID].isin(roll[ID])],
        "未参保": merged[merged["参保状态"].isna()],
        "停保": merged[merged["参保状态"].isin(["停保", "欠费"])],
        "慢病未签约": persons.merge(chronic[[ID, "慢病病种"]], on=ID)[lambda table: ~table[ID].isin(contracts[ID])],
        "危房未改造": persons.merge(unsafe[[ID, "鉴定等级"]], on=ID)[lambda table: ~table[ID].isin(works[ID])],
        "低保不符": persons[persons[ID].isin(dibao[ID])],
        "已死亡": persons[persons[ID].isin(deaths[ID])],
        "报销不足": persons.merge(rate[rate["own"] > 0.1 * rate["all"]], on=ID),
        "号码重复": persons[persons.duplicated(ID, keep=False)],
        "重复参保": insurance[insurance.duplicated([ID, "参保年度"], keep=False)],
    }
    with pd.ExcelWriter(out, engine="openpyxl") as writer:
        for name, table in results.items():
            table.to_excel(writer, sheet_name=name, index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
