"""What the sandbox sells: products, and orders with the keys that they brought."""

from __future__ import annotations

import base64
import dataclasses
import secrets
import time
from decimal import Decimal
from typing import Any

from saleor_cdkeys.suppliers.sandbox_server.faults import Fault

# A transparent dot: enough of a PNG to be one.
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclasses.dataclass
class Listing:
    """What a catalogue says of a product besides. ``release_date`` as YYYY-MM-DD, or empty."""

    name: str = ""
    region: str = ""
    blocked_countries: list[str] = dataclasses.field(default_factory=list)
    is_preorder: bool = False
    release_date: str = ""


@dataclasses.dataclass
class Product:
    """``price`` in the shop's currency; ``stock`` keys are left. ``changed_at`` as of time.time."""

    id: str
    price: Decimal
    stock: int = 1_000_000
    listing: Listing = dataclasses.field(default_factory=Listing)
    changed_at: float = dataclasses.field(default=0.0, compare=False)


@dataclasses.dataclass
class Sold:
    """One order of the ledger. ``ready_at`` (as of time.time): when its late keys are there."""

    id: str
    reference: str
    product: str
    quantity: int
    charged: Decimal
    keys: list[dict[str, Any]]
    late_keys: list[dict[str, Any]]
    ready_at: float = 0.0

    def answer(self, currency: str) -> dict[str, Any]:
        """The order as the buyer is told of it now."""
        is_complete = not self.late_keys or time.time() >= self.ready_at
        return {
            "id": self.id,
            "reference": self.reference,
            "product": self.product,
            "quantity": self.quantity,
            "status": "completed" if is_complete else "processing",
            "charged": str(self.charged),
            "currency": currency,
            "keys": self.all_keys() if is_complete else self.keys,
        }

    def all_keys(self) -> list[dict[str, Any]]:
        """Every key that belongs to the order, also those that are not there yet."""
        return self.keys + self.late_keys


def new_key(product_id: str, fault: Fault | None) -> dict[str, Any]:
    """A key that never was before, in the form that the fault asks for."""
    secret = secrets.token_hex(8).upper()
    code = f"SBX-{'-'.join(secret[i : i + 4] for i in range(0, 16, 4))}"
    key: dict[str, Any] = {"id": secrets.token_hex(6), "product": product_id}
    if fault is Fault.IMAGE:
        picture = base64.b64encode(_PNG + code.encode()).decode()
        return {**key, "type": "image/png", "code": picture, "name": "key.png"}
    if fault is Fault.FILE:
        content = base64.b64encode(f"[licence]\nkey={code}\n".encode()).decode()
        return {**key, "type": "application/octet-stream", "code": content, "name": "key.lic"}
    if fault is Fault.FIELDS:
        return {**key, "fields": [["code", code], ["pin", secrets.token_hex(2)]]}
    return {**key, "type": "text/plain", "code": code}
