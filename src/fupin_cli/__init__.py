"""fupin: compare the register of poor households (建档立卡台账) with the bureaus' exports."""

__version__ = "0.2.0"
