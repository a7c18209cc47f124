"""Every run of the tests tries the same examples: a failure found is a failure that stays."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")
