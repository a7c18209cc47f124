"""Inputs behind a password (设有打开密码): opened with the one in FUPIN_PASSWORD, never written to the disk in clear."""

from __future__ import annotations

import io
import os
import re

from fupin_cli.errors import InputError

PASSWORD = "FUPIN_PASSWORD"
CURE = f"把密码放在环境变量 {PASSWORD} 中，或加 --ask-password 后输入"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Excel writes 100,000 rounds and accepts ten million; each round costs time before the password is known to be right.
MOST_ROUNDS = 10_000_000
_ROUNDS = re.compile(rb'spinCount="(\d+)"')


def unlocked(data: bytes, password: str = "") -> bytes:
    """The file without its password; the same bytes where it has none or no password was given or is in FUPIN_PASSWORD."""
    password = password or os.environ.get(PASSWORD, "")
    if not password or not data.startswith(OLE_MAGIC):
        return data
    import msoffcrypto

    if any(int(rounds) > MOST_ROUNDS for rounds in _ROUNDS.findall(data)):
        raise InputError("加密参数不正常，没有打开", cure="用 Excel 或 WPS 取消密码后重新报送")
    clear = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        if not file.is_encrypted():
            return data
        file.load_key(password=password)
        file.decrypt(clear)
    except Exception as error:  # the library raises whatever its parsers meet
        if b"E\0n\0c\0r\0y\0p\0t\0" not in data and not isinstance(error, msoffcrypto.exceptions.InvalidKeyError):
            return data  # a damaged old workbook, which the reader will explain
        raise InputError("密码不对，打不开加密的文件", cure=CURE) from error
    return clear.getvalue()
