"""An account at Bamboo, and what the tests ask with it."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from decimal import Decimal

from django.utils import timezone

from saleor_cdkeys.suppliers.bamboo import BambooSupplier
from saleor_cdkeys.suppliers.base import OrderQuery, PurchaseRequest, SupplierOrder
from saleor_cdkeys.suppliers.fakes.bamboo_shop import card
from saleor_cdkeys.values import KeyCode, Money
from tests.suppliers.asking import ask_facing, ignore
from tests.suppliers.bamboo.answers import CATALOGUE, CODE, PRODUCT, REFERENCE

CLIENT = "SHOP-CLIENT-SANDBOX"
SECRET = "0fea-secret-0815"
BASIC = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
NOTIFICATION = "notification-4711"
WEBHOOK = "whsec_" + base64.b64encode(b"webhook-secret-0815").decode()
EUR = "EUR"


def open_adapter(url: str, *, secret: str = SECRET, account: str = "", **config) -> BambooSupplier:
    return BambooSupplier(
        config={"base_url": url, "account_id": 1001, **config},
        secrets={
            "client_id": CLIENT,
            "client_secret": secret,
            "notification_secret": NOTIFICATION,
            "webhook_secret": WEBHOOK,
        },
        account=account,
    )


def card_code(key: dict) -> KeyCode:
    told = card(key)
    if told["pin"]:
        return KeyCode.of_fields([("code", told["cardCode"]), ("pin", told["pin"])])
    return KeyCode.of_text(told["cardCode"])


def eur(amount: str) -> Money:
    return Money(Decimal(amount), EUR)


def make_request(reference: uuid.UUID | None = None, **changes) -> PurchaseRequest:
    request = {
        "reference": reference or uuid.uuid4(),
        "supplier_product_id": PRODUCT,
        "quantity": 2,
        "unit_price": eur("5.10"),
        "max_unit_price": eur("5.10"),
        **changes,
    }
    return PurchaseRequest(**request)


def make_query(reference: uuid.UUID, *, quantity: int = 2, order: str = "") -> OrderQuery:
    return OrderQuery(
        reference=reference,
        supplier_product_id=PRODUCT,
        quantity=quantity,
        sent_at=timezone.now() - dt.timedelta(minutes=1),
        supplier_order_id=order,
    )


def buy(adapter, server, *faults, **changes) -> tuple[uuid.UUID, SupplierOrder]:
    request = make_request(**changes)
    server.script.queue(faults)
    return request.reference, adapter.buy(request, keep=ignore, note=ignore)


def codes_of(order: SupplierOrder) -> list[KeyCode]:
    return [key.code for key in order.keys]


def ask(call, *answers):
    """What the adapter makes of these answers, and the requests that they answered."""
    return ask_facing(open_adapter, call, *answers, secrets=[CODE, SECRET, BASIC])


def bought(*answers, kept=ignore, note=ignore, **changes):
    """After the catalogue was asked for the face value."""
    request = make_request(REFERENCE, **changes)
    result, requests = ask(
        lambda adapter: adapter.buy(request, keep=kept, note=note), CATALOGUE, *answers
    )
    return result, requests[1:]


def looked_up(*answers, kept=ignore):
    return ask(lambda adapter: adapter.find_order(make_query(REFERENCE), keep=kept), *answers)[0]


def quoted(*answers, product: str = PRODUCT):
    return ask(lambda adapter: adapter.quote(supplier_product_id=product, quantity=1), *answers)


def request_lines(requests: list[bytes]) -> list[str]:
    return [request.partition(b" HTTP/")[0].decode() for request in requests]
