"""Postbacks: hints if they are CodesWholesale's own, and nothing more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.base import ForgedMessage, Hint, HintKind
from saleor_cdkeys.suppliers.codeswholesale import CodesWholesaleSupplier
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from tests.suppliers.codeswholesale.account import CLIENT, SECRET
from tests.suppliers.codeswholesale.answers import ORDER_ID, OTHER, PRODUCT, PRODUCT_ANSWER


def _read(adapter, body: bytes | Mapping):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(adapter.read_message(headers={}, body=content))


def test_what_postbacks_are_about(server, adapter):
    product = Hint(HintKind.PRODUCT, id=PRODUCT)
    prices = [{"priceRangeLabel": "1-9", "price": 5.3}]
    in_list = {"productId": PRODUCT, "quantity": 3, "prices": prices}
    other = Hint(HintKind.PRODUCT, id=OTHER)

    def told(type_, **payload):
        return _read(adapter, server.postback(type_, **payload))

    assert told("STOCK", products=[in_list, {"productId": OTHER}]) == [product, other]
    assert told("STOCK", productId=PRODUCT, quantity=3) == [product]
    for type_ in ("NEW_PRODUCT", "PRODUCT_UPDATED", "PRODUCT_HIDDEN"):
        assert told(type_, productId=PRODUCT) == [product]
    full = json.loads(PRODUCT_ANSWER)
    assert told("NEW_FULL_PRODUCT", products=[full]) == [product]
    assert told("PREORDER", orderId=ORDER_ID, codeId="C1") == [
        Hint(HintKind.ORDER, id=ORDER_ID, reference=ORDER_ID)
    ]
    assert told("PREORDER", orderId="4711") == [Hint(HintKind.ORDER, id="4711")]


@pytest.mark.parametrize(
    ("type_", "payload"),
    [
        ("NEWS", {"productId": PRODUCT}),
        ("STOCK", {}),
        ("STOCK", {"products": "x"}),
        ("STOCK", {"productId": [1]}),
        ("PREORDER", {}),
        ("PREORDER", {"orderId": [1]}),
        (["STOCK"], {"productId": PRODUCT}),
    ],
)
def test_a_postback_that_tells_nothing_is_about_nothing(server, adapter, type_, payload):
    assert _read(adapter, server.postback(type_, **payload)) == [Hint(HintKind.NONE)]


def test_a_repeated_postback_is_the_same_hint_again(server, adapter):
    message = server.postback("PRODUCT_UPDATED", productId=PRODUCT)
    assert _read(adapter, message) == _read(adapter, message)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "STOCK", "productId": PRODUCT},
        {"type": "STOCK", "productId": PRODUCT, "authHash": ""},
        {"type": "STOCK", "productId": PRODUCT, "authHash": "0" * 64},
        {"type": "STOCK", "productId": PRODUCT, "authHash": None},
        {"type": "STOCK", "productId": PRODUCT, "authHash": ["0" * 64]},
        {"type": "STOCK", "productId": PRODUCT, "authHash": "\ud800"},
        b"",
        b"[]",
        b"7",
        b"\xff",
    ],
)
def test_a_forged_postback_is_refused(adapter, body):
    with pytest.raises(ForgedMessage) as caught:
        _read(adapter, body)
    assert_tells_nothing(caught.value, [SECRET, "sig-99"])


def test_without_a_signature_no_postback_is_believed(server):
    server.signature = ""
    bare = CodesWholesaleSupplier(
        config={"base_url": server.url}, secrets={"client_id": CLIENT, "client_secret": SECRET}
    )
    with closing(bare), pytest.raises(ForgedMessage):
        _read(bare, server.postback("STOCK", productId=PRODUCT))
