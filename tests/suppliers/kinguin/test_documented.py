"""What Kinguin documents is read and sent as it stands."""

from __future__ import annotations

import json
from contextlib import closing
from decimal import Decimal

from saleor_cdkeys.suppliers import registry
from saleor_cdkeys.suppliers.base import Catalogue, Changes, Returns, Webhooks
from saleor_cdkeys.suppliers.kinguin import KinguinSupplier
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ignore, says
from tests.suppliers.kinguin.account import API_KEY, facing, looked_up, make_request
from tests.suppliers.kinguin.answers import CODE, KEY, ORDER, P1, PRODUCT, REFERENCE, SECOND_KEY


def test_the_documented_order_brings_what_is_delivered():
    order = looked_up(ORDER, [KEY])

    assert order.supplier_order_id == "PAB12CDEF3G"
    assert [(key.supplier_key_id, key.code.text) for key in order.keys] == [
        ("67041c31e4d991383ee2a278", CODE)
    ]
    assert not order.is_final
    assert order.charged == Money(Decimal("8.30"), "EUR")


def test_an_order_is_sent_as_documented_under_the_id_of_version_2(noted):
    with facing(
        says(PRODUCT),
        says(ORDER, "201 Created"),
        says({**ORDER, "status": "completed"}),
        says([KEY, SECOND_KEY]),
    ) as (adapter, wire):
        request = make_request(
            reference=REFERENCE,
            supplier_product_id="1949",
            quantity=2,
            unit_price=Money(Decimal("4.1900"), "EUR"),
        )
        order = adapter.buy(request, keep=ignore, note=noted.append)

    heads = [request.split(b"\r\n")[0] for request in wire.requests]
    assert heads == [
        b"GET /v1/products/1949 HTTP/1.1",
        b"POST /v2/order HTTP/1.1",
        b"GET /v1/order/PAB12CDEF3G HTTP/1.1",
        b"GET /v2/order/PAB12CDEF3G/keys?page=1&limit=100 HTTP/1.1",
    ]
    assert all(f"X-Api-Key: {API_KEY}".encode() in request for request in wire.requests)
    assert json.loads(wire.requests[1].partition(b"\r\n\r\n")[2], parse_float=Decimal) == {
        "orderExternalId": str(REFERENCE),
        "products": [{"productId": P1, "qty": 2, "price": Decimal("4.1900")}],
    }
    assert noted == ["PAB12CDEF3G"]
    assert order.is_final
    assert len(order.keys) == 2


def test_the_address_is_the_live_one_unless_another_is_given():
    with closing(KinguinSupplier(config={"base_url": ""}, secrets={"api_key": "k"})) as adapter:
        address = str(adapter._client._client.base_url)
    assert address.rstrip("/") == "https://gateway.kinguin.net/esa/api"


def test_it_is_installed_and_is_what_it_says():
    assert registry.adapter_class("kinguin") is KinguinSupplier
    with closing(KinguinSupplier(config={}, secrets={"api_key": "k"})) as adapter:
        for protocol in (Catalogue, Changes, Returns, Webhooks):
            assert isinstance(adapter, protocol)
    assert not KinguinSupplier.capabilities.refuses_repeats
