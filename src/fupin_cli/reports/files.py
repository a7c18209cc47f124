"""Writing a report file: complete or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from fupin_cli.errors import FupinError


def write_bytes(out: Path, content: bytes) -> None:
    """Write beside ``out`` and move in."""
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".fupin-", dir=out.parent))
    try:
        (staging / out.name).write_bytes(content)
        os.replace(staging / out.name, out)
    except PermissionError as error:
        raise FupinError("输出文件不能写入", where=str(out), cure="关闭正在打开的这个文件后重新运行") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
