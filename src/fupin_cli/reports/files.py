"""Writing report files: complete or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from fupin_cli.errors import FupinError
from fupin_cli.reports.encryption import encrypt

# Longer paths fail in many Windows programs, this one among them when the system has not been set up for them.
WINDOWS_PATH = 240


def write_bytes(out: Path, content: bytes, password: str = "") -> None:
    """Write beside ``out`` and move in, encrypted where a password is given."""
    with beside(out, password) as draft:
        draft.write_bytes(content)


@contextmanager
def beside(out: Path, password: str = "") -> Iterator[Path]:
    """A path beside ``out`` to write to; moved in when the block ends well, encrypted first where a password is given."""
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".fupin-", dir=out.parent))
        try:
            yield folder / out.name
            if password:
                encrypt(folder / out.name, password)
            os.replace(folder / out.name, out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def placing(out: Path) -> Iterator[tuple[Path, Callable[[Iterable[str], Iterable[str]], None]]]:
    """A folder beside ``out`` to write to, and what then moves the files of these names from there into ``out``, and takes those
    of others away; if the block fails afterwards, the files that were there before come back."""
    with writing(out):
        made = not out.exists()
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".fupin-", dir=out.parent))
    aside = staging / "原来的"
    moved: list[str] = []

    def move_in(names: Iterable[str], gone: Iterable[str] = ()) -> None:
        with writing(out):
            aside.mkdir()
            out.mkdir(exist_ok=True)
            for name, stays in (*((name, True) for name in names), *((name, False) for name in gone)):
                if (out / name).exists():
                    _keep(out / name, aside / name)
                if stays:
                    os.replace(staging / name, out / name)
                else:
                    (out / name).unlink(missing_ok=True)
                moved.append(name)

    try:
        yield staging, move_in
    except BaseException:
        _put_back(out, aside, moved, made=made)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _keep(path: Path, copy: Path) -> None:
    """A second name of the file, or where the file system has none a copy: at no moment it is gone."""
    try:
        os.link(path, copy)
    except OSError:
        shutil.copy2(path, copy)


def _put_back(out: Path, aside: Path, moved: Iterable[str], *, made: bool) -> None:
    for name in moved:
        if (aside / name).exists():
            os.replace(aside / name, out / name)
        else:
            (out / name).unlink(missing_ok=True)
    if made:
        with suppress(OSError):  # somebody put something else there meanwhile
            out.rmdir()


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Say in one sentence why ``out`` could not be written."""
    try:
        yield
    except (OSError, FileCreateError) as error:
        message, cure = _reason(error.args[0] if isinstance(error, FileCreateError) else error, out)
        raise FupinError(message, where=str(out), cure=cure) from error


def _reason(error: object, out: Path) -> tuple[str, str]:
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, PermissionError):
        return "输出文件不能写入", "关闭正在 Excel 中打开的输出文件后重新运行"
    if number in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘已满，没有写出", "清理磁盘后重新运行"
    if number == errno.ENAMETOOLONG or len(str(out.absolute())) > WINDOWS_PATH:
        return "路径太长，没有写出", "用 --out 换一个靠近盘符的短路径"
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        return "路径中有一段是文件，不是文件夹，没有写入", "用 --out 换一个文件夹"
    return "输出文件不能写入", "检查文件夹和磁盘后重新运行"
