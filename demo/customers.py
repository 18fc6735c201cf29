"""Customers: orders placed and paid through Saleor's own API."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from demo.api import Api, global_id
from demo.bootstrap import Premises
from demo.plan import PlannedOrder

_CREATE = """
mutation DemoCreate($input: DraftOrderCreateInput!) {
  draftOrderCreate(input: $input) { order { id number } errors { field message code } }
}
"""
_COMPLETE = """
mutation DemoComplete($id: ID!) {
  draftOrderComplete(id: $id) { order { id status } errors { field message code } }
}
"""
_PAY = """
mutation DemoPay($id: ID!) {
  orderMarkAsPaid(id: $id) { order { id isPaid } errors { field message code } }
}
"""

_ADDRESS = {
    "firstName": "Kim",
    "lastName": "Muster",
    "streetAddress1": "Hauptstraße 1",
    "city": "Berlin",
    "postalCode": "10115",
    "country": "DE",
}


@dataclasses.dataclass(frozen=True, slots=True)
class PlacedOrder:
    """``paid_at``: monotonic seconds at which Saleor confirmed the payment."""

    planned: PlannedOrder
    number: str
    paid_at: float


def place_and_pay(planned: PlannedOrder, *, api: Api, premises: Premises) -> PlacedOrder:
    """A draft, completed, then marked as paid, as staff do for an order by phone."""
    created = api.run(_CREATE, {"input": _input(planned, premises)})
    order = created["draftOrderCreate"]["order"]
    api.run(_COMPLETE, {"id": order["id"]})
    api.run(_PAY, {"id": order["id"]})
    return PlacedOrder(planned=planned, number=order["number"], paid_at=time.monotonic())


def _input(planned: PlannedOrder, premises: Premises) -> dict[str, Any]:
    lines = [
        {
            "variantId": global_id("ProductVariant", premises.variants[line.goods.sku]),
            "quantity": line.quantity,
        }
        for line in planned.lines
    ]
    return {
        "channelId": global_id("Channel", premises.channel_id),
        "userEmail": planned.email,
        "languageCode": planned.language,
        "billingAddress": _ADDRESS,
        "lines": lines,
    }
