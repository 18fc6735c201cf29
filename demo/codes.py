"""What tells one code from another, whichever form it has."""

from __future__ import annotations

import re

from saleor_cdkeys import vault
from saleor_cdkeys.models import Key
from saleor_cdkeys.values import KeyCode

#: The suppliers' images are a dot of colour with the code behind it; their files hold it in a line.
_IN_DATA = re.compile(rb"SBX-[0-9A-F-]+")


def of_key(key: Key) -> str:
    """The code of a key in the shop's tables."""
    return of_code(vault.open_code(key.sealed, uid=key.uid))


def of_code(code: KeyCode) -> str:
    """The code itself: without its PIN, and without the picture or file around it."""
    if code.data:
        return _IN_DATA.findall(code.data)[-1].decode()
    return code.text or dict(code.fields)["code"]
