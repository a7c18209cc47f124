"""Workbooks and documents behind a password (加密): Excel, Word and WPS ask for it when they open the file."""

from __future__ import annotations

import io
from pathlib import Path

ENCRYPTABLE = (".xlsx", ".docx")


def encrypt(path: Path, password: str) -> None:
    """Replace the xlsx or docx at ``path`` by its encrypted form (ECMA-376 agile, AES-256)."""
    from msoffcrypto.format.ooxml import OOXMLFile  # 0.3 s that only an encrypted run needs

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(path.read_bytes())).encrypt(password, target)
    path.write_bytes(target.getvalue())
