"""Colours of charts, the same in the HTML page and the Word report."""

from __future__ import annotations

from fupin_cli.rules.catalogue import GENERAL, HINT, SEVERE

SEVERITY_COLOURS = {SEVERE: "#A61B1B", GENERAL: "#D18A16", HINT: "#7D90A3"}
CATEGORY_COLOURS = ("#A61B1B", "#D18A16", "#2F6F8F", "#6B8E4E", "#5A4A78", "#B5651D", "#3F7F75")
OTHERS_COLOUR = "#A9B1B9"
