"""Customers: orders placed, paid and cancelled through Saleor's own API."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from demo.api import Api, global_id
from demo.bootstrap import Premises
from demo.plan import PlannedOrder
from demo.shop import Kind

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
_CANCEL = """
mutation DemoCancel($id: ID!) {
  orderCancel(id: $id) { order { id status } errors { field message code } }
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
    """``paid_at``: monotonic seconds at which Saleor confirmed the payment, None without one."""

    planned: PlannedOrder
    number: str
    paid_at: float | None


def place(planned: PlannedOrder, *, api: Api, premises: Premises) -> PlacedOrder:
    """Order as staff do for a customer by phone: a draft, completed, then marked as paid.

    Who never pays stops before that, and who changes his mind cancels after it.
    """
    created = api.run(_CREATE, {"input": _input(planned, premises)})
    order = created["draftOrderCreate"]["order"]
    api.run(_COMPLETE, {"id": order["id"]})
    paid_at = None
    if planned.kind is not Kind.UNPAID:
        api.run(_PAY, {"id": order["id"]})
        paid_at = time.monotonic()
    if planned.kind is Kind.CANCELED:
        api.run(_CANCEL, {"id": order["id"]})
    return PlacedOrder(planned=planned, number=order["number"], paid_at=paid_at)


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
