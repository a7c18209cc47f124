"""The units (责任单位) that a workspace knows without looking into its ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fupin_cli.workspace import Workspace


def known_units(workspace: Workspace) -> Mapping[str, str]:
    """Name → unit: owners of the rules, units of the work plan with their other names, towns of the workspace."""
    from fupin_cli.ledger.joint import units_of
    from fupin_cli.rules.catalogue import catalogue
    from fupin_cli.supervision.plan import load_plan

    plan = load_plan(workspace.root, tuple(workspace.towns))
    owners = [unit for rule in catalogue().values() for unit in units_of(rule.owner) if "{" not in unit]
    units = dict.fromkeys((*owners, *plan.units, *workspace.towns))
    return {**plan.aliases, **{unit: unit for unit in units}}


def unknown_unit(part: str, workspace: Workspace) -> str:
    """That no unit of the ledger has ``part`` in its name, and which may be meant; nothing where one has."""
    from fupin_cli.ledger.query import units_of_ledger
    from fupin_cli.ledger.units import is_it, with_units

    units = units_of_ledger(workspace.ledger)
    if not part or any(part in unit for unit in units):
        return ""
    question = is_it(part, with_units(known_units(workspace), units))
    return f"台账中没有名称含“{part}”的责任单位{'，' if question else ''}{question or '。'}"
