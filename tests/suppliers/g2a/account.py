"""An account at G2A, and a worker who buys and looks up with it."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import OrderQuery, PurchaseRequest, SupplierError, SupplierOrder
from saleor_cdkeys.suppliers.fakes.g2a import G2AServer
from saleor_cdkeys.suppliers.g2a import G2ASupplier
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.values import KeyCode, Money
from tests.suppliers.g2a.answers import CODE, PRODUCT

HASH = "games-games-games"
EMAIL = "test123@integration-api.g2a"
SECRET = "quite-nice-secret"
DIGEST = "5feaefae655d6d2dcfb27f22e700495aa90e255fc0ad93bc22dfc0ed770fae21"
#: Older than any reservation.
DEAD = dt.timedelta(minutes=36)


def open_adapter(url: str, *, secret: str = SECRET, **config) -> G2ASupplier:
    return G2ASupplier(
        config={"base_url": url, "email": EMAIL, **config},
        secrets={"api_hash": HASH, "api_secret": secret},
    )


def code_as_told(key: dict) -> KeyCode:
    """A key as the books have it. G2A tells no names of files, so the adapter makes them up."""
    if key["type"] == "text/plain":
        return KeyCode.of_text(key["code"])
    name = "key.png" if key["type"] == "image/png" else "key.bin"
    return KeyCode.of_bytes(base64.b64decode(key["code"]), media_type=key["type"], filename=name)


class Worker:
    """Buys and looks up as a worker does, with what it keeps and notes."""

    def __init__(self, adapter: G2ASupplier) -> None:
        self.adapter = adapter
        self.kept = b""
        self.order_id = ""

    def keep(self, raw: bytes) -> None:
        self.kept = raw

    def note(self, order_id: str) -> None:
        self.order_id = order_id

    def buy(self, *, highest: str = "20", product: str = PRODUCT, **fields) -> SupplierOrder:
        request = PurchaseRequest(
            reference=uuid.uuid4(),
            supplier_product_id=product,
            quantity=1,
            unit_price=Money(Decimal("5.10"), "EUR"),
            max_unit_price=Money(Decimal(highest), "EUR"),
            **fields,
        )
        return self.adapter.buy(request, keep=self.keep, note=self.note)

    def find(self, *, age: dt.timedelta = dt.timedelta(minutes=1)) -> SupplierOrder | None:
        query = OrderQuery(
            reference=uuid.uuid4(),
            supplier_product_id=PRODUCT,
            quantity=1,
            sent_at=timezone.now() - age,
            supplier_order_id=self.order_id,
            kept=self.kept,
        )
        return self.adapter.find_order(query, keep=self.keep)

    def fails(self, expected: type[SupplierError], call=None, **arguments) -> SupplierError:
        with pytest.raises(SupplierError) as caught:
            (call or self.buy)(**arguments)
        assert type(caught.value) is expected
        assert_tells_nothing(caught.value, [HASH, SECRET, DIGEST, CODE])
        return caught.value


def calls_of(worker: Worker) -> list[str]:
    return [raw.split(b" HTTP")[0].decode() for raw in worker.wire.requests]


def sold_key(server: G2AServer, worker: Worker) -> dict:
    (key,) = server.shop.ledger[worker.order_id].all_keys()
    return key
