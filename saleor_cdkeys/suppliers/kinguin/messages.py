"""Webhooks: what Kinguin tells of by itself. Pure.

Their proof is the secret itself, in clear text and without a time: whoever has seen one message can
forge others, so what they say is only worth asking.
"""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import ForgedMessage, Hint, HintKind
from saleor_cdkeys.suppliers.http import readable
from saleor_cdkeys.suppliers.kinguin import reading

#: The second is the first's old name.
_OF_ORDERS = frozenset({"order.status", "order.complete"})
_OF_PRODUCTS = "product.update"


def read(headers: Mapping[str, str], body: bytes, *, secret: str) -> Sequence[Hint]:
    """What a message is about. Raises ForgedMessage, also where no secret was entered."""
    told = {name.lower(): value for name, value in headers.items()}
    proof = told.get("x-event-secret", "").encode(errors="replace")
    if not (secret and hmac.compare_digest(proof, secret.encode(errors="replace"))):
        raise ForgedMessage(_("The message does not hold the secret of this account."))
    event = told.get("x-event-name", "").strip().lower()
    return readable(lambda: _hints(event, json.loads(body))) or (Hint(HintKind.NONE),)


def _hints(event: str, message: Mapping[str, Any]) -> Sequence[Hint]:
    updated_at = readable(lambda: reading.moment(message["updatedAt"]))
    if event in _OF_ORDERS:
        reference = readable(lambda: str(uuid.UUID(message["orderExternalId"]))) or ""
        order_id = reading.order_id(message)
        return (Hint(HintKind.ORDER, id=order_id, reference=reference, updated_at=updated_at),)
    if event == _OF_PRODUCTS:
        # Under both of its ids, as nobody knows which one a shop uses.
        return tuple(
            Hint(HintKind.PRODUCT, id=known_as, updated_at=updated_at)
            for known_as in reading.product_ids(message)
        )
    return ()
