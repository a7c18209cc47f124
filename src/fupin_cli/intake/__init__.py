"""Intake (读取): files of any shape to canonical tables with a full account of every row."""
