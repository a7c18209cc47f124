"""The seeded district (仿真数据): invented people, what the bureaus hold of them, and the problems planted in it."""
