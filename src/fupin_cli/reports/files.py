"""Writing a report file: complete or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fupin_cli.errors import FupinError


def write_bytes(out: Path, content: bytes) -> None:
    """Write beside ``out`` and move in."""
    with beside(out) as draft:
        draft.write_bytes(content)


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A path beside ``out`` to write to; moved in when the block ends well."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".fupin-", dir=out.parent))
    try:
        yield folder / out.name
        os.replace(folder / out.name, out)
    except PermissionError as error:
        raise FupinError("输出文件不能写入", where=str(out), cure="关闭正在打开的这个文件后重新运行") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
