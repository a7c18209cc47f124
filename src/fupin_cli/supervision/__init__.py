"""Supervision (督查): units' progress against the work plan, month by month."""
