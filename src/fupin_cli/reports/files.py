"""Writing a report file: complete or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from fupin_cli.errors import FupinError


def write_bytes(out: Path, content: bytes) -> None:
    """Write beside ``out`` and move in."""
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, staging = tempfile.mkstemp(prefix=".fupin-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(staging, out)
    except PermissionError as error:
        raise FupinError("输出文件不能写入", where=str(out), cure="关闭正在打开的这个文件后重新运行") from error
    finally:
        Path(staging).unlink(missing_ok=True)
