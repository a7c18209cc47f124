"""Rounds (年度比对): the plan of a year's comparisons, how each stands, what changed from one to another, the year."""
