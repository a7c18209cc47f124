"""Every run of the tests tries the same examples: a failure found is a failure that stays."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=["pandas", "spark"], default="pandas", help="the engine whose findings must equal polars'"
    )
    parser.addoption("--years", default="8", help="how many years of the ledger are lived against the model")
    parser.addoption("--all-columns", action="store_true", help="take away every column alone (minutes)")
