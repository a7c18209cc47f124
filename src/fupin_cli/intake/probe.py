"""Binary workbooks (xls, xlsb) tried out in a process of their own before they are opened in this one.

Their reader believes the sizes a damaged file declares: it may then ask for more memory than there is, which ends the
process, or never come back. The child dies instead, and what it says on its way stays unseen.
"""

from __future__ import annotations

import subprocess
import sys

from fupin_cli.errors import InputError

SECONDS = 10
MEMORY = 1_200_000_000
# Exceptions of the reader are met again, and explained, when the file is opened for good.
_CHILD = f"""
import io, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    pass
import python_calamine
try:
    book = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    for name in book.sheet_names:
        book.get_sheet_by_name(name)
except Exception:
    pass
"""


def try_out(data: bytes) -> None:
    """Raise InputError when the reader does not survive ``data``."""
    try:
        done = subprocess.run([sys.executable, "-I", "-c", _CHILD], input=data, capture_output=True, timeout=SECONDS)
        survived = done.returncode == 0
    except subprocess.TimeoutExpired:
        survived = False
    if not survived:
        raise InputError("内容已损坏或声明的范围过大，无法读取", cure="用 Excel 或 WPS 打开修复后另存为 .xlsx")
