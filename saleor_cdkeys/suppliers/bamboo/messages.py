"""What Bamboo tells by itself. Pure, but for the clock.

There are two kinds. The notification of an order that has come to its end carries a shared secret
in its body, which covers nothing of it: who has seen one can forge others. The webhooks of the
portal are signed by Svix. What either says is only worth asking.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from saleor_cdkeys.suppliers.base import ForgedMessage, Hint, HintKind
from saleor_cdkeys.suppliers.http import readable

#: A signed message that is older, or more ahead, in seconds, may have been recorded and sent again.
_STALE = 300.0
_PREFIX = "whsec_"
_REFERENCES = ("requestId", "RequestId", "clientReferenceNumber")


def read(
    *, headers: Mapping[str, str], body: bytes, notification_secret: str, webhook_secret: str
) -> Sequence[Hint]:
    """What a message is about. Raises ForgedMessage, also where no secret was entered."""
    told = {name.lower(): value for name, value in headers.items()}
    message = readable(lambda: json.loads(body))
    if "svix-signature" in told:
        is_genuine = _is_signed(told, body, webhook_secret)
    else:
        is_genuine = _holds(message, notification_secret)
    if not is_genuine:
        raise ForgedMessage(_("The message does not hold the secret of this account."))
    return readable(lambda: tuple(_hints(message))) or (Hint(HintKind.NONE),)


def _holds(message: Any, secret: str) -> bool:
    told = message.get("secretKey") if isinstance(message, dict) else None
    if not (secret and isinstance(told, str)):
        return False
    return hmac.compare_digest(told.encode(errors="replace"), secret.encode())


def _is_signed(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """By https://docs.svix.com/receiving/verifying-payloads/how-manual."""
    moment = headers.get("svix-timestamp", "")
    if not (moment.isascii() and moment.isdecimal()):
        return False
    if abs(time.time() - float(moment)) > _STALE:
        return False
    key = readable(lambda: base64.b64decode(secret.removeprefix(_PREFIX), validate=True))
    if not key:
        return False
    content = f"{headers.get('svix-id', '')}.{moment}.".encode(errors="replace") + body
    wanted = base64.b64encode(hmac.digest(key, content, hashlib.sha256))
    # There are several while a secret is being replaced.
    signatures = [part.partition(",") for part in headers["svix-signature"].split()]
    return any(
        version == "v1" and hmac.compare_digest(told.encode(errors="replace"), wanted)
        for version, _comma, told in signatures
    )


def _hints(message: Any) -> Iterator[Hint]:
    """The order's event has no name that is known, so it is told by what it holds."""
    data = message.get("data")
    for part in (message, data if isinstance(data, dict) else {}):
        for name in _REFERENCES:
            if part.get(name):
                reference = str(uuid.UUID(part[name]))
                yield Hint(HintKind.ORDER, id=reference, reference=reference)
                return
    for part in (message, data):
        for product_id in _product_ids(part):
            yield Hint(HintKind.PRODUCT, id=product_id)


def _product_ids(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _product_ids(item)
    elif isinstance(part, dict):
        told = part.get("productId") or part.get("ProductId")
        if isinstance(told, int | str) and str(told).isdecimal():
            yield str(told)
        yield from _product_ids(part.get("products"))
