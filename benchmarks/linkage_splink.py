"""The same records through Splink 5 on DuckDB, with comparisons that suit Chinese lists, trained on the same data.

Splink gets what fupin's own parsers make of the cells (normalised names, numbers, pinyin, birth dates), so that only the
linking itself is compared. It needs ``pip install splink``, which is no dependency of fupin.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from corruption import World
from fupin_cli.linkage.identities import identities

THRESHOLD = 0.95
COLUMNS = ("unique_id", "name", "sound", "number", "head14", "ends", "born", "village", "phone", "sex")


def splink_links(world: World) -> tuple[Mapping[int, int], Mapping[int, set[int]]]:
    """Best match above ``THRESHOLD`` of each record; what is equally good or between 0.5 and the threshold is review."""
    api = DuckDBAPI(connection=duckdb.connect())
    left = api.register(_prepared(world.records).to_pandas(), dataset_display_name="records")
    right = api.register(_prepared(world.register).to_pandas(), dataset_display_name="register")
    linker = Linker([left, right], _settings(), log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("number")], recall=0.85)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("number"))
    training.estimate_parameters_using_expectation_maximisation(block_on("name", "born"))
    found = linker.inference.predict(threshold_match_probability=0.5)
    pairs = pl.from_pandas(found.as_pandas_dataframe()).select(
        "match_weight", "match_probability", "source_dataset_l", "unique_id_l", "unique_id_r"
    )
    swapped = pl.col("source_dataset_l") == "register"
    pairs = pairs.with_columns(
        rid=pl.when(swapped).then("unique_id_r").otherwise("unique_id_l"),
        pid=pl.when(swapped).then("unique_id_l").otherwise("unique_id_r"),
    )
    best = pairs.filter(pl.col("match_weight") == pl.col("match_weight").max().over("rid"))
    sure = best.filter((pl.col("match_probability") >= THRESHOLD) & (pl.len().over("rid") == 1))
    links = dict(sure.select("rid", "pid").iter_rows())
    review: dict[int, set[int]] = {}
    for rid, pid in best.join(sure.select("rid"), on="rid", how="anti").select("rid", "pid").iter_rows():
        review.setdefault(rid, set()).add(pid)
    return links, review


def _prepared(table: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("number")
    return identities(table, "list").with_columns(
        unique_id="rid",
        number=pl.when(number.str.len_chars() >= 15).then(number),
        head14=number.str.slice(0, 14),
        ends=number.str.slice(0, 6) + number.str.slice(-4),
        born=pl.col("born").cast(pl.String),
    ).select(*COLUMNS)  # fmt: skip


def _settings() -> SettingsCreator:
    name = cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            cll.NullLevel("name"),
            cll.ExactMatchLevel("name", term_frequency_adjustments=True),
            cll.ExactMatchLevel("sound"),
            cll.LevenshteinLevel("name", 1),
            cll.ElseLevel(),
        ],
    )
    number = cl.CustomComparison(
        output_column_name="number",
        comparison_levels=[
            cll.NullLevel("number"),
            cll.ExactMatchLevel("number"),
            cll.DamerauLevenshteinLevel("number", 1),
            cll.CustomLevel("substr(number_l, 1, 15) = substr(number_r, 1, 15)", "first 15"),
            cll.ExactMatchLevel("head14"),
            cll.ExactMatchLevel("ends"),
            cll.DamerauLevenshteinLevel("number", 2),
            cll.ElseLevel(),
        ],
    )
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            name,
            number,
            cl.DamerauLevenshteinAtThresholds("born", 1),
            cl.ExactMatch("village"),
            cl.ExactMatch("phone"),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"),
            block_on("head14"),
            block_on("substr(number, 7, 11)"),
            block_on("ends"),
            block_on("sound", "born"),
            block_on("name", "village"),
            block_on("sound", "phone"),
        ],
        retain_matching_columns=False,
    )
