"""Plants of MON: the watchlist against what is known of its households."""

from __future__ import annotations

from datetime import timedelta

from fupin_cli.sample.bureau_home import APPRAISALS
from fupin_cli.sample.consequences import at_school, red_facts
from fupin_cli.sample.households import ABLE
from fupin_cli.sample.planter import G, Planter, S
from fupin_cli.sample.world import DIBAO, Household


def _at_risk(home: Household) -> bool:
    return home.risk_cleared is False


def identified_when(planter: Planter) -> None:
    home = planter.watched(_at_risk)
    if home is not None:
        home.identified_on = None
        planter.expect("MON-01", home, G)


def no_measure(planter: Planter) -> None:
    home = planter.watched(lambda home: _at_risk(home) and home.risk in ("因病", "因学", "因残"))
    if home is not None:
        home.help = {"help_industry": "发展常年瓜菜种植"}
        planter.expect("MON-02", home, S)


def house_is_sound(planter: Planter) -> None:
    def wanted(home: Household) -> bool:
        rows = home.head.of(APPRAISALS)
        return _at_risk(home) and len(rows) == 1 and rows[0]["grade"] in "AB"

    home = planter.watched(wanted)
    if home is not None:
        home.risk = "因安全住房"
        home.help["help_house"] = "定期巡查"
        planter.expect("MON-03", home, G)


def no_pupil(planter: Planter) -> None:
    home = planter.watched(lambda home: _at_risk(home) and not any(at_school(one) for one in home.members))
    if home is not None:
        home.risk = "因学"
        home.help["help_society"] = "社会捐助"
        planter.expect("MON-03", home, G)


def not_on_dibao(planter: Planter) -> None:
    home = planter.watched(lambda home: _at_risk(home) and home.poverty_type != DIBAO)
    if home is not None:
        home.help["help_welfare"] = "享受低保"
        planter.expect("MON-04", home, G)


def cleared_too_soon(planter: Planter) -> None:
    home = planter.watched(lambda home: home.registered and _at_risk(home))
    if home is not None:
        home.risk_cleared = True
        home.identified_on, home.cleared_on = planter.days_ago(200), planter.days_ago(50)
        planter.expect("MON-05", home, G)


def cleared_but_poor(planter: Planter) -> None:
    home = planter.watched(lambda home: home.registered and home.risk_cleared is True and home.poverty_type == DIBAO)
    if home is not None:
        home.net_income = 4500.0
        planter.expect("MON-06", home, S)


def cleared_but_unsafe(planter: Planter) -> None:
    """The house was found unsafe after the risk was said to be gone."""

    def wanted(home: Household) -> bool:
        rows = home.head.of(APPRAISALS)
        return home.registered and home.risk_cleared is True and len(rows) == 1 and rows[0]["grade"] in "AB"

    home = planter.watched(wanted)
    if home is not None:
        home.unsafe_house = True
        home.head.of(APPRAISALS)[0]["grade"] = "D"
        planter.expect("HSG-02", home, S)
        planter.expect("MON-06", home, S)


def able_without_development(planter: Planter) -> None:
    home = planter.watched(lambda home: _at_risk(home) and any(one.labour in ABLE for one in home.members))
    if home is not None:
        home.identified_on = planter.days_ago(190)
        home.help.pop("help_industry")
        planter.expect("MON-07", home, G)


def able_identified_lately(planter: Planter) -> None:
    """No finding: five months."""
    home = planter.watched(lambda home: _at_risk(home) and any(one.labour in ABLE for one in home.members))
    if home is not None:
        home.identified_on = planter.as_of - timedelta(days=150)
        home.help.pop("help_industry")


def two_risks_and_not_watched(planter: Planter) -> None:
    """One risk is known, the other is planted; the district's facts say the rest (MON-08)."""

    def wanted(home: Household) -> bool:
        return home.poverty_type == DIBAO and home.exit_status == "已脱贫" and len(red_facts(planter.world, home)) == 1

    home = planter.household(wanted)
    if home is not None:
        home.net_income = 4600.0
        planter.expect("REG-13", home, G)


PLANTS = (
    cleared_but_poor, cleared_but_unsafe, no_pupil, house_is_sound, no_measure, not_on_dibao, able_without_development,
    able_identified_lately, cleared_too_soon, identified_when, two_risks_and_not_watched,
)  # fmt: skip
