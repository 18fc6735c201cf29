"""The sandbox keeps the contract of adapters, and reads nothing out of what it does not say."""

from __future__ import annotations

import json
import uuid
from contextlib import closing
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import (
    OrderQuery,
    OutcomeUnknown,
    OutOfStock,
    PurchaseRequest,
    Refused,
    SupplierError,
    TryLater,
)
from saleor_cdkeys.suppliers.sandbox import SandboxSupplier
from saleor_cdkeys.suppliers.sandbox_server import Product, SandboxServer, Shop
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.testing.supplier_contract import SupplierContract
from saleor_cdkeys.values import Money
from tests.suppliers.asking import ignore
from tests.suppliers.fake_stage import FakeStage
from tests.suppliers.wire import Wire, answer, closed_port

API_KEY = "sandbox-secret-4711"
CODE = "AAAAA-BBBBB-CCCCC"
EUR = "EUR"


class _SandboxStage(FakeStage):
    product = "game/1 ü"
    unknown_product = "nothing"
    secrets = (API_KEY,)

    def _open(self, url: str, api_key: str) -> SandboxSupplier:
        return SandboxSupplier(config={"base_url": url}, secrets={"api_key": api_key})

    def adapter(self) -> SandboxSupplier:
        return self._open(self.server.url, API_KEY)

    def adapter_with_wrong_credentials(self) -> SandboxSupplier:
        return self._open(self.server.url, "wrong")

    def adapter_that_reaches_nobody(self) -> SandboxSupplier:
        return self._open(f"http://127.0.0.1:{closed_port()}", API_KEY)


class TestSandbox(SupplierContract):
    @pytest.fixture
    def stage(self):
        shop = Shop([Product(_SandboxStage.product, Decimal("5.10"))], late_seconds=0.2)
        with SandboxServer(shop, api_key=API_KEY, hang_seconds=1.5, retry_after=7) as server:
            yield _SandboxStage(server)


# --- Answers that are not as they should be ------------------------------------------------------


def _request(reference: uuid.UUID) -> PurchaseRequest:
    price = Money(Decimal(5), EUR)
    return PurchaseRequest(
        reference=reference,
        supplier_product_id="P1",
        quantity=1,
        unit_price=price,
        max_unit_price=price,
    )


def _query(reference: uuid.UUID) -> OrderQuery:
    return OrderQuery(
        reference=reference, supplier_product_id="P1", quantity=1, sent_at=timezone.now()
    )


def _order(own_reference: uuid.UUID, **changes) -> bytes:
    key = {"id": "K1", "type": "text/plain", "code": CODE}
    order = {
        "id": "S1",
        "reference": str(own_reference),
        "status": "completed",
        "charged": "5.00",
        "currency": EUR,
        "keys": [key],
    }
    return json.dumps({**order, **changes}).encode()


def _buy(body: bytes, reference: uuid.UUID, status: str = "201 Created"):
    kept: list[bytes] = []
    with Wire(answer(body, status)) as wire:
        adapter = SandboxSupplier(config={"base_url": wire.url}, secrets={"api_key": API_KEY})
        with closing(adapter):
            try:
                return adapter.buy(_request(reference), keep=kept.append, note=ignore)
            except SupplierError as error:
                assert kept == ([body] if status.startswith("2") else [])
                assert_tells_nothing(error, [CODE, API_KEY])
                return error


def test_an_order_as_it_should_be_is_read():
    reference = uuid.uuid4()
    order = _buy(_order(reference), reference)
    assert [key.code.text for key in order.keys] == [CODE]
    assert order.charged == Money(Decimal("5.00"), EUR)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None, "keys": None},
        {"keys": CODE},
        {"keys": [CODE]},
        {"keys": [[CODE]]},
        {"keys": [None]},
        {"keys": {CODE: CODE}},
        {"keys": [{"code": CODE}]},
        {"keys": [{"id": "K1"}]},
        {"keys": [{"id": "K1", "fields": CODE}]},
        {"keys": [{"id": "K1", "fields": [[CODE]]}]},
        {"keys": [{"id": "K1", "type": "image/png", "code": CODE}]},
        {"keys": [{"id": "K1", "code": f"{CODE}\ud800"}]},
        {"keys": [{"id": "K1", "code": f"{CODE}\x00"}]},
        {"keys": [{"id": "K1\x00", "code": CODE}]},
        {"keys": [{"id": "K1", "fields": [["code", f"{CODE}\udfff"]]}]},
        {"id": f"{CODE}\x00"},
        {"charged": CODE},
        {"charged": "NaN"},
        {"charged": "Infinity"},
        {"charged": "-1"},
        {"charged": "1e999999"},
        {"charged": None},
        {"currency": CODE},
        {"currency": ""},
        {"status": [CODE], "keys": 7},
        {"reference": str(uuid.UUID(int=1))},
        {"reference": None},
    ],
)
def test_an_order_that_cannot_be_read_is_kept_and_unknown(changes):
    reference = uuid.uuid4()
    assert type(_buy(_order(reference, **changes), reference)) is OutcomeUnknown


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b"[]",
        b'"' + CODE.encode() + b'"',
        b"\xff\xfe\x00",
        b'{"id": NaN, "code": "' + CODE.encode() + b'"}',
        b"[" * 100_000,
        CODE.encode(),
    ],
    ids=lambda body: body[:12].decode(errors="replace") or "nothing",
)
def test_what_is_no_order_at_all_is_unknown(body):
    with Wire(answer(body)) as wire:
        adapter = SandboxSupplier(config={"base_url": wire.url}, secrets={})
        kept: list[bytes] = []
        with closing(adapter), pytest.raises(OutcomeUnknown) as caught:
            adapter.buy(_request(uuid.uuid4()), keep=kept.append, note=ignore)
    assert kept == ([body] if body else [])
    assert_tells_nothing(caught.value, [CODE])


@pytest.mark.parametrize(
    ("status", "body", "expected", "supplier_code"),
    [
        ("409 Conflict", {"error": "out_of_stock"}, OutOfStock, "out_of_stock"),
        ("400 Bad Request", {"error": "invalid"}, Refused, "invalid"),
        ("409 Conflict", {"error": "duplicate_reference"}, OutcomeUnknown, "duplicate_reference"),
        ("409 Conflict", {"error": "news"}, OutcomeUnknown, "news"),
        ("409 Conflict", {"error": CODE}, OutcomeUnknown, ""),
        ("409 Conflict", {"error": [CODE]}, OutcomeUnknown, ""),
        ("422 Unprocessable", [CODE], OutcomeUnknown, ""),
        ("404 Not Found", {}, OutcomeUnknown, ""),
        ("302 Found", {"error": "out_of_stock"}, OutcomeUnknown, "302"),
        ("408 Request Timeout", {"error": "out_of_stock"}, OutcomeUnknown, "408"),
        ("500 Internal Server Error", {"error": "out_of_stock"}, OutcomeUnknown, "500"),
        ("503 Service Unavailable", {"error": "out_of_stock"}, OutcomeUnknown, "503"),
    ],
)
def test_only_a_no_that_is_known_is_a_no(status, body, expected, supplier_code):
    error = _buy(json.dumps(body).encode(), uuid.uuid4(), status)
    assert type(error) is expected
    assert error.supplier_code == supplier_code


def test_an_id_that_cannot_be_stored_is_not_passed_on():
    body = json.dumps({"error": "duplicate_reference", "order": "S1\x00"}).encode()
    assert _buy(body, uuid.uuid4(), "409 Conflict").supplier_order_id == ""


@pytest.mark.parametrize(
    "body",
    [
        {"price": CODE, "currency": EUR, "stock": 1},
        {"price": "5", "currency": CODE, "stock": 1},
        {"price": "5", "currency": EUR, "stock": CODE},
        {"price": "5", "currency": EUR},
        {"price": "-5", "currency": EUR, "stock": 1},
        {"price": "NaN", "currency": EUR, "stock": 1},
        [CODE],
        CODE,
    ],
)
def test_a_quote_that_cannot_be_read_is_asked_for_later(body):
    with Wire(answer(json.dumps(body).encode())) as wire:
        adapter = SandboxSupplier(config={"base_url": wire.url}, secrets={"api_key": API_KEY})
        with closing(adapter), pytest.raises(TryLater) as caught:
            adapter.quote(supplier_product_id="P1", quantity=1)
    assert_tells_nothing(caught.value, [CODE, API_KEY])


@pytest.mark.parametrize("body", [{"balance": CODE, "currency": EUR}, {"balance": "NaN"}, [CODE]])
def test_a_balance_that_cannot_be_read_is_asked_for_later(body):
    with Wire(answer(json.dumps(body).encode())) as wire:
        adapter = SandboxSupplier(config={"base_url": wire.url}, secrets={"api_key": API_KEY})
        with closing(adapter), pytest.raises(TryLater) as caught:
            adapter.balance()
    assert_tells_nothing(caught.value, [CODE, API_KEY])


@pytest.mark.parametrize("body", [b"<html>", b'{"error": "unknown_address"}', b"[]"])
def test_not_found_is_a_clear_none_only_in_the_suppliers_own_words(body):
    with Wire(answer(body, "404 Not Found")) as wire:
        adapter = SandboxSupplier(config={"base_url": wire.url}, secrets={})
        with closing(adapter), pytest.raises(OutcomeUnknown):
            adapter.find_order(_query(uuid.uuid4()), keep=ignore)


def test_a_look_up_that_finds_another_order_finds_nothing():
    reference = uuid.uuid4()
    with Wire(answer(_order(uuid.uuid4()))) as wire:
        adapter = SandboxSupplier(config={"base_url": wire.url}, secrets={})
        with closing(adapter), pytest.raises(OutcomeUnknown):
            adapter.find_order(_query(reference), keep=ignore)


def test_a_refused_quote_does_not_repeat_what_it_was_told():
    with Wire(answer(json.dumps({"error": CODE}).encode(), "403 Forbidden")) as wire:
        adapter = SandboxSupplier(config={"base_url": wire.url}, secrets={})
        with closing(adapter), pytest.raises(Refused) as caught:
            adapter.quote(supplier_product_id="P1", quantity=1)
    assert_tells_nothing(caught.value, [CODE])
    assert "403" in str(caught.value)
