"""The evidence of a pair (认定依据): how number, name, birth, sex, place, phone and household stand to each other."""

from __future__ import annotations

from typing import Any

import polars as pl

from fupin_cli.linkage import names, numbers

COMPARED = ("sex", "town", "village", "phone")


def with_evidence(
    pairs: pl.DataFrame, records: pl.DataFrame, people: pl.DataFrame, mates: pl.DataFrame
) -> pl.DataFrame:
    """Add to pairs (``rid``, ``pid``) both identities (the person's with ``_p``), ``number_relation``,
    ``name_relation``, ``born_same``, ``sex_same`` … (null where one is blank), ``mates`` and ``agreeing`` (how many)."""
    both = pairs.join(records, on="rid", how="inner").join(people, on="pid", how="inner", suffix="_p")
    both = both.join(mates.with_columns(mates=pl.lit(True)), on=["rid", "pid"], how="left")
    born = pl.col("born") == pl.col("born_p")
    certain = born | (pl.col("born_known") & pl.col("born_known_p"))
    both = both.with_columns(
        number_relation=pl.Series(
            map(numbers.number_relation, both["number"], both["status"], both["number_p"], both["status_p"]),
            dtype=pl.String,
        ),
        name_relation=pl.Series(map(names.name_relation, both["name"], both["name_p"]), dtype=pl.String),
        mates=pl.col("mates").fill_null(False),
        born_same=pl.when(certain).then(born),
        **{f"{name}_same": pl.col(name) == pl.col(f"{name}_p") for name in COMPARED},
    )
    agreeing = [pl.col(f"{name}_same").fill_null(False).cast(pl.Int64) for name in ("born", *COMPARED)]
    return both.with_columns(agreeing=pl.sum_horizontal(*agreeing, pl.col("mates").cast(pl.Int64)))


def sentence(pair: dict[str, Any]) -> str:
    """What speaks for and against the pair, as an analyst would say it. ``pair``: a row of :func:`with_evidence`."""
    said = [_number_text(pair), _name_text(pair)]
    agreeing = [title for name, title in TITLES if pair[f"{name}_same"]]
    differing = [title for name, title in TITLES if pair[f"{name}_same"] is False]
    said += [f"{'、'.join(agreeing)}一致"] if agreeing else []
    said += ["同户成员登记在相邻行"] if pair["mates"] else []
    said += [f"{'、'.join(differing)}不同"] if differing else []
    return "，".join(said)


TITLES = (("born", "出生日期"), ("sex", "性别"), ("village", "村"), ("phone", "电话"))


def _number_text(pair: dict[str, Any]) -> str:
    theirs, ours = pair["number"] or "", pair["number_p"] or ""
    apart = [place for place, (a, b) in enumerate(zip(theirs, ours, strict=False)) if a != b]
    match pair["number_relation"]:
        case numbers.EQUAL:
            return "证件号相同，但校验码有误"
        case numbers.CHECK:
            return f"证件号前17位相同，校验码台账为{ours[17]}、名单为{theirs[17]}"
        case numbers.LOST:
            return "证件号末三位在表格中失真，前15位相同"
        case numbers.MASKED | numbers.MASKED_FEW:
            return f"证件号可见的{sum('*' not in both for both in zip(theirs, ours, strict=False))}位数字相同"
        case numbers.LENGTH:
            return f"名单的证件号{'少' if len(theirs) < len(ours) else '多'}一位，其余相同"
        case numbers.SWAP:
            return f"证件号第{apart[0] + 1}、{apart[1] + 1}位颠倒（台账{ours[apart[0] : apart[1] + 1]}、名单{theirs[apart[0] : apart[1] + 1]}）"
        case numbers.ONE | numbers.TWO:
            places = "；".join(f"第{place + 1}位台账为{ours[place]}、名单为{theirs[place]}" for place in apart)
            return f"证件号{places}，其余相同"
        case numbers.DAMAGED:
            return f"证件号有{len(apart)}位不同，且未通过校验"
        case _ if theirs and ours:
            return "证件号格式不对，无法比较"
        case _:
            return "双方均缺证件号" if theirs == ours else "名单缺证件号" if ours else "台账缺证件号"


def _name_text(pair: dict[str, Any]) -> str:
    theirs, ours = pair["name"], pair["name_p"]
    match pair["name_relation"]:
        case names.SAME:
            return "姓名相同"
        case names.VARIANT:
            return f"姓名写法不同（台账{ours}、名单{theirs}）"
        case names.HOMOPHONE:
            return f"姓名同音（台账{ours}、名单{theirs}）"
        case names.ONE_CHARACTER:
            return f"姓名相差一个字（台账{ours}、名单{theirs}）"
        case names.DIFFERENT:
            return f"姓名不同（台账{ours}、名单{theirs}）"
        case _:
            return "姓名缺失"
