"""Ledger (整改台账): what an office keeps from run to run, in one SQLite file of the workspace."""
