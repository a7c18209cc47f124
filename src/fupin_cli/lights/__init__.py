"""Lights of households (三色灯): facts about them, the policy table that decides, and what changed."""
