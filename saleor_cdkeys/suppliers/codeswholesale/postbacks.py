"""Postbacks: what the supplier tells of by itself. Pure.

Their proof is a hash of client id and signature that is the same in every message and covers
nothing of it. Who has seen one message can forge others, so what they say is only worth asking.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import ForgedMessage, Hint, HintKind
from saleor_cdkeys.suppliers.codeswholesale.reading import product_ids
from saleor_cdkeys.suppliers.http import readable

_OF_PRODUCTS = frozenset(
    {"STOCK", "NEW_PRODUCT", "PRODUCT_UPDATED", "PRODUCT_HIDDEN", "NEW_FULL_PRODUCT"}
)


def read(body: bytes, *, client_id: str, signature: str) -> Sequence[Hint]:
    """What a message is about. Raises ForgedMessage, also where no signature was entered."""
    message = readable(lambda: json.loads(body))
    told = message.get("authHash") if isinstance(message, dict) else None
    proof = hashlib.sha256((client_id + signature).encode()).hexdigest()
    if not (
        signature
        and isinstance(message, dict)
        and isinstance(told, str)
        and hmac.compare_digest(told.encode(errors="replace"), proof.encode())
    ):
        raise ForgedMessage(_("The message does not hold the secret of this account."))
    return readable(lambda: _hints(message)) or (Hint(HintKind.NONE),)


def _hints(message: Mapping[str, Any]) -> Sequence[Hint]:
    if message.get("type") in _OF_PRODUCTS:
        return tuple(Hint(HintKind.PRODUCT, id=found) for found in product_ids(message))
    if message.get("type") == "PREORDER" and isinstance(message["orderId"], str):
        order_id = message["orderId"]
        # Whether it is their id or ours is not told.
        return (Hint(HintKind.ORDER, id=order_id, reference=_reference(order_id)),)
    return ()


def _reference(text: str) -> str:
    return readable(lambda: str(uuid.UUID(text))) or ""
