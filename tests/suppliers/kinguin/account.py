"""An account at Kinguin, and what the tests ask with it."""

from __future__ import annotations

import dataclasses
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import OrderQuery, PurchaseRequest, SupplierError
from saleor_cdkeys.suppliers.kinguin import KinguinSupplier
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.values import Money
from tests.suppliers import asking
from tests.suppliers.asking import ignore, says
from tests.suppliers.kinguin.answers import CODE, P1, PRICE, REFERENCE

API_KEY = "kinguin-secret-4711"
WEBHOOK_SECRET = "webhook-secret-4712"


def open_adapter(url: str, api_key: str = API_KEY, webhook_secret: str = WEBHOOK_SECRET):
    return KinguinSupplier(
        config={"base_url": url}, secrets={"api_key": api_key, "webhook_secret": webhook_secret}
    )


def make_request(**changes) -> PurchaseRequest:
    request = PurchaseRequest(
        reference=uuid.uuid4(),
        supplier_product_id=P1,
        quantity=1,
        unit_price=PRICE,
        max_unit_price=Money(Decimal(20), "EUR"),
    )
    return dataclasses.replace(request, **changes)


def make_query(reference: uuid.UUID, **changes) -> OrderQuery:
    query = OrderQuery(
        reference=reference, supplier_product_id=P1, quantity=1, sent_at=timezone.now()
    )
    return dataclasses.replace(query, **changes)


def facing(*behaviours):
    return asking.facing(open_adapter, *behaviours)


def buy(adapter, **changes):
    return adapter.buy(make_request(**changes), keep=ignore, note=ignore)


def find(adapter, reference, **changes):
    return adapter.find_order(make_query(reference, **changes), keep=ignore)


def refusal(call, *args, **kwargs) -> SupplierError:
    with pytest.raises(SupplierError) as caught:
        call(*args, **kwargs)
    assert_tells_nothing(caught.value, [CODE, API_KEY, WEBHOOK_SECRET])
    return caught.value


def looked_up(order: dict, keys: object, *, quantity: int = 2):
    with facing(says(order), says(keys)) as (adapter, _wire):
        return adapter.find_order(
            make_query(REFERENCE, quantity=quantity, supplier_order_id=order["orderId"]),
            keep=ignore,
        )
