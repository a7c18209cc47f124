"""Linkage (身份核对): which source record is which registered person, and why."""
