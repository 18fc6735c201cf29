"""An account at CodesWholesale, and what the tests ask with it."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import OrderQuery, OutcomeUnknown, PurchaseRequest, SupplierOrder
from saleor_cdkeys.suppliers.codeswholesale import CodesWholesaleSupplier
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ask_facing, ignore
from tests.suppliers.codeswholesale.answers import CODE, PRODUCT, REFERENCE, TOKEN

CLIENT = "client-4711"
SECRET = "secret-0815"
#: Old enough for an order that is not listed to be none.
OLD = dt.timedelta(minutes=11)


def open_adapter(
    url: str, *, secret: str = SECRET, account: str = "", **config
) -> CodesWholesaleSupplier:
    return CodesWholesaleSupplier(
        config={"base_url": url, **config},
        secrets={"client_id": CLIENT, "client_secret": secret, "signature": "sig-99"},
        account=account,
    )


def make_request(reference: uuid.UUID | None = None, **changes) -> PurchaseRequest:
    price = Money(Decimal("5.30"), "EUR")
    request = {
        "reference": reference or uuid.uuid4(),
        "supplier_product_id": PRODUCT,
        "quantity": 2,
        "unit_price": price,
        "max_unit_price": price,
        **changes,
    }
    return PurchaseRequest(**request)


def make_query(
    reference: uuid.UUID, *, age: dt.timedelta = OLD, quantity: int = 2, order: str = ""
) -> OrderQuery:
    return OrderQuery(
        reference=reference,
        supplier_product_id=PRODUCT,
        quantity=quantity,
        sent_at=timezone.now() - age,
        supplier_order_id=order,
    )


def buy(adapter, server, *faults, **changes) -> tuple[uuid.UUID, SupplierOrder]:
    request = make_request(**{"unit_price": Money(Decimal("5.10"), "EUR"), **changes})
    server.script.queue(faults)
    return request.reference, adapter.buy(request, keep=ignore, note=ignore)


def lose(adapter, server, **changes) -> uuid.UUID:
    """An order that is made, and whose answer is lost."""
    request = make_request(**changes)
    server.script.queue([Fault.DROP_AFTER])
    with pytest.raises(OutcomeUnknown):
        adapter.buy(request, keep=ignore, note=ignore)
    return request.reference


def texts_of(order: SupplierOrder) -> list[str]:
    return [key.code.text for key in order.keys]


def texts_sold(server, reference: uuid.UUID) -> list[str]:
    return [key["code"] for key in server.shop.ledger[str(reference)].all_keys()]


def ask(call, *answers, **config):
    """What the adapter makes of a token and these answers, and the requests that they answered."""
    result, requests = ask_facing(
        lambda url: open_adapter(url, **config),
        call,
        TOKEN,
        *answers,
        secrets=[CODE, SECRET, "tok-5Cr3t-0815"],
    )
    return result, requests[1:]


def bought(*answers, kept=ignore, note=ignore, **changes):
    request = make_request(REFERENCE, **changes)
    return ask(lambda adapter: adapter.buy(request, keep=kept, note=note), *answers)


def looked_up(*answers, **query):
    return ask(
        lambda adapter: adapter.find_order(make_query(REFERENCE, **query), keep=ignore), *answers
    )[0]
