"""G2A keeps the contract of adapters; and what is special about it."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from contextlib import closing
from decimal import Decimal

import httpx
import pytest
from django.utils import timezone

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    Catalogue,
    CatalogueProduct,
    Changes,
    NotSent,
    OrderQuery,
    OutcomeUnknown,
    OutOfStock,
    PriceTooHigh,
    PurchaseRequest,
    Refused,
    Returns,
    SupplierError,
    SupplierOrder,
    TryLater,
    Webhooks,
)
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.fakes.g2a import G2AServer
from saleor_cdkeys.suppliers.fakes.g2a_shop import Facts
from saleor_cdkeys.suppliers.g2a import G2ASupplier
from saleor_cdkeys.suppliers.g2a.account import authorization
from saleor_cdkeys.suppliers.registry import adapter_class
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product, Shop
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.testing.supplier_contract import Stage, SupplierContract
from saleor_cdkeys.values import CodeKind, KeyCode, Money
from tests.suppliers.wire import Wire, answer, closed_port, half, silent

HASH = "games-games-games"
EMAIL = "test123@integration-api.g2a"
SECRET = "quite-nice-secret"
DIGEST = "5feaefae655d6d2dcfb27f22e700495aa90e255fc0ad93bc22dfc0ed770fae21"
PRODUCT = "10000068865002"
CODE = "AAAAA-BBBBB-CCCCC"
ORDER = "61792534"
#: Older than any reservation.
DEAD = dt.timedelta(minutes=36)
PNG = b"\x89PNG\r\n\x1a\n a picture"


def _open(url: str, *, secret: str = SECRET, **config) -> G2ASupplier:
    return G2ASupplier(
        config={"base_url": url, "email": EMAIL, **config},
        secrets={"api_hash": HASH, "api_secret": secret},
    )


class _Stage(Stage):
    product = PRODUCT
    unknown_product = "nothing/at all?"
    secrets = (HASH, SECRET, DIGEST)
    keys_in_answer = False
    # An order is one key of one form, for the price that was told before it is paid.
    faults = frozenset(Fault) - {
        Fault.FIELDS,
        Fault.TOO_FEW,
        Fault.TOO_FEW_CHARGED,
        Fault.TOO_MANY,
        Fault.OVERCHARGE,
        Fault.LATE_REST,
    }

    def __init__(self, server: G2AServer) -> None:
        self.server = server
        self.ids: dict[uuid.UUID, str] = {}

    def adapter(self) -> G2ASupplier:
        return _open(self.server.base_url)

    def adapter_with_wrong_credentials(self) -> G2ASupplier:
        return _open(self.server.base_url, secret="wrong")

    def adapter_that_reaches_nobody(self) -> G2ASupplier:
        return _open(f"http://127.0.0.1:{closed_port()}/v1")

    def will(self, *faults: Fault | None) -> None:
        self.server.script.queue(faults)

    def will_on(self, call: Call, *faults: Fault | None) -> None:
        self.server.script.queue_for(call, faults)

    def set_stock(self, stock: int) -> None:
        self.server.shop.set_product(Product(PRODUCT, Decimal("5.10"), stock))

    def set_price(self, price: str) -> None:
        self.server.shop.set_product(Product(PRODUCT, Decimal(price)))

    def noted(self, reference: uuid.UUID, supplier_order_id: str) -> None:
        self.ids[reference] = supplier_order_id

    def codes_sold(self, reference: uuid.UUID) -> list[KeyCode]:
        return [_code(key) for key in self.server.shop.ledger[self.ids[reference]].all_keys()]

    def orders_sold(self) -> list[uuid.UUID]:
        references = {order_id: reference for reference, order_id in self.ids.items()}
        return [references[order_id] for order_id in self.server.shop.ledger]


def _code(key: dict) -> KeyCode:
    if key["type"] == "text/plain":
        return KeyCode.of_text(key["code"])
    name = "key.png" if key["type"] == "image/png" else "key.bin"
    return KeyCode.of_bytes(base64.b64decode(key["code"]), media_type=key["type"], filename=name)


@pytest.fixture
def server():
    shop = Shop([Product(PRODUCT, Decimal("5.10"), 100)], late_seconds=0.2)
    with G2AServer(
        shop, api_hash=HASH, email=EMAIL, api_secret=SECRET, hang_seconds=1.5, retry_after=7
    ) as server:
        yield server


class TestG2A(SupplierContract):
    @pytest.fixture
    def stage(self, server):
        return _Stage(server)


# --- Helpers -------------------------------------------------------------------------------------


class _Worker:
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


@pytest.fixture
def worker(server):
    with closing(_open(server.base_url)) as adapter:
        yield _Worker(adapter)


@pytest.fixture
def on_wire():
    """A worker in front of a supplier that says these things, one after the other."""
    opened: list = []

    def on_wire(*behaviours, order_id: str = "", kept: bytes = b"", **config):
        wire = Wire(*behaviours).__enter__()
        opened.append(wire)
        worker = _Worker(_open(f"{wire.url}/v1", **config))
        opened.append(closing(worker.adapter))
        worker.order_id, worker.kept = order_id, kept
        worker.wire = wire
        return worker

    yield on_wire
    for one in reversed(opened):
        one.__exit__(None, None, None)


def _says(body, status: str = "200 OK", *headers: str):
    return answer(body if isinstance(body, bytes) else json.dumps(body).encode(), status, *headers)


def _error(code: str, status: str = "400 Bad Request"):
    return _says({"status": "ERROR", "message": CODE, "code": code}, status)


RESERVED = {"order_id": ORDER, "price": 4.19, "currency": "EUR"}
PAID = {"status": True, "transaction_id": "T1"}
KEY = {"key": CODE}
NEW = {"status": "new", "price": 4.19, "currency": "EUR"}
COMPLETE = {**NEW, "status": "complete"}


def _calls(worker: _Worker) -> list[str]:
    return [raw.split(b" HTTP")[0].decode() for raw in worker.wire.requests]


# --- The account ---------------------------------------------------------------------------------


def test_the_header_is_that_of_the_vendors_test():
    header = authorization(api_hash=HASH, email=EMAIL, api_secret=SECRET)
    assert header == f"{HASH}, {DIGEST}"


def test_it_is_installed_under_its_name():
    assert adapter_class("g2a") is G2ASupplier


def test_it_says_what_it_can_do():
    with closing(_open("")) as adapter:
        assert isinstance(adapter, Catalogue)
        assert isinstance(adapter, Changes)
        assert not isinstance(adapter, Returns)
        assert not isinstance(adapter, Webhooks)
        assert adapter.balance() is None
        assert str(adapter._client._client.base_url) == "https://api.g2a.com/v1/"


def test_its_settings_may_have_blanks_around_them(server):
    adapter = G2ASupplier(
        config={"base_url": f" {server.base_url} ", "email": f" {EMAIL}\n", "currency": " eur "},
        secrets={"api_hash": f"{HASH} ", "api_secret": f" {SECRET}"},
    )
    with closing(adapter):
        quote = adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert quote.unit_price == Money(Decimal("5.10"), "EUR")


@pytest.mark.parametrize("currency", ["EURO", "€", "E1R"])
def test_a_currency_has_three_letters(currency):
    with pytest.raises(ConfigurationError):
        _open("", currency=currency)


def test_the_currency_is_that_of_the_account(on_wire):
    worker = on_wire(
        _says({"total": 1, "page": 1, "docs": [{"id": PRODUCT, "name": "A", "minPrice": 3}]}),
        currency="USD",
    )
    quote = worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert quote.unit_price == Money(Decimal(3), "USD")


# --- What goes out, and the recorded examples ----------------------------------------------------


def test_the_recorded_examples_are_read_as_they_stand(on_wire):
    worker = on_wire(
        _says(b'{"order_id": "61792534", "price": 4.19, "currency": "EUR"}'),
        _says('{"status": true, "transaction_id": "…"}'.encode()),
        _says(b'{"key": "AAAAA-BBBBB-CCCCC"}'),
    )

    order = worker.buy()

    assert order.supplier_order_id == worker.order_id == "61792534"
    assert [key.code.text for key in order.keys] == [CODE]
    assert order.is_final
    assert order.charged == Money(Decimal("4.19"), "EUR")


def test_three_calls_make_a_purchase(on_wire):
    worker = on_wire(_says(RESERVED), _says(PAID), _says(KEY))
    worker.buy(highest="5.109")

    create, pay, key = worker.wire.requests

    head, _blank, body = create.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/order HTTP/1.1")
    assert f"authorization: {HASH}, {DIGEST}".encode() in head.lower()
    assert b"content-type: application/json" in head.lower()
    assert body == b'{"product_id": "10000068865002", "currency": "EUR", "max_price": 5.10}'
    assert pay.startswith(b"PUT /v1/order/pay/61792534 HTTP/1.1")
    assert pay.endswith(b"\r\n\r\n")
    assert b"content-length: 0" in pay.lower()
    assert key.startswith(b"GET /v1/order/key/61792534 HTTP/1.1")


def test_the_id_is_committed_before_it_is_paid_for(worker, server):
    class Stopped(Exception):
        pass

    def note(_order_id: str) -> None:
        raise Stopped

    worker.note = note
    with pytest.raises(Stopped):
        worker.buy()
    assert server.requests == ["POST /v1/order"]


# --- Making an order costs nothing ---------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault.TIMEOUT_BEFORE,
        Fault.TIMEOUT_AFTER,
        Fault.DROP_BEFORE,
        Fault.DROP_AFTER,
        Fault.ERROR_AFTER,
        Fault.DOWN_BEFORE,
        Fault.GARBAGE,
        Fault.CUT_OFF,
        Fault.UNREADABLE,
    ],
)
def test_an_unclear_answer_to_making_an_order_bought_nothing(worker, server, fault):
    server.order_script.queue([fault])

    worker.fails(NotSent)

    assert worker.order_id == ""
    assert server.requests == ["POST /v1/order"]
    assert server.shop.ledger == {}
    assert [key.code.kind for key in worker.buy().keys] == [CodeKind.TEXT]


@pytest.mark.parametrize(
    "body",
    [
        {**RESERVED, "order_id": ""},
        {**RESERVED, "order_id": None},
        {**RESERVED, "order_id": True},
        {**RESERVED, "order_id": "../products"},
        {**RESERVED, "order_id": "1" * 65},
        {**RESERVED, "price": None},
        {**RESERVED, "price": "x"},
        {**RESERVED, "price": -1},
        {**RESERVED, "price": "NaN"},
        {**RESERVED, "currency": "euros"},
        {"order_id": ORDER, "price": 4.19},
        [RESERVED],
        CODE,
    ],
)
def test_an_order_that_cannot_be_read_is_not_paid_for(on_wire, body):
    worker = on_wire(_says(body))
    worker.fails(NotSent)
    assert _calls(worker) == ["POST /v1/order"]


def test_a_number_may_be_an_id(on_wire):
    worker = on_wire(_says({**RESERVED, "order_id": int(ORDER)}), _says(PAID), _says(KEY))
    assert worker.buy().supplier_order_id == ORDER


def test_an_order_that_is_too_dear_all_the_same_is_not_paid_for(worker, server):
    server.orders.lets_prices_through = True
    error = worker.fails(PriceTooHigh, highest="5.09")
    assert str(error) == "G2A asks 5.1 EUR, at most 5.09 EUR is allowed."
    assert server.requests == ["POST /v1/order"]


def test_an_order_in_another_currency_is_not_paid_for(on_wire):
    worker = on_wire(_says({**RESERVED, "currency": "USD"}))
    worker.fails(Refused)
    assert _calls(worker) == ["POST /v1/order"]


@pytest.mark.parametrize("highest", ["0", "0.009", "-1"])
def test_a_highest_price_of_nothing_is_never_sent(worker, server, highest):
    worker.fails(PriceTooHigh, highest=highest)
    assert server.requests == []


def test_a_no_is_explained_by_a_look_at_the_product(worker, server):
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), 0))
    worker.fails(OutOfStock)
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), 1))
    worker.fails(PriceTooHigh, highest="5.09")
    worker.fails(Refused, product="1")
    server.orders.facts[PRODUCT] = Facts(is_sold=False)
    server.script.queue([Fault.NO_STOCK])
    worker.fails(OutOfStock)
    assert server.shop.ledger == {}


def test_a_no_that_cannot_be_explained_is_told_with_its_code(on_wire):
    docs = [{"id": PRODUCT, "name": "A", "minPrice": 5.1, "qty": 3}]
    worker = on_wire(_error("BR08"), _says({"total": 1, "page": 1, "docs": docs}))
    assert worker.fails(Refused).supplier_code == "BR08"


def test_a_no_without_a_reason_is_no_reason_to_stop(on_wire):
    worker = on_wire(_error("BR02"), silent)
    assert worker.fails(NotSent).supplier_code == "BR02"


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AUTH01", "403 Forbidden", AccountProblem),
        ("AUTH01", "400 Bad Request", AccountProblem),
        ("AUTH02", "401 Unauthorized", AccountProblem),
        ("AUTH03", "403 Forbidden", AccountProblem),
        ("AUTH04", "403 Forbidden", AccountProblem),
        ("BR01", "400 Bad Request", Refused),
        ("CTTYPE", "400 Bad Request", Refused),
        ("WRONGURL", "404 Not Found", Refused),
        ("BR03", "429 Too Many Requests", Busy),
        ("BR03", "400 Bad Request", Busy),
        ("BR04", "400 Bad Request", Refused),
        ("ORD112", "403 Forbidden", AccountProblem),
        ("ORD121", "403 Forbidden", AccountProblem),
        ("ORD122", "502 Bad Gateway", NotSent),
        ("API00", "500 Internal Server Error", NotSent),
        ("ERR99", "500 Internal Server Error", NotSent),
    ],
)
def test_each_code_of_making_an_order(on_wire, code, status, expected):
    worker = on_wire(_error(code, status))
    worker.fails(expected)
    assert _calls(worker) == ["POST /v1/order"]


# --- Paying, once --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status", "expected", "told"),
    [
        ("AUTH01", "403 Forbidden", AccountProblem, "AUTH01"),
        ("AUTH02", "401 Unauthorized", AccountProblem, "401"),
        ("AUTH03", "403 Forbidden", AccountProblem, "AUTH03"),
        ("BR01", "400 Bad Request", Refused, "BR01"),
        ("BR02", "400 Bad Request", Refused, "BR02"),
        ("BR03", "429 Too Many Requests", Busy, "429"),
        ("BR04", "400 Bad Request", Refused, "BR04"),
        ("BR08", "400 Bad Request", Refused, "BR08"),
        ("CTTYPE", "400 Bad Request", Refused, "CTTYPE"),
        ("WRONGURL", "404 Not Found", Refused, "WRONGURL"),
        ("ORD01", "400 Bad Request", Refused, "ORD01"),
        ("ORD02", "404 Not Found", Refused, "ORD02"),
        ("ORD03", "403 Forbidden", OutcomeUnknown, "ORD03"),
        ("ORD04", "400 Bad Request", OutcomeUnknown, "ORD04"),
        ("ORD05", "402 Payment Required", OutcomeUnknown, "ORD05"),
        ("ORD06", "403 Forbidden", OutcomeUnknown, "ORD06"),
        ("ORD110", "403 Forbidden", OutcomeUnknown, "ORD110"),
        ("ORD111", "403 Forbidden", OutcomeUnknown, "ORD111"),
        ("ORD112", "403 Forbidden", AccountProblem, "ORD112"),
        ("ORD112", "200 OK", AccountProblem, "ORD112"),
        ("ORD113", "403 Forbidden", OutcomeUnknown, "ORD113"),
        ("ORD114", "403 Forbidden", NotSent, "ORD114"),
        ("ORD120", "403 Forbidden", OutcomeUnknown, "ORD120"),
        ("ORD121", "403 Forbidden", AccountProblem, "ORD121"),
        ("ORD122", "502 Bad Gateway", OutcomeUnknown, "502"),
        ("API00", "500 Internal Server Error", OutcomeUnknown, "500"),
        ("ERR99", "503 Service Unavailable", OutcomeUnknown, "503"),
        ("ORD999", "409 Conflict", OutcomeUnknown, "ORD999"),
        (CODE, "409 Conflict", OutcomeUnknown, "409"),
        ("PR01", "200 OK", OutcomeUnknown, "PR01"),
    ],
)
def test_each_code_of_paying(on_wire, code, status, expected, told):
    worker = on_wire(_says(RESERVED), _error(code, status))

    error = worker.fails(expected)

    assert error.supplier_code == told
    assert _calls(worker) == ["POST /v1/order", f"PUT /v1/order/pay/{ORDER}"]
    assert worker.order_id == ORDER
    if expected is OutcomeUnknown:
        assert error.supplier_order_id == ORDER


@pytest.mark.parametrize(
    "body",
    [{}, {"status": False}, {"status": "true"}, {"transaction_id": "T1"}, [True], True, CODE],
)
def test_what_does_not_say_paid_is_unknown(on_wire, body):
    worker = on_wire(_says(RESERVED), _says(body))
    assert worker.fails(OutcomeUnknown).supplier_order_id == ORDER


def test_an_unclear_payment_is_neither_repeated_nor_followed_by_another_order(worker, server):
    server.script.queue([Fault.DROP_AFTER])

    error = worker.fails(OutcomeUnknown)
    found = worker.find()

    assert error.supplier_order_id == worker.order_id
    assert server.requests == [
        "POST /v1/order",
        f"PUT /v1/order/pay/{worker.order_id}",
        f"GET /v1/order/details/{worker.order_id}",
        f"GET /v1/order/key/{worker.order_id}",
    ]
    assert [key.code for key in found.keys] == [_code(_sold_key(server, worker))]
    assert found.is_final
    assert found.charged == Money(Decimal("5.10"), "EUR")
    assert server.shop.balance == Decimal(1_000_000) - Decimal("5.10")


def _sold_key(server: G2AServer, worker: _Worker) -> dict:
    (key,) = server.shop.ledger[worker.order_id].all_keys()
    return key


def test_a_payment_that_comes_too_late_bought_nothing(worker, server):
    def note(order_id: str) -> None:
        server.orders.pass_time(minutes=31)

    worker.note = note
    assert worker.fails(NotSent).supplier_code == "ORD114"
    assert server.shop.ledger == {}
    assert server.shop.product(PRODUCT).stock == 99
    worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert server.shop.product(PRODUCT).stock == 100


def test_a_payment_does_not_leave_after_its_time(worker, server):
    class Late:
        has_passed = False

    late = Late()

    def note(_order_id: str) -> None:
        late.has_passed = True

    worker.note = note
    worker.fails(NotSent, not_after=late)
    assert server.requests == ["POST /v1/order"]
    worker.fails(NotSent, not_after=Deadline(-1))
    assert server.requests == ["POST /v1/order"]


def test_the_fake_refuses_a_second_payment(worker, server):
    worker.buy()
    answer = _ask(server, "PUT", f"/order/pay/{worker.order_id}")
    assert (answer.status_code, answer.json()["code"]) == (403, "ORD110")
    assert server.shop.refused_references == [worker.order_id]
    assert server.shop.balance == Decimal(1_000_000) - Decimal("5.10")


def _ask(server: G2AServer, method: str, path: str, headers=None, **request) -> httpx.Response:
    headers = {"Authorization": f"{HASH}, {DIGEST}", **(headers or {})}
    return httpx.request(method, server.base_url + path, headers=headers, **request)


@pytest.mark.parametrize(
    ("method", "path", "request_", "status", "code"),
    [
        ("GET", "/products", {"headers": {"Authorization": f"{HASH},{DIGEST}"}}, 401, "AUTH02"),
        ("GET", "/products", {"headers": {"Authorization": f"{HASH}, x"}}, 401, "AUTH02"),
        ("GET", "/product", {}, 404, "WRONGURL"),
        ("GET", "/products?page=0", {}, 400, "PR01"),
        ("GET", "/products?page=501", {}, 400, "PR01"),
        ("GET", "/products?name=x", {}, 400, "PR02"),
        ("GET", "/products?updatedAtFrom=2026-01-01T00:00:00Z", {}, 400, "PR02"),
        ("POST", "/order", {"content": b"{}"}, 400, "CTTYPE"),
        ("POST", "/order", {"json": []}, 400, "BR01"),
        ("POST", "/order", {"json": {}}, 400, "BR04"),
        ("POST", "/order", {"json": {"product_id": int(PRODUCT)}}, 400, "BR04"),
        ("POST", "/order", {"json": {"product_id": PRODUCT, "currency": "XXX"}}, 400, "BR02"),
        ("POST", "/order", {"json": {"product_id": PRODUCT, "max_price": "5"}}, 400, "BR02"),
        ("POST", "/order", {"json": {"product_id": PRODUCT, "max_price": 5}}, 400, "BR02"),
        ("POST", "/order", {"json": {"product_id": PRODUCT, "min_rating": 2}}, 400, "BR02"),
        ("PUT", "/order/pay/x", {}, 400, "ORD01"),
        ("PUT", "/order/pay/1", {}, 404, "ORD02"),
        ("PUT", "/order/pay/1", {"json": {}}, 400, "BR01"),
        ("GET", "/order/details/1", {}, 404, "ORD02"),
        ("GET", "/order/key/1", {}, 404, "ORD02"),
    ],
)
def test_the_fake_refuses_what_g2a_would(server, method, path, request_, status, code):
    answer = _ask(server, method, path, **request_)
    assert answer.status_code == status
    assert answer.json()["status"] == "ERROR"
    assert answer.json()["code"] == code
    assert server.shop.ledger == {}


def test_the_fake_lets_in_only_whom_it_knows(server):
    assert httpx.get(f"{server.base_url}/products").json()["code"] == "AUTH01"
    server.lets_in = False
    assert _ask(server, "GET", "/products").json()["code"] == "AUTH03"


def test_the_fake_hands_no_key_out_that_was_not_paid_for(server):
    body = {"product_id": PRODUCT, "max_price": 0}
    order_id = _ask(server, "POST", "/order", json=body).json()["order_id"]
    assert _ask(server, "GET", f"/order/key/{order_id}").json()["code"] == "ORD05"
    assert _ask(server, "GET", f"/order/details/{order_id}").json() == {
        "status": "new",
        "price": 5.1,
        "currency": "EUR",
    }


def test_the_fake_has_no_money_to_lend(server, worker):
    server.shop.balance = Decimal("5.09")
    assert worker.fails(AccountProblem).supplier_code == "ORD112"
    server.shop.balance = Decimal("5.10")
    assert worker.buy().is_final
    assert server.shop.balance == Decimal("0.00")


# --- The key, once -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault.LATE,
        Fault.TIMEOUT_BEFORE,
        Fault.DROP_BEFORE,
        Fault.ERROR_BEFORE,
        Fault.DOWN_BEFORE,
        Fault.BUSY,
        Fault.WRONG_CREDENTIALS,
    ],
)
def test_a_key_that_does_not_come_at_once_comes_later(worker, server, fault):
    server.key_script.queue([fault])

    order = worker.buy()

    assert order == SupplierOrder(
        worker.order_id, (), is_final=False, charged=Money(Decimal("5.10"), "EUR")
    )
    later = worker.find()
    assert [key.code for key in later.keys] == [_code(_sold_key(server, worker))]
    assert later.is_final


@pytest.mark.parametrize("code", ["ORD03", "ORD05", "ORD06", "ord06", "ORD006"])
def test_each_code_of_a_key_that_is_not_there_yet(on_wire, code):
    worker = on_wire(_says(COMPLETE), _error(code, "403 Forbidden"), order_id=ORDER)
    assert worker.find() == SupplierOrder(ORDER, (), is_final=False)


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.TIMEOUT_AFTER, Fault.GARBAGE])
def test_a_key_that_was_handed_out_and_lost_is_a_matter_for_staff(worker, server, fault, status):
    server.fetched_status = status
    server.key_script.queue([fault])

    order = worker.buy()

    assert not order.is_final
    error = worker.fails(OutcomeUnknown, worker.find)
    assert error.supplier_code == "ORD04"
    assert worker.order_id in str(error)
    assert "support" in str(error)


@pytest.mark.parametrize("fault", [Fault.CUT_OFF, Fault.UNREADABLE])
def test_a_key_that_came_but_cannot_be_read_is_kept(worker, server, fault):
    server.key_script.queue([fault])
    assert not worker.buy().is_final
    worker.fails(OutcomeUnknown, worker.find)
    # Where the answer breaks off, the last character is missing.
    assert _sold_key(server, worker)["code"][:-1].encode() in worker.kept


def test_a_connection_that_breaks_while_the_key_is_handed_out(on_wire):
    body = json.dumps({"key": CODE, "padding": "x" * 60}).encode()
    worker = on_wire(_says(RESERVED), _says(PAID), half(body), _says(COMPLETE), _error("ORD004"))

    order = worker.buy()

    assert not order.is_final
    assert CODE.encode() in worker.kept
    assert worker.fails(OutcomeUnknown, worker.find).supplier_code == "ORD04"
    assert CODE.encode() in worker.kept


def test_a_key_that_was_kept_is_not_fetched_again(worker, server):
    class Died(BaseException):
        pass

    kept = []

    def keep(raw: bytes) -> None:
        kept.append(raw)
        if len(kept) == 2:
            raise Died

    worker.keep = keep
    with pytest.raises(Died):
        worker.buy()
    del worker.keep
    worker.kept = kept[-1]
    server.requests.clear()

    order = worker.find()

    assert [key.code for key in order.keys] == [_code(_sold_key(server, worker))]
    assert order.is_final
    assert order.charged == Money(Decimal("5.10"), "EUR")
    assert server.requests == [f"GET /v1/order/details/{worker.order_id}"]


def test_no_answer_is_written_over_by_the_next(on_wire):
    worker = on_wire(
        _says(RESERVED), _says(PAID), _says(b"<html>"), _says(COMPLETE), _says(b"<html>")
    )
    worker.buy()
    worker.fails(TryLater, worker.find)
    assert worker.kept == json.dumps(PAID).encode() + b"\n--- the next answer ---\n<html>"


def test_a_key_among_several_answers_is_found(on_wire):
    kept = b'{"status": true}\n--- the next answer ---\n<html>\n--- the next answer ---\n'
    worker = on_wire(_says(COMPLETE), order_id=ORDER, kept=kept + json.dumps(KEY).encode())
    order = worker.find()
    assert [key.code.text for key in order.keys] == [CODE]
    assert _calls(worker) == [f"GET /v1/order/details/{ORDER}"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"key": f" {CODE}\n"}, KeyCode.of_text(CODE)),
        ({"key": CODE, "isFile": False}, KeyCode.of_text(CODE)),
        ({"key": CODE, "isFile": None}, KeyCode.of_text(CODE)),
        ({"key": 12345678}, KeyCode.of_text("12345678")),
        (
            {"key": base64.b64encode(PNG).decode(), "isFile": True},
            KeyCode.of_bytes(PNG, media_type="image/png", filename="key.png"),
        ),
        (
            {"key": "data:image/png;base64," + base64.b64encode(PNG).decode(), "isFile": True},
            KeyCode.of_bytes(PNG, media_type="image/png", filename="key.png"),
        ),
        (
            {"key": base64.encodebytes(PNG * 9).decode(), "isFile": "true"},
            KeyCode.of_bytes(PNG * 9, media_type="image/png", filename="key.png"),
        ),
        (
            {"key": base64.b64encode(b"<svg>").decode(), "isFile": True},
            KeyCode.of_bytes(b"<svg>", media_type="application/octet-stream", filename="key.bin"),
        ),
        (
            {"key": "https://example.com/key.png", "isFile": True},
            KeyCode.of_text("https://example.com/key.png"),
        ),
        (
            {"key": CODE, "isFile": True},
            KeyCode.of_bytes(CODE.encode(), media_type="text/plain", filename="key.txt"),
        ),
    ],
)
def test_each_form_of_a_key(on_wire, body, code):
    worker = on_wire(_says(RESERVED), _says(PAID), _says(body))
    order = worker.buy()
    assert [key.code for key in order.keys] == [code]
    assert order.is_final


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"key": ""},
        {"key": "  "},
        {"key": None},
        {"key": True},
        {"key": [CODE]},
        {"key": f"{CODE}\x00"},
        {"keys": [CODE]},
        [CODE],
        CODE,
    ],
)
def test_an_answer_without_a_key_is_kept_and_not_final(on_wire, body):
    worker = on_wire(_says(RESERVED), _says(PAID), _says(body), _says(COMPLETE), _says(body))
    assert worker.buy() == SupplierOrder(
        ORDER, (), is_final=False, charged=Money(Decimal("4.19"), "EUR")
    )
    assert json.dumps(body).encode() in worker.kept
    worker.fails(OutcomeUnknown, worker.find)


# --- Looking an order up -------------------------------------------------------------------------


def test_without_an_id_nothing_was_paid_for_and_nobody_is_asked(worker, server):
    assert worker.find() is None
    assert server.requests == []


def test_an_unpaid_order_is_unclear_until_it_cannot_be_paid_for(worker, server):
    server.script.queue([Fault.TIMEOUT_BEFORE])
    worker.fails(OutcomeUnknown)

    worker.fails(OutcomeUnknown, worker.find, age=dt.timedelta(minutes=34))
    server.orders.pass_time(minutes=36)
    assert worker.find(age=DEAD) == SupplierOrder(
        worker.order_id, (), is_final=True, charged=Money(Decimal(0), "EUR")
    )
    assert server.shop.ledger == {}
    assert [call for call in server.requests if call.startswith("PUT")] == [
        f"PUT /v1/order/pay/{worker.order_id}"
    ]


def test_an_order_is_not_dead_while_its_payment_may_be_on_its_way(on_wire, settings):
    settings.CDKEYS_QUIET_SECONDS = 3600.0
    worker = on_wire(_says(NEW), order_id=ORDER)
    error = worker.fails(OutcomeUnknown, worker.find, age=DEAD)
    assert 1430 < error.retry_after <= 1440


@pytest.mark.parametrize(
    ("age", "pause"), [(0, 60), (59, 60), (61, 600), (599, 600), (700, 1400), (2099, 1)]
)
def test_an_unpaid_order_is_looked_at_seldom(on_wire, age, pause):
    worker = on_wire(_says(NEW), order_id=ORDER)
    error = worker.fails(OutcomeUnknown, worker.find, age=dt.timedelta(seconds=age))
    assert error.retry_after == pytest.approx(pause, abs=0.5)


def test_an_order_that_is_called_new_but_has_a_key_is_paid_for(on_wire):
    worker = on_wire(_says(NEW), _says(KEY), order_id=ORDER)
    order = worker.find(age=DEAD)
    assert [key.code.text for key in order.keys] == [CODE]
    assert order.charged == Money(Decimal("4.19"), "EUR")


def test_an_order_that_is_called_new_but_whose_key_is_gone_is_not_given_up(on_wire):
    worker = on_wire(_says(NEW), _error("ORD04"), order_id=ORDER)
    assert worker.fails(OutcomeUnknown, worker.find, age=DEAD).supplier_code == "ORD04"


@pytest.mark.parametrize("kept", [json.dumps(PAID).encode(), b'{"status": tr', b"<html>"])
def test_an_order_is_not_given_up_where_it_may_have_been_paid_for(on_wire, kept):
    worker = on_wire(_says(NEW), _error("ORD06", "403 Forbidden"), order_id=ORDER, kept=kept)
    order = worker.find(age=DEAD)
    assert not order.is_final
    assert order.charged == Money(Decimal("4.19"), "EUR")


@pytest.mark.parametrize("kept", [b'{"status": false}', b'{"status": "ERROR", "code": "ORD110"}'])
def test_a_payment_that_was_refused_is_no_payment(on_wire, kept):
    worker = on_wire(_says(NEW), _error("ORD05", "402 Payment Required"), order_id=ORDER, kept=kept)
    assert worker.find(age=DEAD) == SupplierOrder(
        ORDER, (), is_final=True, charged=Money(Decimal(0), "EUR")
    )


@pytest.mark.parametrize("status", ["NEW", "New"])
def test_the_case_of_a_status_does_not_matter(on_wire, status):
    worker = on_wire(_says({**NEW, "status": status}), order_id=ORDER)
    worker.fails(OutcomeUnknown, worker.find)
    assert _calls(worker) == [f"GET /v1/order/details/{ORDER}"]


@pytest.mark.parametrize("status", ["pending", "COMPLETE", "canceled", "refunded", "news"])
def test_no_other_status_is_the_end_of_an_order_without_a_key(on_wire, status):
    worker = on_wire(
        _says({**NEW, "status": status}), _error("ORD06", "403 Forbidden"), order_id=ORDER
    )
    assert worker.find(age=DEAD) == SupplierOrder(ORDER, (), is_final=False)


def test_an_order_of_any_status_may_have_its_key(on_wire):
    worker = on_wire(_says({**NEW, "status": "paid"}), _says(KEY), order_id=ORDER)
    assert [key.code.text for key in worker.find().keys] == [CODE]


def test_an_order_that_g2a_does_not_know_is_none(worker):
    worker.order_id = "1"
    assert worker.find() is None


@pytest.mark.parametrize("price", [{}, {"price": "x"}, {"price": 4, "currency": "euros"}])
def test_a_price_that_cannot_be_read_is_not_told(on_wire, price):
    worker = on_wire(_says({"status": "complete", **price}), _says(KEY), order_id=ORDER)
    assert worker.find().charged is None


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (_error("AUTH03", "403 Forbidden"), AccountProblem),
        (_error("BR03", "400 Bad Request"), TryLater),
        (_error("ORD01"), OutcomeUnknown),
        (_error("ORD999"), OutcomeUnknown),
        (_error(""), OutcomeUnknown),
        (_says({"status": "ERROR"}), OutcomeUnknown),
        (_says({"status": True}), OutcomeUnknown),
        (_says({}), OutcomeUnknown),
        (_says([NEW]), OutcomeUnknown),
        (_says({}, "404 Not Found"), OutcomeUnknown),
        (_error("ORD122", "502 Bad Gateway"), TryLater),
    ],
)
def test_a_look_up_that_does_not_tell_is_no_clear_none(on_wire, details, expected):
    worker = on_wire(details, order_id=ORDER)
    worker.fails(expected, worker.find, age=DEAD)
    assert _calls(worker) == [f"GET /v1/order/details/{ORDER}"]


# --- Products ------------------------------------------------------------------------------------


RECORDED = {
    "id": PRODUCT,
    "name": "Example Game",
    "type": "egoods",
    "slug": "/example-game",
    "qty": 12,
    "minPrice": 19.9,
    "retail_min_price": 21.9,
    "region": "GLOBAL",
    "platform": "Steam",
    "categories": [],
    "restrictions": {"pegi_violence": False},
    "requirements": {"minimal": {}, "recommended": {}},
    "videos": [],
    "priceLimit": {"min": 1, "max": 100},
    "availableToBuy": True,
}


def _listing(*docs, total: int | None = None):
    return _says({"total": len(docs) if total is None else total, "page": 1, "docs": list(docs)})


def test_a_product_is_read_as_it_stands(on_wire):
    worker = on_wire(_listing(RECORDED))
    found = worker.adapter.products(ids=[PRODUCT])
    assert found == {
        PRODUCT: CatalogueProduct(
            supplier_product_id=PRODUCT,
            name="Example Game",
            platform="Steam",
            region="GLOBAL",
            price=Money(Decimal("19.9"), "EUR"),
            available=12,
        )
    }
    assert _calls(worker) == [f"GET /v1/products?id={PRODUCT}&includeOutOfStock=true"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"availableToBuy": False}, OutOfStock),
        ({"qty": 0, "minPrice": None}, OutOfStock),
        ({"minPrice": None}, TryLater),
        ({"minPrice": -1}, TryLater),
        ({"minPrice": "NaN"}, TryLater),
        ({"minPrice": "1e99"}, TryLater),
        ({"name": CODE, "id": None}, TryLater),
        ({"id": "10000068865003"}, TryLater),
        ({"name": ""}, TryLater),
    ],
)
def test_what_cannot_be_bought_or_read_has_no_quote(on_wire, changes, expected):
    worker = on_wire(_listing({**RECORDED, **changes}))
    worker.fails(expected, worker.adapter.quote, supplier_product_id=PRODUCT, quantity=1)


def test_stock_that_is_not_told_is_not_known(on_wire):
    worker = on_wire(_listing({**RECORDED, "qty": None}))
    assert worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1).available is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (_listing(), Refused),
        (_error("BR04"), Refused),
        (_error("PR01"), Refused),
        (_error("PR05"), Refused),
        (_error("AUTH04", "403 Forbidden"), AccountProblem),
        (_error("BR03", "429 Too Many Requests"), TryLater),
        (_error("API00", "500 Internal Server Error"), TryLater),
        (_says({"docs": CODE}), TryLater),
        (_says({"docs": [CODE]}), TryLater),
        (_says([]), TryLater),
    ],
)
def test_each_no_to_a_quote(on_wire, said, expected):
    worker = on_wire(said)
    worker.fails(expected, worker.adapter.quote, supplier_product_id=PRODUCT, quantity=1)


def test_products_that_are_not_there_are_left_out(worker, server):
    server.shop.set_product(Product("2", Decimal(1), 0))
    found = worker.adapter.products(ids=["1", "2", PRODUCT])
    assert {one: product.available for one, product in found.items()} == {"2": 0, PRODUCT: 100}


@pytest.mark.parametrize(
    ("said", "expected"),
    [(_error("PR01"), TryLater), (_error("AUTH04", "403 Forbidden"), AccountProblem)],
)
def test_who_asks_for_products_or_changes_hears_no_other_no(on_wire, said, expected):
    worker = on_wire(said)
    worker.fails(expected, worker.adapter.products, ids=[PRODUCT])
    worker.fails(expected, worker.adapter.changes, since=timezone.now())


@pytest.fixture
def large(server):
    """A catalogue of 250 products on 13 pages."""
    for number in range(249):
        product_id = str(20000000000000 + number)
        server.shop.set_product(Product(product_id, Decimal(number) / 100, number % 2))
        server.orders.facts[product_id] = Facts(name=f"Game No {number} – Straße")
    server.orders.facts[PRODUCT] = Facts(name="The first")
    return server


def test_all_pages_are_read_to_the_end(large, worker):
    found, page = [], ""
    while True:
        read = worker.adapter.search(text="game no", page=page)
        found += [product.supplier_product_id for product in read.products]
        page = read.next_page
        if not page:
            break
    assert len(found) == len(set(found)) == 249
    assert large.requests == ["GET /v1/products"] * 13


def test_a_search_goes_on_where_it_stopped(large, worker):
    first = worker.adapter.search(text="NO 248 – STRASSE")
    second = worker.adapter.search(text="no 248 – strasse", page=first.next_page)
    third = worker.adapter.search(text="no 248 – strasse", page=second.next_page)
    assert (first.products, first.next_page) == ((), "6-100")
    assert (second.products, second.next_page) == ((), "11-200")
    assert [product.name for product in third.products] == ["Game No 248 – Straße"]
    assert third.next_page == ""


def test_a_list_that_says_no_total_ends_with_an_empty_page(on_wire):
    worker = on_wire(_says({"docs": [RECORDED]}), _says({"docs": []}))
    read = worker.adapter.search(text="example")
    assert [product.supplier_product_id for product in read.products] == [PRODUCT]
    assert read.next_page == ""


def test_pages_that_g2a_does_not_give_are_the_end(on_wire):
    worker = on_wire(_error("PR01"))
    assert worker.adapter.search(text="a", page="501-10000").next_page == ""
    worker.fails(Refused, worker.adapter.search, text="a", page="500-9980")


@pytest.mark.parametrize("page", ["2", "0-0", "a-1", "1-", "-1-0"])
def test_a_page_that_there_cannot_be(worker, page):
    worker.fails(Refused, worker.adapter.search, text="a", page=page)


def test_a_product_that_cannot_be_read_does_not_hide_the_others(on_wire):
    worker = on_wire(_listing({"id": "1"}, RECORDED))
    read = worker.adapter.search(text="")
    assert [product.supplier_product_id for product in read.products] == [PRODUCT]


def test_changes_are_told_from_well_before_the_moment(large, worker):
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    for number, hours in enumerate([-13, -15, 1]):
        large.orders.facts[str(20000000000000 + number)] = Facts(
            name=f"No {number}", updated_at=moment.astimezone(dt.UTC) + dt.timedelta(hours=hours)
        )
    read = worker.adapter.changes(since=moment)
    assert [product.name for product in read.products] == ["No 0", "No 2"]
    assert read.next_page == ""


def test_the_moment_of_changes_is_told_in_their_form(on_wire):
    worker = on_wire(_listing())
    worker.adapter.changes(since=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC))
    assert _calls(worker) == [
        "GET /v1/products?updatedAtFrom=2026-01-01+13%3A04%3A05&page=1&includeOutOfStock=true"
    ]


# --- Before the release --------------------------------------------------------------------------


def test_what_is_not_released_is_bought_only_where_that_is_wanted(server, worker):
    tomorrow = timezone.now().date() + dt.timedelta(days=1)
    server.orders.facts[PRODUCT] = Facts(release_date=f"{tomorrow} 00:00:00")

    quote = worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)

    assert quote.is_preorder
    assert quote.release_date == tomorrow
    worker.fails(OutOfStock)
    assert server.shop.ledger == {}
    assert worker.buy(allow_preorder=True).is_final


@pytest.mark.parametrize("date", ["2020-01-31", "soon", "0000-00-00", 7, None])
def test_any_other_date_is_no_preorder(server, worker, date):
    server.orders.facts[PRODUCT] = Facts(release_date=date)
    quote = worker.adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert not quote.is_preorder
    assert quote.release_date is None
