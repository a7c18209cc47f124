"""Errors meant for the user: one Chinese sentence with message, place and cure."""

from fupin_cli.privacy import masked


class FupinError(Exception):
    """A mistake in usage or configuration (exit code 2). Carries no ID number, not even one in a file's name."""

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", cure: str = "", exit_code: int | None = None) -> None:
        self.message, self.where, self.cure = map(masked, (message, where, cure))
        if exit_code is not None:
            self.exit_code = exit_code
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}：" if self.where else ""
        cure = f"；处理办法：{self.cure}" if self.cure else ""
        return f"{place}{self.message.rstrip('。')}{cure}。"


class InputError(FupinError):
    """An input that could not be read or validated (exit code 3)."""

    exit_code = 3
