"""What must hold for any register and any lists: order changes nothing, strangers break nothing, two people stay two."""

from __future__ import annotations

import random
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corruption import World, make_world
from fupin_cli.linkage.identities import identities, people_of
from fupin_cli.linkage.link import find_links, link_tables

KIND = "education.enrolment"


@cache
def world() -> World:
    return make_world(600, 1500, damaged=0.5, seed=11)


def links_of(records: pl.DataFrame, register: pl.DataFrame) -> set[tuple[int, int, str, str]]:
    found, _ = find_links(
        identities(records.lazy(), KIND), people_of(register.lazy().with_columns(pid="rid")), frozenset({KIND})
    )
    return set(found.select("rid", "pid", "level", "state").iter_rows())


@given(st.integers(0, 1000))
@settings(max_examples=8)
def test_order_of_rows_never_changes_links(seed: int) -> None:
    shuffler = random.Random(seed)
    records, register = list(range(world().records.height)), list(range(world().register.height))
    shuffler.shuffle(records)
    shuffler.shuffle(register)
    assert links_of(world().records[records], world().register[register]) == links_of(world().records, world().register)


def test_order_of_files_never_changes_links() -> None:
    first = world().records.filter(pl.col("rid") % 2 == 0).with_columns(rid=pl.col("rid") + 10_000)
    second = world().records.filter(pl.col("rid") % 2 == 1).with_columns(rid=pl.col("rid") + 10_000)
    tables = {"register.persons": world().register.lazy(), "a": first.lazy(), "b": second.lazy()}
    links = link_tables(tables).links
    assert links.equals(link_tables(dict(reversed(tables.items()))).links)


@given(st.integers(0, 1000))
@settings(max_examples=8)
def test_strangers_never_break_a_link(seed: int) -> None:
    strangers = make_world(4, 300, damaged=0.5, seed=seed + 1000).records
    strangers = strangers.with_columns(pl.col("rid") + 100_000, source_file=pl.lit("另一份名单"))
    before = links_of(world().records, world().register)
    after = links_of(pl.concat([world().records, strangers]), world().register)
    assert before == {link for link in after if link[0] < 100_000}


def test_two_registered_numbers_are_never_joined() -> None:
    numbers = dict(world().register.select("rid", "id_number_key").iter_rows())
    owners = {number: rid for rid, number in numbers.items()}
    keys = dict(world().records.select("rid", "id_number_key").iter_rows())
    for rid, pid, _, state in links_of(world().records, world().register):
        if state == "link" and keys[rid] in owners and not keys[rid].endswith("000"):
            assert numbers[pid] == keys[rid]


def test_a_record_links_to_one_person_at_most() -> None:
    linked = [rid for rid, _, _, state in links_of(world().records, world().register) if state == "link"]
    assert len(linked) == len(set(linked))


@pytest.mark.parametrize("seed", [1, 2])
def test_damaged_records_are_found_and_strangers_are_not(seed: int) -> None:
    made = make_world(3000, 15_000, seed=seed)
    links = links_of(made.records, made.register)
    sure = {rid: pid for rid, pid, _, state in links if state == "link"}
    asked = {(rid, pid) for rid, pid, _, state in links if state == "review"}
    damaged = {rid for rid, kind in made.damage.items() if kind != "完好" and made.truth[rid] is not None}
    right = {rid for rid in damaged if sure.get(rid) == made.truth[rid]}
    found = {rid for rid in damaged if (rid, made.truth[rid]) in asked} | right
    wrong = {rid for rid, pid in sure.items() if pid != made.truth[rid]}
    assert len(wrong) / len(sure) <= 0.0005
    assert len(right) / len(damaged) >= 0.98
    assert len(found) / len(damaged) >= 0.99
