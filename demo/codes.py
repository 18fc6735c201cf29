"""What tells one code from another, whichever form it has."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from saleor_cdkeys import vault
from saleor_cdkeys.models import Key


def of_key(key: Key) -> str:
    """The code of a key in the shop's tables."""
    code = vault.open_code(key.sealed, uid=key.uid)
    return _of(text=code.text, fields=code.fields, data=code.data)


def of_item(item: dict[str, Any]) -> str:
    """The code of a key in the supplier's ledger."""
    if "fields" in item:
        return _of(fields=item["fields"])
    if item["type"] == "text/plain":
        return str(item["code"])
    return _of(data=base64.b64decode(item["code"]))


def _of(*, text: str = "", fields: Iterable[Iterable[str]] = (), data: bytes = b"") -> str:
    if data:
        # The sandbox's images are a dot of colour with the code behind it.
        return data[data.rindex(b"SBX-") :].decode()
    return text or dict(fields)["code"]
