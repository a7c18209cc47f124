"""``python -m fupin_cli``."""

from fupin_cli.cli import main

main()
