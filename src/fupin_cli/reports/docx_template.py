"""Word templates (模板): an ordinary .docx with docxtpl tags, which an office may take out, edit in Word and keep.

A report's template is built by the functions of :mod:`fupin_cli.reports.official`; one of the same name in the
workspace's ``模板`` folder goes first.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from fupin_cli.errors import FupinError, InputError
from fupin_cli.intake.encrypted import CURE, unlocked
from fupin_cli.own import OUTPUT
from fupin_cli.reports.files import write_bytes

if TYPE_CHECKING:
    from docx.document import Document as Doc

FOLDER = "模板"
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def template(workspace: Path | None, name: str, build: Callable[[], Doc]) -> io.BytesIO | Path:
    """The office's own template ``模板/<name>`` of ``workspace`` when there is one, else the one of ``build``."""
    if workspace is not None and (workspace / FOLDER / name).is_file():
        return workspace / FOLDER / name
    stream = io.BytesIO()
    build().save(stream)
    return io.BytesIO(stream.getvalue())


def write_template(workspace: Path, name: str, build: Callable[[], Doc]) -> Path:
    """Write the template into the workspace for editing in Word; an existing one is never overwritten."""
    path = workspace / FOLDER / name
    if path.exists():
        raise FupinError("模板已存在，没有覆盖", where=str(path), cure="要重新开始，请先把它改名或移走")
    path.parent.mkdir(exist_ok=True)
    build().save(str(path))
    return path


def render(
    source: io.BytesIO | Path,
    context: Mapping[str, Any] | Callable[[DocxTemplate], Mapping[str, Any]],
    out: Path,
    password: str = "",
) -> None:
    """Fill ``source`` in with ``context`` (or what it makes of the opened template: pictures, charts) and write ``out``.

    The same content gives the same bytes, unless encrypted. ``out`` is complete or untouched.
    """
    try:
        document = DocxTemplate(source if isinstance(source, io.BytesIO) else _opened(source))
        document.init_docx()
        values = context(document) if callable(context) else context
        # Sandboxed, since an office edits the template; escaped, since names come from other people's files.
        document.render(dict(values), SandboxedEnvironment(autoescape=True, undefined=StrictUndefined))
    except (TemplateError, zipfile.BadZipFile, KeyError, ValueError) as error:
        if isinstance(source, io.BytesIO):
            raise
        cure = "按 fupin 写出的模板改正标记，或移走这个文件改用自带的模板"
        raise FupinError(f"Word 模板不能用：{error}", where=str(source), cure=cure) from error
    document.docx.core_properties.keywords = OUTPUT  # an office's own template may have lost it
    stream = io.BytesIO()
    document.save(stream)
    write_bytes(out, _with_fixed_times(stream.getvalue()), password)


def _opened(path: Path) -> io.BytesIO:
    """An office's own template, which may be behind a password."""
    try:
        stream = io.BytesIO(unlocked(path.read_bytes()))
    except InputError as error:
        raise InputError(error.message, where=str(path), cure=error.cure) from error
    if not zipfile.is_zipfile(stream):
        raise InputError("Word 模板不是 .docx 文档，或设有打开密码", where=str(path), cure=f"另存为 .docx；{CURE}")
    return stream


def _with_fixed_times(archive: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, ZIP_MOMENT), old.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
