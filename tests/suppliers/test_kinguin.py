"""Kinguin: the contract of adapters, its documented answers, and what it leaves open."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import json
import uuid
from contextlib import closing
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers import registry
from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    Catalogue,
    Changes,
    ForgedMessage,
    Hint,
    HintKind,
    NotSent,
    OrderQuery,
    OutcomeUnknown,
    OutOfStock,
    PriceTooHigh,
    PurchaseRequest,
    Refused,
    Returns,
    SupplierError,
    TryLater,
    Webhooks,
)
from saleor_cdkeys.suppliers.fakes.kinguin import KinguinServer
from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from saleor_cdkeys.suppliers.kinguin import KinguinSupplier
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product, Shop
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.testing.supplier_contract import Stage, SupplierContract
from saleor_cdkeys.values import CodeKind, KeyCode, Money
from tests.suppliers.wire import Wire, answer, closed_port

API_KEY = "kinguin-secret-4711"
WEBHOOK_SECRET = "webhook-secret-4712"
P1 = "5c9b68662539a4e8f17ae2fe"
P2 = "5c9b68662539a4e8f17ae2ff"
CODE = "AAAAA-BBBBB-CCCCC"
PRICE = Money(Decimal("5.10"), "EUR")


def _open(url: str, api_key: str = API_KEY, webhook_secret: str = WEBHOOK_SECRET):
    return KinguinSupplier(
        config={"base_url": url}, secrets={"api_key": api_key, "webhook_secret": webhook_secret}
    )


def _code(key: dict) -> KeyCode:
    if key["type"] == "text/plain":
        return KeyCode.of_text(key["code"])
    data = base64.b64decode(key["code"])
    return KeyCode.of_bytes(data, media_type=key["type"], filename=key["name"])


class _KinguinStage(Stage):
    product = P1
    unknown_product = "nothing"
    secrets = (API_KEY, WEBHOOK_SECRET)
    faults = frozenset(Fault) - {Fault.FILE, Fault.FIELDS}
    keys_in_answer = False
    repeats = True

    def __init__(self, server: KinguinServer) -> None:
        self.server = server

    def adapter(self) -> KinguinSupplier:
        return _open(self.server.url)

    def adapter_with_wrong_credentials(self) -> KinguinSupplier:
        return _open(self.server.url, "wrong")

    def adapter_that_reaches_nobody(self) -> KinguinSupplier:
        return _open(f"http://127.0.0.1:{closed_port()}")

    def will(self, *faults: Fault | None) -> None:
        self.server.script.queue(faults)

    def will_on(self, call: Call, *faults: Fault | None) -> None:
        self.server.script.queue_for(call, faults)

    def set_stock(self, stock: int) -> None:
        self.server.shop.set_product(Product(P1, PRICE.amount, stock))

    def set_price(self, price: str) -> None:
        self.server.shop.set_product(Product(P1, Decimal(price)))

    def codes_sold(self, reference: uuid.UUID) -> list[KeyCode]:
        return [_code(key) for key in self.server.shop.ledger[str(reference)].all_keys()]

    def orders_sold(self) -> list[uuid.UUID]:
        return [uuid.UUID(reference.partition("#")[0]) for reference in self.server.shop.ledger]


class TestKinguin(SupplierContract):
    @pytest.fixture
    def stage(self, server):
        return _KinguinStage(server)


class TestKinguinByNumber(SupplierContract):
    """The same under the number that its shop shows."""

    @pytest.fixture
    def stage(self, server):
        server.books.details[P1] = Details(kinguin_id=1949)
        stage = _KinguinStage(server)
        stage.product = "1949"
        return stage


@pytest.fixture(autouse=True)
def _patience(settings, _haste):
    """Buying takes three calls, and on a busy machine one of them could be given up too early."""
    settings.CDKEYS_SUPPLIER_TIMEOUT = 1.0


@pytest.fixture
def server():
    shop = Shop([Product(P1, PRICE.amount)], late_seconds=0.2)
    with KinguinServer(
        shop,
        api_key=API_KEY,
        webhook_secret=WEBHOOK_SECRET,
        hang_seconds=2.5,
        retry_after=7,
    ) as server:
        yield server


@pytest.fixture
def adapter(server):
    with closing(_open(server.url)) as adapter:
        yield adapter


@pytest.fixture
def kept():
    return []


def _request(**changes) -> PurchaseRequest:
    request = PurchaseRequest(
        reference=uuid.uuid4(),
        supplier_product_id=P1,
        quantity=1,
        unit_price=PRICE,
        max_unit_price=Money(Decimal(20), "EUR"),
    )
    return dataclasses.replace(request, **changes)


def _query(reference: uuid.UUID, **changes) -> OrderQuery:
    query = OrderQuery(
        reference=reference, supplier_product_id=P1, quantity=1, sent_at=timezone.now()
    )
    return dataclasses.replace(query, **changes)


def _ignore(_told: object) -> None:
    """Whatever is told."""


def _buy(adapter, **changes):
    return adapter.buy(_request(**changes), keep=_ignore, note=_ignore)


def _find(adapter, reference, **changes):
    return adapter.find_order(_query(reference, **changes), keep=_ignore)


def _refusal(call, *args, **kwargs) -> SupplierError:
    with pytest.raises(SupplierError) as caught:
        call(*args, **kwargs)
    assert_tells_nothing(caught.value, [CODE, API_KEY, WEBHOOK_SECRET])
    return caught.value


def _json(body: object) -> bytes:
    return json.dumps(body).encode()


# --- What is documented, as it stands -------------------------------------------------------------

PRODUCT = {
    "kinguinId": 1949,
    "productId": P1,
    "name": "Example Game",
    "price": 4.19,
    "qty": 2,
    "cheapestOfferId": ["5f7efd272f3a650001f42722"],
    "regionalLimitations": "Europe",
    "countryLimitation": ["RU", "by"],
    "isPreorder": False,
    "releaseDate": "2020-10-07",
}
REFERENCE = uuid.UUID("0d3a2bb1-59c0-4a52-93c1-0f43ad0ae2ff")
ORDER = {
    "orderId": "PAB12CDEF3G",
    "orderExternalId": str(REFERENCE),
    "kinguinOrderId": 123456,
    "status": "processing",
    "storeId": 7,
    "userEmail": "buyer@example.test",
    "createdAt": "2025-07-01T10:00:00+00:00",
    "totalPrice": 8.30,
    "requestTotalPrice": 8.38,
    "paymentPrice": 8.30,
    "totalQty": 2,
    "isPreorder": False,
    "products": [
        {
            "kinguinId": 1949,
            "productId": P1,
            "offerId": "5f7efd272f3a650001f42722",
            "name": "Example Game",
            "qty": 2,
            "price": 4.15,
            "totalPrice": 8.30,
            "requestPrice": 4.19,
            "isPreorder": False,
            "releaseDate": "2020-10-07",
            "keyType": "text",
            "keys": [
                {"id": "67041c31e4d991383ee2a278", "status": "DELIVERED"},
                {"id": "67041c31e4d991383ee2a279", "status": "PROCESSING"},
            ],
        }
    ],
}
KEY = {
    "id": "67041c31e4d991383ee2a278",
    "serial": CODE,
    "type": "text/plain",
    "name": "Example Game",
    "kinguinId": 1949,
    "productId": P1,
    "offerId": "5f7efd272f3a650001f42722",
}
ANONYMOUS_KEY = {**KEY, "id": None}
SECOND_KEY = {**KEY, "id": "67041c31e4d991383ee2a279", "serial": "DDDDD-EEEEE-FFFFF"}


def _states(*states: str) -> list[dict]:
    ids = ("67041c31e4d991383ee2a278", "67041c31e4d991383ee2a279")
    keys = [{"id": key, "status": state} for key, state in zip(ids, states, strict=False)]
    return [{**ORDER["products"][0], "keys": keys}]


def _looked_up(order: dict, keys: object, *, quantity: int = 2):
    with Wire(answer(_json(order)), answer(_json(keys))) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            return adapter.find_order(
                _query(REFERENCE, quantity=quantity, supplier_order_id=order["orderId"]),
                keep=_ignore,
            )


def test_the_documented_order_brings_what_is_delivered():
    order = _looked_up(ORDER, [KEY])

    assert order.supplier_order_id == "PAB12CDEF3G"
    assert [(key.supplier_key_id, key.code.text) for key in order.keys] == [
        ("67041c31e4d991383ee2a278", CODE)
    ]
    assert not order.is_final
    assert order.charged == Money(Decimal("8.30"), "EUR")


def test_an_order_is_sent_as_documented_under_the_id_of_version_2():
    with Wire(
        answer(_json(PRODUCT)),
        answer(_json(ORDER), "201 Created"),
        answer(_json({**ORDER, "status": "completed"})),
        answer(_json([KEY, SECOND_KEY])),
    ) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            noted: list[str] = []
            request = _request(
                reference=REFERENCE,
                supplier_product_id="1949",
                quantity=2,
                unit_price=Money(Decimal("4.1900"), "EUR"),
            )
            order = adapter.buy(request, keep=_ignore, note=noted.append)

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


def test_a_quote_tells_price_limits_and_how_many_one_order_may_have(server, adapter):
    server.shop.set_product(Product(P1, PRICE.amount, 500))
    server.books.details[P1] = Details(kinguin_id=1949, blocked=("RU", "by"))

    for known_as in (P1, "1949"):
        quote = adapter.quote(supplier_product_id=known_as, quantity=20)
        assert quote.supplier_product_id == known_as
        assert quote.available == 9
        assert quote.blocked_countries == {"RU", "BY"}
        assert (quote.is_preorder, quote.release_date) == (False, None)


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


# --- When it says no ------------------------------------------------------------------------------

BAD_KEY = {
    "kind": "Authorization",
    "status": 401,
    "type": "Unauthorized",
    "detail": "Invalid authentication data.",
}


def _error(kind: str, **fields) -> dict:
    return {"kind": kind, "status": 400, "title": "Bad Request", "detail": CODE, **fields}


def _refused_order(status: str, body: object, *, later: dict = PRODUCT) -> SupplierError:
    """What a buyer is told whose order gets this answer, and who finds the product so after it."""
    request = _request(
        supplier_product_id=P1,
        unit_price=Money(Decimal("4.19"), "EUR"),
        max_unit_price=Money(Decimal(5), "EUR"),
    )
    with Wire(answer(_json(PRODUCT)), answer(_json(body), status), answer(_json(later))) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            error = _refusal(adapter.buy, request, keep=_ignore, note=_ignore)
        posts = [request for request in wire.requests if request.startswith(b"POST")]
    assert len(posts) == 1
    return error


@pytest.mark.parametrize("status", ["400 Bad Request", "402 Payment Required", "422 Unprocessable"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (_error("ConstraintViolation", propertyPath="products"), Refused),
        (_error("ConstraintViolation", propertyPath="orderExternalId"), OutcomeUnknown),
        (_error("Authorization"), AccountProblem),
        (_error("InsufficientBalance"), AccountProblem),
        (_error("ProductUnavailable"), OutOfStock),
        (_error("Preorder"), Refused),
        (_error("OrderFailed"), OutcomeUnknown),
        (_error("OrderNotFound"), OutcomeUnknown),
        (_error("ResourceLock"), OutcomeUnknown),
        (_error("OrderNotSupported"), OutcomeUnknown),
        (_error("NoKeysToReturn"), OutcomeUnknown),
        (_error("HttpClient"), OutcomeUnknown),
        (_error("Http"), OutcomeUnknown),
        (_error("Error"), OutcomeUnknown),
        (_error("Brandnew"), OutcomeUnknown),
    ],
)
def test_the_kind_says_whether_an_order_was_not_made(status, body, expected):
    error = _refused_order(status, body)
    assert type(error) is expected
    assert error.supplier_code == body["kind"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("401 Unauthorized", BAD_KEY, AccountProblem),
        ("403 Forbidden", {}, OutcomeUnknown),
        ("404 Not Found", {}, OutcomeUnknown),
        ("400 Bad Request", {"kind": CODE}, OutcomeUnknown),
        ("400 Bad Request", {"kind": [CODE]}, OutcomeUnknown),
        ("400 Bad Request", [CODE], OutcomeUnknown),
        ("408 Request Timeout", _error("ProductUnavailable"), OutcomeUnknown),
        ("500 Internal Server Error", _error("ConstraintViolation"), OutcomeUnknown),
        ("503 Service Unavailable", _error("Http"), OutcomeUnknown),
    ],
)
def test_what_does_not_clearly_say_no_leaves_the_outcome_unknown(status, body, expected):
    assert type(_refused_order(status, body)) is expected


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({**PRODUCT, "price": 5.01}, PriceTooHigh),
        ({**PRODUCT, "price": 5}, Busy),
        ({**PRODUCT, "price": 4.19}, OutOfStock),
        ({**PRODUCT, "qty": 0}, OutOfStock),
        ({**PRODUCT, "price": None}, OutOfStock),
        ({}, OutOfStock),
    ],
)
def test_an_unavailable_product_is_looked_at_again_to_see_why(later, expected):
    error = _refused_order("400 Bad Request", _error("ProductUnavailable"), later=later)
    assert type(error) is expected
    if expected is Busy:
        assert error.retry_after == 1


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("401 Unauthorized", BAD_KEY, AccountProblem),
        ("403 Forbidden", {}, AccountProblem),
        ("404 Not Found", _error("HttpClient"), OutOfStock),
        ("404 Not Found", {}, Refused),
        ("400 Bad Request", _error("ConstraintViolation"), Refused),
        ("418 Teapot", [CODE], Refused),
        ("200 OK", {**PRODUCT, "price": None}, TryLater),
        ("200 OK", {**PRODUCT, "price": CODE}, TryLater),
        ("200 OK", {**PRODUCT, "price": -1}, TryLater),
        ("200 OK", {**PRODUCT, "price": True}, TryLater),
        ("200 OK", {**PRODUCT, "productId": P2}, TryLater),
        ("200 OK", {**PRODUCT, "countryLimitation": [CODE, 7]}, TryLater),
        ("200 OK", {**PRODUCT, "offers": CODE}, TryLater),
        ("200 OK", {**PRODUCT, "qty": 0}, OutOfStock),
        ("200 OK", [CODE], TryLater),
    ],
)
def test_a_quote_says_why_there_is_none(status, body, expected):
    with Wire(answer(_json(body), status)) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            error = _refusal(adapter.quote, supplier_product_id=P1, quantity=1)
    assert type(error) is expected


@pytest.mark.parametrize("product", ["", "0", "007", "5c9b", f"{P1}0", "../balance", "１９"])
def test_what_can_be_no_product_is_not_asked_for(server, adapter, product):
    assert type(_refusal(adapter.quote, supplier_product_id=product, quantity=1)) is Refused
    assert server.requests == []


@pytest.mark.parametrize("stock", [None, 1.5, -1, CODE, True, 1e30])
def test_a_quote_whose_stock_cannot_be_read_does_not_invent_one(stock):
    with Wire(answer(_json({**PRODUCT, "qty": stock}))) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            quote = adapter.quote(supplier_product_id=P1, quantity=1)
    assert quote.available is None
    assert quote.unit_price == Money(Decimal("4.19"), "EUR")


def test_a_product_that_cannot_be_read_before_buying_is_not_bought(server, adapter):
    server.script.queue_for(Call.QUOTE, [Fault.DOWN_BEFORE])
    assert type(_refusal(_buy, adapter)) is NotSent
    assert server.shop.ledger == {}


def test_what_was_quoted_is_not_asked_for_again(server, adapter):
    adapter.quote(supplier_product_id=P1, quantity=1)
    _buy(adapter)
    assert server.requests[:2] == [f"GET /v2/products/{P1}", "POST /v2/order"]


def test_more_keys_than_an_order_may_have_are_refused(server, adapter):
    assert type(_refusal(_buy, adapter, quantity=10)) is Refused
    assert server.shop.ledger == {}


@pytest.mark.parametrize("balance", [None, "NaN", CODE, True, []])
def test_a_balance_that_cannot_be_read_is_asked_for_later(balance):
    with Wire(answer(_json({"balance": balance}))) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            assert type(_refusal(adapter.balance)) is TryLater


def test_the_balance_is_told_as_it_is():
    with Wire(answer(b'{"balance": 12.450000000000000001}')) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            assert adapter.balance() == Money(Decimal("12.450000000000000001"), "EUR")


# --- An order that was taken is never lost --------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault.DOWN_BEFORE, Fault.TIMEOUT_BEFORE, Fault.BUSY])
def test_keys_that_cannot_be_downloaded_come_later(server, adapter, fault):
    server.key_script.queue([fault])
    reference = uuid.uuid4()

    order = _buy(adapter, reference=reference)

    sold = server.shop.ledger[str(reference)]
    assert (order.supplier_order_id, order.keys, order.is_final) == (sold.id, (), False)
    assert order.charged == PRICE
    later = _find(adapter, reference, supplier_order_id=sold.id)
    assert [key.code for key in later.keys] == [_code(key) for key in sold.keys]
    assert later.is_final


def test_an_order_that_cannot_be_read_after_it_was_made_comes_later(server, adapter):
    server.script.queue_for(Call.LOOKUP, [Fault.DROP_BEFORE])
    order = _buy(adapter)
    assert (order.keys, order.is_final, order.charged) == ((), False, PRICE)
    assert order.supplier_order_id


@pytest.mark.parametrize("keys", [CODE, {"keys": [KEY]}, [CODE], [None]])
def test_keys_that_cannot_be_read_at_all_come_later(keys, kept):
    with Wire(
        answer(_json(PRODUCT)),
        answer(_json(ORDER), "201 Created"),
        answer(_json({**ORDER, "status": "completed"})),
        answer(_json(keys)),
    ) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            order = adapter.buy(
                _request(reference=REFERENCE, quantity=2), keep=kept.append, note=_ignore
            )
    assert (order.supplier_order_id, order.keys, order.is_final) == ("PAB12CDEF3G", (), False)
    assert kept[-1] == _json(keys)


def test_a_look_up_that_finds_an_order_for_the_first_time_tells_of_it_without_its_keys(
    server, adapter
):
    reference = uuid.uuid4()
    _buy(adapter, reference=reference)
    server.key_script.queue([Fault.DOWN_BEFORE])

    order = _find(adapter, reference)

    assert (order.supplier_order_id, order.keys, order.is_final) == (
        server.shop.ledger[str(reference)].id,
        (),
        False,
    )


def test_a_look_up_of_a_known_order_says_why_its_keys_cannot_be_read(server, adapter):
    reference = uuid.uuid4()
    order_id = _buy(adapter, reference=reference).supplier_order_id
    server.key_script.queue([Fault.BUSY])
    error = _refusal(_find, adapter, reference, supplier_order_id=order_id)
    assert type(error) is TryLater
    assert error.retry_after == 7


@pytest.mark.parametrize(
    ("status", "expected"), [("403 Forbidden", AccountProblem), ("404 Not Found", OutcomeUnknown)]
)
def test_a_server_whose_address_is_not_listed_is_told_so(status, expected):
    with Wire(answer(_json(ORDER)), answer(b"{}", status)) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            error = _refusal(_find, adapter, REFERENCE, supplier_order_id="PAB12CDEF3G")
    assert type(error) is expected


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"orderId": None}, ""),
        ({"orderId": f"{CODE}\x00"}, ""),
        ({"products": CODE}, "PAB12CDEF3G"),
        ({"orderExternalId": str(uuid.uuid4())}, ""),
    ],
)
def test_an_order_that_cannot_be_read_is_kept_and_unknown(changes, told, kept):
    body = _json({**ORDER, **changes})
    with Wire(answer(_json(PRODUCT)), answer(body, "201 Created")) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            error = _refusal(
                adapter.buy, _request(reference=REFERENCE), keep=kept.append, note=_ignore
            )
    assert type(error) is OutcomeUnknown
    assert error.supplier_order_id == told
    assert kept == [body]


def test_an_order_that_failed_after_it_was_made_is_found(server, adapter):
    server.order_failures = 1
    reference = uuid.uuid4()

    error = _refusal(_buy, adapter, reference=reference)

    assert type(error) is OutcomeUnknown
    assert error.supplier_code == "OrderFailed"
    assert len(_find(adapter, reference).keys) == 1


@pytest.mark.parametrize("refuses_repeats", [True, False])
def test_nothing_rests_on_whether_a_repeated_reference_is_refused(server, adapter, refuses_repeats):
    server.books.refuses_repeats = refuses_repeats
    reference = uuid.uuid4()
    first = _buy(adapter, reference=reference)
    if refuses_repeats:
        assert type(_refusal(_buy, adapter, reference=reference)) is OutcomeUnknown
    else:
        _buy(adapter, reference=reference)
    assert _find(adapter, reference).supplier_order_id == first.supplier_order_id


def test_of_several_orders_with_one_reference_all_that_stand_are_told(server, adapter):
    reference = uuid.uuid4()
    first, second, third = (_buy(adapter, reference=reference) for _number in range(3))
    server.books.call_off(server.books.order(first.supplier_order_id), status="canceled")

    found = _find(adapter, reference)

    assert found.supplier_order_id == second.supplier_order_id
    assert found.repeated_ids == (second.supplier_order_id, third.supplier_order_id)
    assert found.keys == second.keys + third.keys
    assert found.charged == PRICE.times(2)
    assert found.is_final


def test_of_several_orders_that_were_all_called_off_the_oldest_is_told(server, adapter):
    reference = uuid.uuid4()
    orders = [_buy(adapter, reference=reference) for _number in range(2)]
    for order in orders:
        server.books.call_off(server.books.order(order.supplier_order_id), status="refunded")

    found = _find(adapter, reference)

    assert found.supplier_order_id == orders[0].supplier_order_id
    assert (found.repeated_ids, found.keys) == ((), ())


def test_of_several_orders_one_whose_keys_cannot_be_read_is_told_all_the_same(server, adapter):
    reference = uuid.uuid4()
    first, second = (_buy(adapter, reference=reference) for _number in range(2))
    server.key_script.queue([None, Fault.DOWN_BEFORE])

    found = _find(adapter, reference)

    assert (found.supplier_order_id, found.is_final) == ("", False)
    assert found.repeated_ids == (first.supplier_order_id, second.supplier_order_id)
    assert found.keys == first.keys


# --- Looking orders up ----------------------------------------------------------------------------


def _page(*orders: dict, total: int | None = None) -> bytes:
    return _json({"results": orders, "item_count": len(orders) if total is None else total})


def _searched(*pages: bytes, status: str = "200 OK"):
    with Wire(*(answer(page, status) for page in pages)) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            try:
                return _find(adapter, REFERENCE), wire.requests
            except SupplierError as error:
                assert_tells_nothing(error, [CODE, API_KEY])
                return error, wire.requests


OTHER = {**ORDER, "orderExternalId": f"{REFERENCE}-2", "orderId": "POTHER"}


def test_an_empty_list_is_a_clear_none():
    found, requests = _searched(_page())
    assert found is None
    assert requests[0].startswith(
        f"GET /v1/order?orderExternalId={REFERENCE}&page=1&limit=100 ".encode()
    )


def test_only_exactly_our_reference_is_ours():
    found, _requests = _searched(_page(OTHER, {**OTHER, "orderExternalId": None}))
    assert found is None


def test_our_order_is_found_on_any_page_of_a_list_that_was_not_filtered():
    found, requests = _searched(
        _page(*[OTHER] * 100, total=102),
        _page(OTHER, {**ORDER, "status": "completed"}, total=102),
        _json([KEY, SECOND_KEY]),
    )
    assert found.supplier_order_id == "PAB12CDEF3G"
    assert found.is_final
    assert b"page=2" in requests[1]


@pytest.mark.parametrize(
    "page",
    [
        _page(OTHER, total=2**31),
        _page(total=1),
        _json({"results": []}),
        _json({"results": [], "item_count": CODE}),
        _json({"results": CODE, "item_count": 0}),
        _json([]),
        _page({"orderExternalId": str(REFERENCE), "orderId": None}),
        _page({**ORDER, "products": CODE}),
    ],
)
def test_a_list_that_cannot_be_trusted_is_no_clear_none(page):
    found, _requests = _searched(page)
    assert type(found) is OutcomeUnknown


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("400 Bad Request", OutcomeUnknown),
        ("404 Not Found", OutcomeUnknown),
        ("403 Forbidden", AccountProblem),
        ("500 Internal Server Error", TryLater),
    ],
)
def test_a_no_to_a_search_is_no_clear_none(status, expected):
    found, _requests = _searched(_json(_error("OrderNotFound")), status=status)
    assert type(found) is expected


def test_an_order_that_is_gone_under_its_id_is_looked_for_by_our_reference(server, adapter):
    reference = uuid.uuid4()
    _buy(adapter, reference=reference)
    assert len(_find(adapter, reference, supplier_order_id="PGONE").keys) == 1
    assert _find(adapter, uuid.uuid4(), supplier_order_id="PGONE") is None


@pytest.mark.parametrize("changes", [{"orderId": "POTHER"}, {"orderExternalId": "another"}])
def test_another_order_than_was_asked_for_is_not_taken_for_ours(changes):
    with Wire(answer(_json({**ORDER, **changes})), answer(_json([KEY]))) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            error = _refusal(_find, adapter, REFERENCE, supplier_order_id="PAB12CDEF3G")
    assert type(error) is OutcomeUnknown


# --- What became of an order ----------------------------------------------------------------------


@pytest.mark.parametrize("status", ["canceled", "refunded", "Canceled"])
def test_an_order_that_was_called_off_is_final_and_free(status):
    gone = "REFUNDED" if status == "refunded" else "CANCELED"
    order = _looked_up({**ORDER, "status": status, "products": _states(gone, gone)}, [KEY])
    assert (order.keys, order.is_final, order.charged) == ((), True, Money(Decimal(0), "EUR"))


def test_a_called_off_order_that_left_a_key_is_for_people():
    body = {**ORDER, "status": "refunded", "products": _states("DELIVERED", "REFUNDED")}
    order = _looked_up(body, [KEY])
    assert (order.keys, order.is_final) == ((), False)
    assert order.charged == Money(Decimal("8.30"), "EUR")


@pytest.mark.parametrize("status", ["processing", "news", "", None])
def test_an_order_in_any_other_state_is_not_final(status):
    order = _looked_up({**ORDER, "status": status}, [KEY, SECOND_KEY])
    assert len(order.keys) == 2
    assert not order.is_final


@pytest.mark.parametrize(
    ("products", "keys", "count", "is_final"),
    [
        (_states("DELIVERED", "DELIVERED"), [KEY, SECOND_KEY], 2, True),
        (_states("DELIVERED", "DELIVERED"), [KEY], 1, False),
        (_states("DELIVERED", "REFUNDED"), [KEY], 1, True),
        (_states("DELIVERED", "CANCELED"), [KEY], 1, True),
        (_states("DELIVERED", "RETURNED"), [KEY, SECOND_KEY], 1, True),
        (_states("DELIVERED", "PENDING"), [KEY], 1, False),
        (_states("DELIVERED", "news"), [KEY], 1, False),
        (_states(), [KEY, SECOND_KEY], 2, True),
        (_states(), [KEY], 1, False),
        (None, [KEY], 1, False),
        (_states("DELIVERED", "DELIVERED"), [KEY, {**KEY}], 1, False),
        (_states("DELIVERED", "DELIVERED"), [ANONYMOUS_KEY, {**SECOND_KEY, "id": None}], 2, True),
        (_states("DELIVERED", "DELIVERED"), [KEY, SECOND_KEY, {**KEY, "serial": " "}], 2, False),
        (_states("DELIVERED", "DELIVERED"), [KEY, {**SECOND_KEY, "serial": " "}], 1, False),
        (_states("DELIVERED", "DELIVERED"), [KEY, {**SECOND_KEY, "type": "text/html"}], 1, False),
        (_states("DELIVERED", "DELIVERED"), [KEY, {**SECOND_KEY, "type": "image/png"}], 1, False),
    ],
)
def test_a_completed_order_is_final_with_all_its_keys(products, keys, count, is_final):
    order = _looked_up({**ORDER, "status": "completed", "products": products}, keys)
    assert len(order.keys) == count
    assert order.is_final is is_final


def test_lines_for_one_product_count_together():
    line = {**ORDER["products"][0], "qty": 1, "keys": []}
    body = {**ORDER, "status": "completed", "products": [line, line]}
    assert not _looked_up(body, [KEY], quantity=1).is_final
    assert _looked_up(body, [KEY, SECOND_KEY], quantity=1).is_final


@pytest.mark.parametrize(
    ("told", "charged"),
    [
        ("8.3000000000001", "8.3000000000001"),
        (8, "8"),
        (None, "8.30"),
        (CODE, None),
        ("NaN", None),
        (-1, None),
        (True, None),
    ],
)
def test_what_was_paid_is_a_number_or_its_text(told, charged):
    order = _looked_up({**ORDER, "paymentPrice": told}, [KEY])
    assert order.charged == (Money(Decimal(charged), "EUR") if charged else None)


@pytest.mark.parametrize(
    ("media_type", "filename"),
    [("image/png", "key.png"), ("image/jpeg", "key.jpg"), ("image/gif", "key.gif")],
)
def test_a_picture_is_a_key(media_type, filename):
    data = b"\x89PNG picture \x00\xff"
    item = {**KEY, "type": media_type, "serial": base64.encodebytes(data).decode()}
    (key,) = _looked_up(ORDER, [item]).keys
    assert key.code == KeyCode.of_bytes(data, media_type=media_type, filename=filename)
    assert key.code.kind is CodeKind.IMAGE


def test_keys_are_read_to_the_last_page(kept):
    keys = [{**KEY, "id": f"k{number}", "serial": f"{CODE}-{number}"} for number in range(130)]
    body = {**ORDER, "status": "completed", "products": [{"qty": 130}]}
    pages = (keys[:100], keys[99:])
    with Wire(answer(_json(body)), *(answer(_json(page)) for page in pages)) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            order = adapter.find_order(
                _query(REFERENCE, supplier_order_id="PAB12CDEF3G"), keep=kept.append
            )
    assert [key.supplier_key_id for key in order.keys] == [f"k{n}" for n in range(130)]
    assert order.is_final
    assert kept == [_json(page) for page in pages]


def test_a_list_of_keys_that_does_not_end_is_no_list():
    with Wire(answer(_json(ORDER)), answer(_json([KEY] * 100))) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            error = _refusal(_find, adapter, REFERENCE, supplier_order_id="PAB12CDEF3G")
    assert type(error) is OutcomeUnknown
    assert len(wire.requests) == 21


def test_keys_come_one_at_a_time(server, adapter):
    server.books.step = 60
    server.shop.late_seconds = 0
    server.script.queue([Fault.LATE])
    order = _buy(adapter, quantity=3)
    assert len(order.keys) == 1
    assert not order.is_final


# --- Pre-orders -----------------------------------------------------------------------------------


@pytest.fixture
def unreleased(server):
    server.books.details[P1] = Details(is_preorder=True, release_date="2031-02-03")


@pytest.mark.usefixtures("unreleased")
def test_a_preorder_is_bought_only_by_who_allows_it(server, adapter):
    assert type(_refusal(_buy, adapter)) is OutOfStock
    quote = adapter.quote(supplier_product_id=P1, quantity=1)
    assert (quote.is_preorder, quote.release_date) == (True, dt.date(2031, 2, 3))
    assert type(_refusal(_buy, adapter)) is OutOfStock
    assert server.shop.ledger == {}


@pytest.mark.usefixtures("unreleased")
def test_a_preorder_brings_its_keys_when_it_is_released(server, adapter):
    server.shop.late_seconds = 60
    reference = uuid.uuid4()
    order = _buy(adapter, reference=reference, allow_preorder=True)
    assert (order.keys, order.is_final, order.charged) == ((), False, PRICE)

    server.books.order(order.supplier_order_id).is_released = True

    assert len(_find(adapter, reference).keys) == 1


@pytest.mark.parametrize("is_preorder", [True, False])
def test_a_product_whose_cheapest_offer_is_a_preorder_is_one(is_preorder):
    offers = [
        {"offerId": "5f7efd272f3a650001f42722", "isPreorder": is_preorder},
        {"offerId": "another", "isPreorder": not is_preorder},
    ]
    with Wire(answer(_json({**PRODUCT, "offers": offers}))) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            quote = adapter.quote(supplier_product_id=P1, quantity=1)
    assert quote.is_preorder is is_preorder


# --- The catalogue --------------------------------------------------------------------------------


@pytest.fixture
def catalogue(server):
    """250 products, each changed a minute after the one before it."""
    start = dt.datetime(2025, 7, 1, tzinfo=dt.UTC)
    for number in range(250):
        product_id = f"{number:024x}"
        server.shop.set_product(Product(product_id, Decimal("1.50") + number))
        server.books.details[product_id] = Details(
            kinguin_id=1000 + number,
            name=f"Game {number}",
            blocked=("RU",),
            updated_at=start + dt.timedelta(minutes=number),
        )
    server.shop.set_product(Product(P1, PRICE.amount, 0))
    return start


def _all_pages(ask):
    entries, page = [], ""
    while True:
        read = ask(page)
        entries += read.products
        page = read.next_page
        if not page:
            return entries


@pytest.mark.usefixtures("catalogue")
def test_a_search_goes_through_all_pages(server, adapter):
    found = _all_pages(lambda page: adapter.search(text=" game ", page=page))

    assert len({entry.supplier_product_id for entry in found}) == 250
    assert len(server.requests) == 3
    (one,) = [entry for entry in found if entry.name == "Game 7"]
    assert one.supplier_product_id == f"{7:024x}"
    assert one.price == Money(Decimal("8.50"), "EUR")
    assert (one.platform, one.region, one.available) == ("Steam", "Region free", 1_000_000)
    assert one.blocked_countries == {"RU"}


@pytest.mark.parametrize(
    ("text", "page"), [("ab", ""), ("  a ", ""), ("game", "0"), ("game", CODE)]
)
def test_a_search_that_cannot_be_is_refused(server, adapter, text, page):
    assert type(_refusal(adapter.search, text=text, page=page)) is Refused
    assert server.requests == []


@pytest.mark.usefixtures("catalogue")
def test_products_are_told_under_the_ids_they_were_asked_by(server, adapter):
    ids = [f"{number:024X}" for number in range(60)] + ["1000", "1100", "999", P1, "nonsense"]

    found = adapter.products(ids=ids)

    assert set(found) == {*ids[:60], "1000", "1100"}
    assert all(entry.supplier_product_id == known_as for known_as, entry in found.items())
    assert found["1100"].name == "Game 100"
    assert len(server.requests) == 3


@pytest.mark.usefixtures("catalogue")
def test_no_products_need_no_call(server, adapter):
    assert adapter.products(ids=["nonsense"]) == {}
    assert server.requests == []


def test_changes_are_told_under_both_ids_from_a_little_before(catalogue, adapter):
    since = (catalogue + dt.timedelta(minutes=125)).astimezone(dt.timezone(dt.timedelta(hours=2)))

    entries = _all_pages(lambda page: adapter.changes(since=since, page=page))

    numbers = range(120, 250)
    assert {entry.supplier_product_id for entry in entries} == {
        *(f"{number:024x}" for number in numbers),
        *(str(1000 + number) for number in numbers),
    }
    assert entries[0].name == "Game 249"
    assert len(entries) == 260


def test_a_product_that_changes_while_pages_are_read_hides_no_other(catalogue, server, adapter):
    first = adapter.changes(since=catalogue, page="")
    product_id = f"{3:024x}"
    server.books.details[product_id] = dataclasses.replace(
        server.books.details[product_id], updated_at=catalogue + dt.timedelta(days=1)
    )
    rest = [
        *adapter.changes(since=catalogue, page="2").products,
        *adapter.changes(since=catalogue, page="3").products,
    ]

    told = {entry.supplier_product_id for entry in (*first.products, *rest)}
    assert told >= {f"{n:024x}" for n in range(250) if n != 3}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("200 OK", [], TryLater),
        ("200 OK", {"results": [CODE], "item_count": 1}, TryLater),
        ("400 Bad Request", _error("ConstraintViolation"), TryLater),
        ("403 Forbidden", {}, AccountProblem),
        ("401 Unauthorized", BAD_KEY, AccountProblem),
    ],
)
def test_a_list_that_cannot_be_read_is_asked_for_later(status, body, expected):
    with Wire(answer(_json(body), status)) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            for call in (
                lambda: adapter.products(ids=["1949"]),
                lambda: adapter.changes(since=timezone.now()),
            ):
                assert type(_refusal(call)) is expected


@pytest.mark.parametrize("fault", [Fault.DOWN_BEFORE, Fault.DROP_BEFORE, Fault.BUSY])
def test_a_list_that_does_not_come_is_asked_for_later(server, adapter, fault):
    server.script.queue_for(Call.CATALOGUE, [fault])
    assert type(_refusal(adapter.search, text="game")) is TryLater


def test_a_product_of_a_list_that_cannot_be_read_is_left_out():
    page = {"results": [{**PRODUCT, "kinguinId": CODE}, PRODUCT], "item_count": 2}
    with Wire(answer(_json(page))) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            assert list(adapter.products(ids=["1949", P1])) == ["1949", P1]


# --- Sending keys back ----------------------------------------------------------------------------


def test_an_order_is_sent_back_once(server, adapter):
    reference = uuid.uuid4()
    order_id = _buy(adapter, reference=reference).supplier_order_id

    adapter.return_order(supplier_order_id=order_id)

    assert server.requests[-1] == f"POST /v2/order/{order_id}/keys/return"
    error = _refusal(adapter.return_order, supplier_order_id=order_id)
    assert (type(error), error.supplier_code) == (Refused, "NoKeysToReturn")
    assert _find(adapter, reference).keys == ()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("400 Bad Request", _error("NoKeysToReturn"), Refused),
        ("404 Not Found", _error("OrderNotFound"), Refused),
        ("400 Bad Request", _error("OrderNotSupported"), Refused),
        ("400 Bad Request", _error("Authorization"), AccountProblem),
        ("401 Unauthorized", BAD_KEY, AccountProblem),
        ("409 Conflict", _error("ResourceLock"), OutcomeUnknown),
        ("400 Bad Request", _error("Brandnew"), OutcomeUnknown),
        ("500 Internal Server Error", _error("Error"), OutcomeUnknown),
    ],
)
def test_a_no_to_a_return_is_told(status, body, expected):
    with Wire(answer(_json(body), status)) as wire:
        adapter = _open(wire.url)
        with closing(adapter):
            assert type(_refusal(adapter.return_order, supplier_order_id="P/1")) is expected
    assert wire.requests[0].startswith(b"POST /v2/order/P%2F1/keys/return HTTP/1.1")
    assert len(wire.requests) == 1


def test_a_return_that_reaches_nobody_was_not_made():
    with closing(_open(f"http://127.0.0.1:{closed_port()}")) as adapter:
        assert type(_refusal(adapter.return_order, supplier_order_id="P1")) is Refused


# --- Webhooks -------------------------------------------------------------------------------------

UPDATED = "2025-07-01T11:24:08.015+00:00"
UPDATED_AT = dt.datetime(2025, 7, 1, 11, 24, 8, 15000, tzinfo=dt.UTC)


@pytest.mark.parametrize("event", ["order.status", "order.complete", "Order.Status"])
def test_a_message_about_an_order_is_a_hint(server, adapter, event):
    headers, body = server.webhook(
        event,
        orderId="PAB12CDEF3G",
        orderExternalId=str(REFERENCE),
        status="completed",
        updatedAt=UPDATED,
    )
    assert adapter.read_message(headers=headers, body=body) == (
        Hint(HintKind.ORDER, "PAB12CDEF3G", str(REFERENCE), UPDATED_AT),
    )


def test_a_message_about_a_product_is_a_hint_under_both_ids(server, adapter):
    headers, body = server.webhook(
        "product.update",
        kinguinId=1949,
        productId=P1,
        qty=845,
        textQty=845,
        cheapestOfferId=["5f7efd272f3a650001f42722"],
        updatedAt=UPDATED,
    )
    lowered = {name.lower(): value for name, value in headers.items()}
    assert adapter.read_message(headers=lowered, body=body) == (
        Hint(HintKind.PRODUCT, P1, updated_at=UPDATED_AT),
        Hint(HintKind.PRODUCT, "1949", updated_at=UPDATED_AT),
    )


def test_messages_out_of_order_tell_which_is_newer(server, adapter):
    hints = []
    for status, moment in (("completed", UPDATED), ("processing", "2025-07-01T10:00:00+00:00")):
        headers, body = server.webhook(
            "order.status", orderId="P1", orderExternalId="x", status=status, updatedAt=moment
        )
        hints += adapter.read_message(headers=headers, body=body)
    assert hints[0].updated_at > hints[1].updated_at
    assert [hint.reference for hint in hints] == ["", ""]


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("order.status", b"<html>"),
        ("order.status", b'{"orderId": 7}'),
        ("order.status", b"[]"),
        ("product.update", b'{"productId": "x"}'),
        ("news", _json({"orderId": "P1"})),
        ("", b"{}"),
    ],
)
def test_a_message_about_nothing_known_is_no_hint(server, adapter, event, body):
    headers, _body = server.webhook(event)
    assert adapter.read_message(headers=headers, body=body) == (Hint(HintKind.NONE),)


def test_a_message_without_a_time_is_a_hint_all_the_same(server, adapter):
    headers, body = server.webhook("order.status", orderId="P1", updatedAt=CODE)
    assert adapter.read_message(headers=headers, body=body) == (Hint(HintKind.ORDER, "P1"),)


@pytest.mark.parametrize(
    "secret", ["", "wrong", WEBHOOK_SECRET + "x", WEBHOOK_SECRET[:-1], "ü\ud800"]
)
def test_a_forged_message_is_none(server, adapter, secret):
    headers, body = server.webhook("order.status", orderId="P1")
    headers["X-Event-Secret"] = secret
    assert type(_refusal(adapter.read_message, headers=headers, body=body)) is ForgedMessage


def test_without_a_secret_every_message_is_forged(server):
    with closing(_open(server.url, webhook_secret=" ")) as adapter:
        for secret in ("", " "):
            headers = {"X-Event-Name": "order.status", "X-Event-Secret": secret}
            error = _refusal(adapter.read_message, headers=headers, body=b"{}")
            assert type(error) is ForgedMessage


# --- The fake is as strict as the real one --------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    [
        {"productId": P1, "qty": 1},
        {"productId": P1, "price": 5.1},
        {"productId": P1, "qty": 0, "price": 5.1},
        {"productId": P1, "qty": 10, "price": 5.1},
        {"kinguinId": 1949, "qty": 1, "price": 5.1},
        {"productId": P1, "qty": 1, "price": 5.1, "keyType": "image"},
        {"productId": P1, "qty": 1, "price": 5.1, "name": "old"},
        {"productId": P1, "qty": 1, "price": "5.1"},
    ],
)
def test_the_fake_refuses_a_bad_order(server, adapter, item):
    answer = adapter._client.buy("/v2/order", body={"products": [item]}, keep=None)
    assert (answer.status, answer.body["kind"]) == (400, "ConstraintViolation")
    assert server.shop.ledger == {}


def test_the_fake_sells_at_the_market_price_and_by_number(server, adapter):
    server.books.details[P1] = Details(kinguin_id=1949)
    item = {"kinguinId": 1949, "qty": 2, "price": Decimal("9.99"), "keyType": "text"}
    answer = adapter._client.buy("/v1/order", body={"products": [item]}, keep=None)
    assert answer.status == 201
    assert (answer.body["totalPrice"], answer.body["requestTotalPrice"]) == (
        Decimal("10.20"),
        Decimal("19.98"),
    )


@pytest.mark.usefixtures("unreleased")
def test_the_fake_takes_no_key_type_with_a_preorder(adapter):
    item = {"productId": P1, "qty": 1, "price": Decimal("5.1"), "keyType": "text"}
    answer = adapter._client.buy("/v2/order", body={"products": [item]}, keep=None)
    assert answer.body["kind"] == "Preorder"
