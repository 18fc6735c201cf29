"""Bamboo keeps the contract of adapters; and what is special about it."""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import time
import uuid
from contextlib import closing
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from saleor_cdkeys.errors import ConfigurationError
from saleor_cdkeys.suppliers.bamboo import BambooSupplier
from saleor_cdkeys.suppliers.bamboo.reading import Article
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
    PurchaseRequest,
    Refused,
    Returns,
    SupplierError,
    SupplierOrder,
    TryLater,
    Webhooks,
)
from saleor_cdkeys.suppliers.fakes.bamboo import BambooServer
from saleor_cdkeys.suppliers.fakes.bamboo_shop import Details, card
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product, Shop
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.testing.supplier_contract import Stage, SupplierContract
from saleor_cdkeys.values import CodeKind, KeyCode, Money
from tests.suppliers.wire import Wire, answer, closed_port

CLIENT = "SHOP-CLIENT-SANDBOX"
SECRET = "0fea-secret-0815"
BASIC = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
NOTIFICATION = "notification-4711"
WEBHOOK = "whsec_" + base64.b64encode(b"webhook-secret-0815").decode()
EUR = "EUR"
PRODUCT = "55"
RANGE = "77"


def _open(url: str, *, secret: str = SECRET, account: str = "", **config) -> BambooSupplier:
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


class _Stage(Stage):
    product = PRODUCT
    unknown_product = "999"
    secrets = (SECRET, BASIC)
    # The answer to an order says that it was taken; its cards are read afterwards.
    keys_in_answer = False
    # It takes no highest price, and has codes and PINs alone.
    faults = frozenset(Fault) - {Fault.PRICE_RISES, Fault.IMAGE, Fault.FILE}

    def __init__(self, server: BambooServer) -> None:
        self.server = server

    def adapter(self) -> BambooSupplier:
        return _open(self.server.url)

    def adapter_with_wrong_credentials(self) -> BambooSupplier:
        return _open(self.server.url, secret="wrong")

    def adapter_that_reaches_nobody(self) -> BambooSupplier:
        return _open(f"http://127.0.0.1:{closed_port()}")

    def will(self, *faults: Fault | None) -> None:
        self.server.script.queue(faults)

    def will_on(self, call: Call, *faults: Fault | None) -> None:
        self.server.script.queue_for(call, faults)

    def set_stock(self, stock: int) -> None:
        self.server.shop.set_product(Product(PRODUCT, Decimal("5.10"), stock))

    def set_price(self, price: str) -> None:
        self.server.shop.set_product(Product(PRODUCT, Decimal(price)))

    def codes_sold(self, reference: uuid.UUID) -> list[KeyCode]:
        return [_code(key) for key in self.server.shop.ledger[str(reference)].all_keys()]

    def orders_sold(self) -> list[uuid.UUID]:
        return [uuid.UUID(reference) for reference in self.server.shop.ledger]


def _code(key: dict) -> KeyCode:
    told = card(key)
    if told["pin"]:
        return KeyCode.of_fields([("code", told["cardCode"]), ("pin", told["pin"])])
    return KeyCode.of_text(told["cardCode"])


@pytest.fixture
def server():
    products = [Product(PRODUCT, Decimal("5.10")), Product(RANGE, Decimal("4.80"))]
    with BambooServer(
        Shop(products, late_seconds=0.2),
        credentials=(CLIENT, SECRET),
        notification_secret=NOTIFICATION,
        webhook_secret=WEBHOOK,
        hang_seconds=1.5,
        retry_after=7,
    ) as server:
        server.books.details[RANGE] = Details(
            brand="Example Wallet",
            name="Wallet",
            country="US",
            faces=(Decimal(5), Decimal(100)),
            is_limited=False,
            changed=dt.date(2025, 6, 1),
        )
        yield server


class TestBamboo(SupplierContract):
    @pytest.fixture
    def stage(self, server):
        return _Stage(server)


@pytest.fixture(autouse=True)
def _haste():
    """Outside the contract nobody lets it wait, and a busy machine must not seem to."""


@pytest.fixture
def adapter(server):
    with closing(_open(server.url)) as adapter:
        yield adapter


@pytest.fixture
def kept() -> list[bytes]:
    return []


@pytest.fixture
def noted() -> list[str]:
    return []


def _ignore(_told: object) -> None:
    """Whatever is told."""


def _eur(amount: str) -> Money:
    return Money(Decimal(amount), EUR)


def _request(reference: uuid.UUID | None = None, **changes) -> PurchaseRequest:
    request = {
        "reference": reference or uuid.uuid4(),
        "supplier_product_id": PRODUCT,
        "quantity": 2,
        "unit_price": _eur("5.10"),
        "max_unit_price": _eur("5.10"),
        **changes,
    }
    return PurchaseRequest(**request)


def _query(reference: uuid.UUID, *, quantity: int = 2, order: str = "") -> OrderQuery:
    return OrderQuery(
        reference=reference,
        supplier_product_id=PRODUCT,
        quantity=quantity,
        sent_at=timezone.now() - dt.timedelta(minutes=1),
        supplier_order_id=order,
    )


def _buy(adapter, server, *faults, **changes) -> tuple[uuid.UUID, SupplierOrder]:
    request = _request(**changes)
    server.script.queue(faults)
    return request.reference, adapter.buy(request, keep=_ignore, note=_ignore)


def _codes(order: SupplierOrder) -> list[KeyCode]:
    return [key.code for key in order.keys]


# --- The recorded examples -----------------------------------------------------------------------

REFERENCE = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
CODE = "AAAAA-BBBBB-CCCCC"
ACCOUNTS = (
    '{"accounts":[{"id":1001,"currency":"EUR","balance":100828.4848,"isActive":true,'
    '"sandboxMode":true}]}'
)
CATALOGUE = """
{"pageIndex": 0, "pageSize": 100, "count": 1, "items": [
 {"internalId": "B1", "name": "Example Store", "countryCode": "DE", "currencyCode": "EUR",
  "logoUrl": "https://…", "products": [
  {"id": 55, "name": "Example Store 10 EUR", "minFaceValue": 10, "maxFaceValue": 10, "count": null,
   "price": {"min": 5.10, "max": 5.10, "currencyCode": "EUR"}}]}]}
"""
ACCEPTED = f'"{REFERENCE}"'


def _catalogue(**changes) -> str:
    body = json.loads(CATALOGUE)
    body["items"][0]["products"][0] |= changes
    return json.dumps(body)


def _card(number: int = 1, code: object = CODE, pin: object = "", **changes) -> dict:
    told = {"id": number, "serialNumber": "S", "cardCode": code, "pin": pin, "status": "Sold"}
    return {**told, "expirationDate": "2030-01-01T00:00:00", **changes}


def _order(*cards: object, status: object = "Succeeded", **changes) -> str:
    item = {
        "productId": 55,
        "productFaceValue": 10,
        "quantity": 2,
        "countryCode": "DE",
        "currencyCode": "EUR",
        "cards": list(cards),
    }
    order = {"orderId": 9, "requestId": str(REFERENCE), "status": status, "errorMessage": None}
    return json.dumps({**order, "items": [item], **changes})


TWO = (_card(1), _card(2, "DDDDD-EEEEE-FFFFF"))


def _row(reference: object = str(REFERENCE), **changes) -> dict:
    told = {"clientReferenceNumber": reference, "total": 10.2, "accountCurrency": "EUR"}
    return {**told, "quantity": 2, "unitPrice": 5.1, **changes}


def _history(*rows: object) -> str:
    return json.dumps(list(rows))


def _ask(call, *answers: str | tuple[str, str], **config):
    """What the adapter makes of these answers, and the requests that they answered.

    An answer is a body, or a status and a body.
    """
    pairs = [("200 OK", told) if isinstance(told, str) else told for told in answers]
    with (
        Wire(*(answer(body.encode(), status) for status, body in pairs)) as wire,
        closing(_open(wire.url, **config)) as adapter,
    ):
        try:
            return call(adapter), wire.requests
        except SupplierError as error:
            assert_tells_nothing(error, [CODE, SECRET, BASIC])
            return error, wire.requests


def _bought(*answers, kept=_ignore, note=_ignore, **changes):
    """After the catalogue was asked for the face value."""
    request = _request(REFERENCE, **changes)
    result, requests = _ask(
        lambda adapter: adapter.buy(request, keep=kept, note=note), CATALOGUE, *answers
    )
    return result, requests[1:]


def _found(*answers, kept=_ignore):
    return _ask(lambda adapter: adapter.find_order(_query(REFERENCE), keep=kept), *answers)[0]


def _quoted(*answers, product: str = PRODUCT):
    return _ask(lambda adapter: adapter.quote(supplier_product_id=product, quantity=1), *answers)


def _lines(requests: list[bytes]) -> list[str]:
    return [request.partition(b" HTTP/")[0].decode() for request in requests]


def test_a_quote_is_read():
    quote, requests = _quoted(ACCOUNTS, CATALOGUE)
    assert (quote.unit_price, quote.available) == (_eur("5.10"), None)
    assert (quote.blocked_countries, quote.is_preorder) == (frozenset(), False)
    assert _lines(requests) == [
        "GET /api/integration/v1.0/accounts",
        "GET /api/integration/v2.0/catalog?ProductId=55&TargetCurrency=EUR",
    ]
    for request in requests:
        assert f"authorization: basic {BASIC}".lower() in request.decode().lower()


def test_an_order_is_sent_as_recorded_and_read_once(kept, noted):
    order, requests = _bought(
        ACCEPTED,
        _order(*TWO),
        ACCOUNTS,
        _history(_row()),
        kept=kept.append,
        note=noted.append,
    )

    assert order.supplier_order_id == str(REFERENCE)
    assert _codes(order) == [KeyCode.of_text(CODE), KeyCode.of_text("DDDDD-EEEEE-FFFFF")]
    assert [key.supplier_key_id for key in order.keys] == ["1", "2"]
    assert order.is_final
    assert order.charged == _eur("10.2")
    today = timezone.now().date()
    start, end = today - dt.timedelta(days=1), today + dt.timedelta(days=2)
    assert _lines(requests) == [
        "POST /api/integration/v1.0/orders/checkout",
        f"GET /api/integration/v1.0/orders/{REFERENCE}",
        "GET /api/integration/v1.0/accounts",
        f"GET /api/Integration/v1/orders?startDate={start}&endDate={end}",
    ]
    assert requests[0].partition(b"\r\n\r\n")[2] == (
        b'{"RequestId": "0f8fad5b-d9cb-469f-a165-70867728950e", "AccountId": 1001, '
        b'"Products": [{"ProductId": 55, "Quantity": 2, "Value": 10}]}'
    )
    assert kept == [ACCEPTED.encode(), _order(*TWO).encode()]
    assert noted == [str(REFERENCE)]


def test_the_balance_is_that_of_the_account():
    balance, _requests = _ask(lambda adapter: adapter.balance(), ACCOUNTS)
    assert balance == _eur("100828.4848")


def test_the_live_address_is_the_usual_one():
    config = {"account_id": "1001", "base_url": ""}
    with closing(BambooSupplier(config=config, secrets={})) as adapter:
        address = adapter._api._client._client.base_url
    assert str(address) == "https://api.bamboocardportal.com"


# --- Settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("account_id", ["", "none", "1.5", "-3", "1" * 19, "१२", None])
def test_the_number_of_the_account_is_a_whole_number(account_id):
    with pytest.raises(ConfigurationError):
        _open("http://127.0.0.1:1", account_id=account_id)


def test_a_client_id_with_a_colon_would_be_another():
    with pytest.raises(ConfigurationError):
        BambooSupplier(config={"account_id": "1"}, secrets={"client_id": "a:b"})


def test_it_has_what_it_says_and_no_more(adapter):
    assert isinstance(adapter, Catalogue)
    assert isinstance(adapter, Changes)
    assert isinstance(adapter, Webhooks)
    assert not isinstance(adapter, Returns)
    assert adapter.required == {"account_id", "client_id", "client_secret"}


# --- What its answers mean -----------------------------------------------------------------------

NOES = {
    "WrongAccount": AccountProblem,
    "InsufficientBalance": AccountProblem,
    "UserNotEnabled": AccountProblem,
    "ClientCatalogNotExist": AccountProblem,
    "InvalidProductIds": Refused,
    "InvalidProduct": Refused,
    "InvalidDenomination": Refused,
    "NoProducts": Refused,
    "CardsLimitExceeded": Refused,
    "ClientPriceInvalid": Refused,
    "ProductIsOutOfStock": OutOfStock,
    "OrderAlreadyExists": OutcomeUnknown,
    "OrderNotFound": OutcomeUnknown,
}


@pytest.mark.parametrize("place", ["message", "reasonCode", "error"])
@pytest.mark.parametrize(("reason", "expected"), NOES.items())
def test_each_reason_means_one_thing_wherever_it_stands(reason, expected, place, noted):
    told = {"message": "Bad request", place: reason}
    error, requests = _bought(("400 Bad Request", json.dumps(told)), note=noted.append)
    assert type(error) is expected
    assert error.supplier_code == reason
    assert len(requests) == 1
    assert noted == []


def test_an_order_that_exists_already_is_known_by_our_reference():
    error, _requests = _bought(("400 Bad Request", '{"message":"OrderAlreadyExists"}'))
    assert error.supplier_order_id == str(REFERENCE)


@pytest.mark.parametrize(
    ("status", "body", "expected", "supplier_code"),
    [
        (
            "400 Bad Request",
            {"message": f"{CODE}: insufficientbalance.", "code": 1},
            AccountProblem,
            "InsufficientBalance",
        ),
        # Where it says both, the order may be there.
        (
            "400 Bad Request",
            {"reasonCode": "InvalidProduct", "message": "OrderAlreadyExists"},
            OutcomeUnknown,
            "OrderAlreadyExists",
        ),
        ("400 Bad Request", {"message": "InvalidProductNumber"}, OutcomeUnknown, "400"),
        ("400 Bad Request", {"title": "InsufficientBalance"}, OutcomeUnknown, "400"),
        ("400 Bad Request", {"message": ["InsufficientBalance"]}, OutcomeUnknown, "400"),
        ("400 Bad Request", "InsufficientBalance", OutcomeUnknown, "400"),
        ("409 Conflict", {"message": CODE}, OutcomeUnknown, "409"),
        ("404 Not Found", {}, OutcomeUnknown, "404"),
        ("403 Forbidden", {"message": CODE}, AccountProblem, "403"),
        ("200 OK", {"message": "InsufficientBalance"}, OutcomeUnknown, ""),
        ("302 Found", {"message": "InsufficientBalance"}, OutcomeUnknown, "302"),
        ("408 Request Timeout", {"message": "InsufficientBalance"}, OutcomeUnknown, "408"),
        ("500 Server Error", {"message": "InsufficientBalance"}, OutcomeUnknown, "500"),
        ("401 Unauthorized", {}, AccountProblem, "401"),
        ("429 Too Many", {}, Busy, "429"),
    ],
)
def test_only_a_no_that_is_known_is_a_no(status, body, expected, supplier_code):
    error, requests = _bought((status, json.dumps(body)))
    assert type(error) is expected
    assert error.supplier_code == supplier_code
    assert len(requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        f'"{REFERENCE}"',
        f'"{str(REFERENCE).upper()}"',
        f'{{"requestId": "{REFERENCE}"}}',
        f'{{"RequestId": "{REFERENCE}", "status": "Created"}}',
    ],
)
def test_an_order_is_accepted_bare_or_in_an_object(body):
    order, requests = _bought(body, _order(status="Created"))
    assert order == SupplierOrder(str(REFERENCE), (), is_final=False)
    assert len(requests) == 2


@pytest.mark.parametrize(
    "body", [f'"{OTHER}"', f'"{CODE}"', "{}", "[]", "7", "true", f'["{REFERENCE}"]', "{"]
)
def test_an_answer_that_does_not_give_our_reference_back_is_kept_and_unknown(body, kept, noted):
    error, requests = _bought(body, kept=kept.append, note=noted.append)
    assert type(error) is OutcomeUnknown
    assert kept == [body.encode()]
    assert noted == []
    assert len(requests) == 1


@pytest.mark.parametrize(
    "read",
    [
        ("404 Not Found", '{"message":"OrderNotFound"}'),
        ("500 Server Error", "{}"),
        ("401 Unauthorized", "{}"),
        ("429 Too Many", "{}"),
        "<html>",
        "[]",
        _order(*TWO, requestId=OTHER),
        _order(_card(1, 4711)),
        _order(CODE),
    ],
)
def test_an_order_that_was_taken_is_never_lost_by_reading_it(read, noted):
    order, requests = _bought(ACCEPTED, read, note=noted.append)
    assert order == SupplierOrder(str(REFERENCE), (), is_final=False)
    assert noted == [str(REFERENCE)]
    assert len(requests) == 2


def test_the_reference_is_noted_before_the_cards_are_read():
    def dies(_told: str) -> None:
        raise KeyboardInterrupt

    with Wire(answer(CATALOGUE.encode()), answer(ACCEPTED.encode())) as wire:
        with closing(_open(wire.url)) as adapter, pytest.raises(KeyboardInterrupt):
            adapter.buy(_request(REFERENCE), keep=_ignore, note=dies)
        assert len(wire.requests) == 2


@pytest.mark.parametrize(
    ("cards", "status", "count", "is_final"),
    [
        (TWO, "Succeeded", 2, True),
        (TWO, "SUCCEEDED ", 2, True),
        (TWO[:1], "Succeeded", 1, False),
        ((), "Succeeded", 0, False),
        (TWO, "Created", 2, False),
        (TWO, "Processing", 2, False),
        (TWO[:1], "Pending", 1, False),
        (TWO, "Refunded", 2, False),
        (TWO[:1], "PartialFailed", 1, True),
        ((TWO[0], _card(2, status="Failed")), "PartialFailed", 1, True),
        ((TWO[0], _card(2, status="Reserved")), "Succeeded", 1, False),
        ((TWO[0], _card(2, status=None)), "Succeeded", 1, False),
        ((TWO[0], _card(2, code=None)), "Succeeded", 1, False),
        ((TWO[0], _card(2, code=" ", pin="")), "Succeeded", 1, False),
        ((TWO[0], TWO[0]), "Succeeded", 1, False),
        ((), "Failed", 0, True),
        ((_card(1, status="Failed"),), "Failed", 0, True),
        (TWO[:1], "Failed", 1, True),
    ],
)
def test_what_an_order_and_its_cards_say(cards, status, count, is_final):
    order = _found(_order(*cards, status=status), ACCOUNTS, "[]")
    assert len(order.keys) == count
    assert order.is_final is is_final


def test_an_order_that_failed_cost_nothing():
    order = _found(_order(status="Failed"), ACCOUNTS)
    assert order == SupplierOrder(str(REFERENCE), (), is_final=True, charged=_eur("0"))


def test_an_order_that_failed_is_not_final_until_its_currency_is_known():
    down = ("503 Down", "{}")
    order, _requests = _bought(ACCEPTED, _order(status="Failed"), down)
    assert order == SupplierOrder(str(REFERENCE), (), is_final=False)
    assert type(_found(_order(status="Failed"), down)) is TryLater


@pytest.mark.parametrize(
    ("code", "pin", "expected"),
    [
        (CODE, "1234", KeyCode.of_fields([("code", CODE), ("pin", "1234")])),
        (CODE, None, KeyCode.of_text(CODE)),
        (CODE, "", KeyCode.of_text(CODE)),
        (None, "1234", KeyCode.of_text("1234")),
        (f" {CODE} ", CODE, KeyCode.of_text(CODE)),
    ],
)
def test_a_card_has_a_code_or_a_pin_or_both(code, pin, expected):
    order = _found(_order(_card(1, code, pin), status="Processing"))
    assert _codes(order) == [expected]


@pytest.mark.parametrize(
    "told",
    [
        _order(CODE),
        _order([CODE]),
        _order(_card(1, [CODE])),
        _order(_card(1, f"{CODE}\0")),
        _order(_card(1, f"{CODE}\ud800")),
        _order(_card(1, 4711)),
        _order(_card(1, CODE, 1234)),
        _order(_card([CODE])),
        _order(*TWO, items=CODE),
        _order(*TWO, items=[CODE]),
        _order(*TWO, status=None),
        _order(*TWO, requestId=CODE),
        _order(*TWO, requestId=None),
        _order(*TWO, requestId=OTHER),
        f'"{CODE}"',
        "[]",
    ],
)
def test_an_order_that_cannot_be_read_is_kept_and_unknown(told, kept):
    assert type(_found(told, kept=kept.append)) is OutcomeUnknown
    assert kept == [told.encode()]


# --- Prices --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("55", Article("55", None)),
        ("55:10", Article("55", Decimal(10))),
        ("55:12.50", Article("55", Decimal("12.50"))),
        ("", None),
        ("055", None),
        ("55:", None),
        ("55:-1", None),
        ("55:1e3", None),
        ("55:10:10", None),
        ("55/../9", None),
        ("५५", None),
    ],
)
def test_a_product_is_named_by_number_and_face_value(text, expected):
    assert Article.read(text) == expected


def test_what_is_no_name_of_a_product_is_asked_of_nobody():
    error, requests = _quoted(ACCOUNTS, product="Steam/10")
    assert type(error) is Refused
    assert requests == []


@pytest.mark.parametrize(
    ("prices", "faces", "wanted", "price"),
    [
        # In proportion: what it is likely to be.
        (("4.80", "96"), (5, 100), "20", "19.2"),
        (("4.80", "96"), (5, 100), "5", "4.80"),
        (("4.80", "96"), (5, 100), "100", "96"),
        # Dear at the lower end, as with a fee: what that end asks for a unit of face value.
        (("5.80", "96"), (5, 100), "20", "23.2"),
        # Dear at the upper end.
        (("4.50", "96"), (5, 100), "20", "19.2"),
        # Never more than the dearest card costs.
        (("5.80", "96"), (5, 100), "90", "96"),
        # Never too little by rounding.
        (("1", "3"), (3, 9), "4", "1.3334"),
        (("0", "5"), (0, 10), "5", "5"),
    ],
)
def test_between_the_ends_of_a_range_a_price_is_the_most_it_may_be(prices, faces, wanted, price):
    low, high = prices
    told = _catalogue(
        minFaceValue=faces[0],
        maxFaceValue=faces[1],
        price={"min": float(low), "max": float(high), "currencyCode": "EUR"},
    )
    quote, _requests = _quoted(ACCOUNTS, told, product=f"55:{wanted}")
    assert quote.supplier_product_id == f"55:{wanted}"
    assert quote.unit_price == _eur(price)


def test_a_fixed_product_with_two_prices_costs_the_higher_one():
    told = _catalogue(price={"min": 5.1, "max": 5.2, "currencyCode": "EUR"})
    assert _quoted(ACCOUNTS, told)[0].unit_price == _eur("5.2")


@pytest.mark.parametrize("product", [RANGE, f"{RANGE}:4.99", f"{RANGE}:100.01", f"{PRODUCT}:11"])
def test_a_face_value_that_there_is_not_is_refused_before_anything_is_ordered(
    server, adapter, product
):
    with pytest.raises(Refused):
        adapter.quote(supplier_product_id=product, quantity=1)
    with pytest.raises(Refused):
        _buy(adapter, server, supplier_product_id=product)
    assert server.shop.ledger == {}
    assert "POST /api/integration/v1.0/orders/checkout" not in server.requests


def test_a_refused_face_value_says_what_to_map(adapter):
    with pytest.raises(Refused, match="from 5 to 100: map it as 77:5"):
        adapter.quote(supplier_product_id=RANGE, quantity=1)


@pytest.mark.parametrize(("product", "value"), [(f"{RANGE}:12.50", "12.50"), (PRODUCT, "10")])
def test_what_was_quoted_is_what_is_ordered(server, adapter, product, value):
    quote = adapter.quote(supplier_product_id=product, quantity=2)
    reference, order = _buy(adapter, server, supplier_product_id=product)

    assert server.books.order(str(reference)).face_value == Decimal(value)
    assert order.charged == quote.unit_price.times(2)
    # The quote told the face value, so the catalogue is not asked again.
    assert server.requests.count("GET /api/integration/v2.0/catalog") == 1


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (("500 Server Error", "{}"), NotSent),
        ("<html>", NotSent),
        ("{}", NotSent),
        (("403 Forbidden", "{}"), AccountProblem),
        (("401 Unauthorized", "{}"), AccountProblem),
        ('{"count": 0, "items": []}', Refused),
    ],
)
def test_a_catalogue_that_cannot_be_asked_before_an_order_means_that_nothing_was_sent(
    read, expected
):
    request = _request(REFERENCE)
    error, requests = _ask(lambda adapter: adapter.buy(request, keep=_ignore, note=_ignore), read)
    assert type(error) is expected
    assert len(requests) == 1


def test_a_catalogue_that_is_busy_before_an_order_says_when_to_come_back(server, adapter):
    server.script.queue_for(Call.QUOTE, [Fault.BUSY])
    with pytest.raises(Busy) as caught:
        _buy(adapter, server)
    assert caught.value.retry_after == 7
    assert server.shop.ledger == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 56},
        {"price": None},
        {"price": {"min": -1, "max": 5, "currencyCode": "EUR"}},
        {"price": {"min": True, "max": 5, "currencyCode": "EUR"}},
        {"price": {"min": "5", "max": 5, "currencyCode": "EUR"}},
        {"price": {"min": 1e15, "max": 1e15, "currencyCode": "EUR"}},
        {"price": {"min": 5, "max": 5, "currencyCode": CODE}},
        {"minFaceValue": None},
        {"count": CODE},
    ],
)
def test_a_product_that_cannot_be_read_has_no_price(changes):
    quote, _requests = _quoted(ACCOUNTS, _catalogue(**changes))
    assert type(quote) is (Refused if "id" in changes else TryLater)


def test_a_price_in_another_currency_than_the_accounts_is_none(server, adapter):
    server.prices_in = "USD"
    with pytest.raises(Refused, match="in EUR"):
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)


def test_a_price_that_rises_after_the_quote_is_told_as_it_was_charged(server, adapter):
    adapter.quote(supplier_product_id=PRODUCT, quantity=2)
    order = _buy(adapter, server, Fault.PRICE_RISES)[1]
    assert order.charged == _eur("30.60")
    assert not adapter.capabilities.price_guard


# --- What was charged ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "charged"),
    [
        ([_row()], "10.2"),
        ([_row(total=10.20001)], "10.20001"),
        ([_row(), _row(OTHER, total=99)], "10.2"),
        ([_row(str(REFERENCE).upper())], "10.2"),
        # An order of several lines has a row for each.
        ([_row(), _row(total=0.01)], "10.21"),
        ([_row(None, total=99), _row()], "10.2"),
        ([_row(OTHER)], None),
        ([], None),
        ([_row(accountCurrency="USD")], None),
        ([_row(), _row(accountCurrency="USD")], None),
        ([_row(total=-1)], None),
        ([_row(total=CODE)], None),
        ([_row(total=None)], None),
        ([CODE], None),
    ],
)
def test_the_charge_is_that_of_the_history_if_it_is_clear(rows, charged):
    order = _found(_order(*TWO), ACCOUNTS, _history(*rows))
    assert (len(order.keys), order.is_final) == (2, True)
    assert order.charged == (None if charged is None else _eur(charged))


@pytest.mark.parametrize(
    "answers",
    [
        [("500 Server Error", "{}")],
        ['{"accounts": []}'],
        [ACCOUNTS, ("500 Server Error", "{}")],
        [ACCOUNTS, ("403 Forbidden", "{}")],
        [ACCOUNTS, ("429 Too Many", "{}")],
        [ACCOUNTS, "<html>"],
        [ACCOUNTS, '{"message": "x"}'],
    ],
)
def test_a_charge_that_cannot_be_read_does_not_hold_keys_back(answers):
    order, _requests = _bought(ACCEPTED, _order(*TWO), *answers)
    assert (len(order.keys), order.is_final, order.charged) == (2, True, None)


def test_an_order_that_is_not_final_is_not_asked_for_its_charge(server, adapter):
    _buy(adapter, server, Fault.LATE)
    assert "GET /api/Integration/v1/orders" not in server.requests


@pytest.mark.parametrize(
    ("fault", "charged"), [(Fault.TOO_FEW, "10.20"), (Fault.TOO_FEW_CHARGED, "15.30")]
)
def test_a_partial_order_is_final_with_the_cards_that_were_sold(server, adapter, fault, charged):
    reference, order = _buy(adapter, server, fault, quantity=3)
    assert (len(order.keys), order.is_final, order.charged) == (2, True, _eur(charged))
    assert adapter.find_order(_query(reference, quantity=3), keep=_ignore) == order


# --- Recovery ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("404 Not Found", '{"message":"OrderNotFound"}'), None),
        (("404 Not Found", '{"reasonCode":"OrderNotFound"}'), None),
        (("400 Bad Request", '{"error":"OrderNotFound"}'), None),
        (("404 Not Found", '{"message":"InvalidProduct"}'), OutcomeUnknown),
        (("400 Bad Request", "{}"), OutcomeUnknown),
        (("403 Forbidden", "{}"), AccountProblem),
        (("401 Unauthorized", "{}"), AccountProblem),
        (("500 Server Error", '{"message":"OrderNotFound"}'), TryLater),
        (("200 OK", '{"message":"OrderNotFound"}'), OutcomeUnknown),
    ],
)
def test_not_found_is_a_clear_none_in_its_own_words(told, expected):
    found = _found(told)
    assert found is None if expected is None else type(found) is expected


@pytest.mark.parametrize("body", ["", "<html>", '{"title": "Not Found", "status": 404}'])
@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ("[]", None),
        (_history(_row(OTHER), _row(None)), None),
        (_history(_row()), OutcomeUnknown),
        (_history(_row(str(REFERENCE).upper())), OutcomeUnknown),
        (_history({}), OutcomeUnknown),
        ("{}", OutcomeUnknown),
        (("404 Not Found", "<html>"), OutcomeUnknown),
        (("503 Down", "{}"), TryLater),
    ],
)
def test_a_404_without_its_reason_is_none_only_if_the_history_has_no_such_order_either(
    body, history, expected
):
    found = _found(("404 Not Found", body), history)
    assert found is None if expected is None else type(found) is expected


def test_the_history_is_asked_for_the_days_around():
    moment = dt.datetime(2025, 7, 14, 23, 59, tzinfo=dt.UTC)
    query = OrderQuery(reference=REFERENCE, supplier_product_id="55", quantity=1, sent_at=moment)
    found, requests = _ask(
        lambda adapter: adapter.find_order(query, keep=_ignore), ("404 Not Found", "{}"), "[]"
    )
    assert found is None
    assert _lines(requests)[1] == (
        "GET /api/Integration/v1/orders?startDate=2025-07-13&endDate=2025-07-16"
    )


def test_a_lost_order_is_found_with_its_charge(server, adapter):
    reference = uuid.uuid4()
    with pytest.raises(OutcomeUnknown):
        _buy(adapter, server, Fault.DROP_AFTER, reference=reference)

    order = adapter.find_order(_query(reference), keep=_ignore)

    assert _codes(order) == [_code(key) for key in server.shop.ledger[str(reference)].keys]
    assert (order.is_final, order.charged) == (True, _eur("10.20"))


def test_a_repeated_reference_is_refused_and_the_first_order_found(server, adapter):
    reference, first = _buy(adapter, server)
    with pytest.raises(OutcomeUnknown) as caught:
        _buy(adapter, server, reference=reference)

    assert caught.value.supplier_code == "OrderAlreadyExists"
    assert server.shop.refused_references == [str(reference)]
    assert adapter.find_order(_query(reference), keep=_ignore) == first


def test_a_card_with_a_pin_has_both(server, adapter):
    order = _buy(adapter, server, Fault.FIELDS)[1]
    assert [key.code.kind for key in order.keys] == [CodeKind.FIELDS] * 2


def test_too_many_cards_are_refused(server, adapter):
    server.most_cards = 1
    with pytest.raises(Refused) as caught:
        _buy(adapter, server)
    assert caught.value.supplier_code == "CardsLimitExceeded"


# --- The account ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        ('{"accounts": []}', AccountProblem),
        (ACCOUNTS.replace("1001", "1002"), AccountProblem),
        (ACCOUNTS.replace('"isActive":true', '"isActive":false'), AccountProblem),
        (("403 Forbidden", "{}"), AccountProblem),
        (ACCOUNTS.replace("100828.4848", "null"), TryLater),
        (ACCOUNTS.replace("EUR", "euro"), TryLater),
        (("400 Bad Request", "{}"), TryLater),
        ("[]", TryLater),
    ],
)
def test_an_account_is_there_and_active(accounts, expected):
    error, _requests = _ask(lambda adapter: adapter.balance(), accounts)
    assert type(error) is expected


def test_a_balance_may_be_below_zero():
    told = ACCOUNTS.replace("100828.4848", "-12.5")
    assert _ask(lambda adapter: adapter.balance(), told)[0] == _eur("-12.5")


def test_an_account_that_is_closed_buys_nothing(server, adapter):
    server.is_active = False
    with pytest.raises(AccountProblem):
        _buy(adapter, server)
    assert server.shop.ledger == {}


def test_the_currency_is_asked_for_once_by_all_workers_of_an_account(server):
    for _worker in range(2):
        with closing(_open(server.url, account="A")) as adapter:
            adapter.quote(supplier_product_id=PRODUCT, quantity=1)
            adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert server.requests.count("GET /api/integration/v1.0/accounts") == 1
    with closing(_open(server.url, account="B")) as adapter:
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    assert server.requests.count("GET /api/integration/v1.0/accounts") == 2


def test_a_cache_that_fails_only_costs_a_question(server, monkeypatch, log):
    def fails(*_args, **_kwargs):
        raise ConnectionError("redis://secret@cache")

    for name in ("get", "set", "add", "incr"):
        monkeypatch.setattr(cache, name, fails)
    with closing(_open(server.url, account="A")) as adapter:
        assert adapter.quote(supplier_product_id=PRODUCT, quantity=1).unit_price == _eur("5.10")
    assert "redis://secret" not in log.text
    assert max(record.levelno for record in log.records) >= logging.WARNING


def test_calls_that_buy_nothing_wait_their_turn(server):
    with closing(_open(server.url, account="A")) as adapter:
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
        started = time.time()
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
        # The next full second may have been near.
        assert int(started) < int(time.time())


def test_an_order_does_not_wait_its_turn(server):
    with closing(_open(server.url, account="A")) as adapter:
        adapter.quote(supplier_product_id=PRODUCT, quantity=1)
        gate = adapter._api._checkout
        while gate.seconds_to_wait() == 0:
            pass
        request = _request()
        with pytest.raises(Busy) as caught:
            adapter.buy(request, keep=_ignore, note=_ignore)
    assert 0 < caught.value.retry_after <= 1
    assert server.shop.ledger == {}


# --- The catalogue -------------------------------------------------------------------------------


def _fill(server, brands: int) -> None:
    for number in range(brands):
        product_id = str(1000 + number)
        server.shop.set_product(Product(product_id, Decimal("2.50"), 3))
        server.books.details[product_id] = Details(brand=f"Brand {number:03}", name="10 EUR")


def _pages(ask) -> list:
    pages = [ask("")]
    while pages[-1].next_page:
        pages.append(ask(pages[-1].next_page))
    return pages


def test_products_are_searched_by_brand(adapter):
    (found,) = adapter.search(text=" wallet ").products
    assert (found.supplier_product_id, found.name) == (RANGE, "Example Wallet (5–100)")
    assert (found.platform, found.region) == ("Example Wallet", "US")
    assert (found.price, found.available) == (None, None)


def test_a_fixed_product_is_listed_with_price_and_stock(server, adapter):
    server.shop.set_product(Product(PRODUCT, Decimal("5.1999"), 3))
    (found,) = adapter.search(text="example store").products
    assert (found.name, found.price) == ("Example Store 10 EUR", _eur("5.1999"))
    assert found.available == 3


def test_a_search_is_read_page_by_page(server, adapter):
    _fill(server, 205)
    pages = _pages(lambda page: adapter.search(text="brand", page=page))
    assert [len(page.products) for page in pages] == [100, 100, 5]
    assert len({found.supplier_product_id for page in pages for found in page.products}) == 205


def test_the_end_is_known_without_a_count():
    body = json.loads(CATALOGUE)
    del body["count"]
    page, requests = _ask(lambda adapter: adapter.search(text=""), ACCOUNTS, json.dumps(body))
    assert (len(page.products), page.next_page) == (1, "")
    assert _lines(requests)[1] == (
        "GET /api/integration/v2.0/catalog?TargetCurrency=EUR&PageIndex=0&PageSize=100"
    )


def test_a_product_that_cannot_be_read_does_not_hide_the_others():
    body = json.loads(CATALOGUE)
    products = body["items"][0]["products"]
    products.insert(0, {**products[0], "id": 54, "price": None})
    page, _requests = _ask(lambda adapter: adapter.search(text=""), ACCOUNTS, json.dumps(body))
    assert [found.supplier_product_id for found in page.products] == ["55"]


def test_products_are_asked_for_by_their_names(server, adapter):
    found = adapter.products(ids=[PRODUCT, f"{RANGE}:20", RANGE, "999", "nonsense"])
    assert set(found) == {PRODUCT, f"{RANGE}:20", RANGE}
    assert found[f"{RANGE}:20"].price == _eur("19.2")
    assert found[f"{RANGE}:20"].name == "Example Wallet"
    assert found[f"{RANGE}:20"].supplier_product_id == f"{RANGE}:20"
    assert found[RANGE].price is None
    assert server.requests.count("GET /api/integration/v2.0/catalog") == 3


def test_many_products_are_asked_for_by_the_page(server, adapter):
    _fill(server, 205)
    ids = [str(1000 + number) for number in range(0, 150, 2)]
    found = adapter.products(ids=ids)
    assert set(found) == set(ids)
    # The third page has none of them any more.
    assert server.requests.count("GET /api/integration/v2.0/catalog") == 2


def test_nothing_is_asked_of_nobody(server, adapter):
    assert adapter.products(ids=["nonsense"]) == {}
    assert server.requests.count("GET /api/integration/v2.0/catalog") == 0


def test_changes_are_asked_for_from_the_day_before(server, adapter):
    since = dt.datetime(2025, 6, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    # In UTC it is still May; the day before that is asked for, and what changed after it.
    (found,) = adapter.changes(since=since).products
    assert found.supplier_product_id == RANGE
    assert adapter.changes(since=since + dt.timedelta(days=3)).products == ()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("403 Forbidden", "{}", AccountProblem),
        ("400 Bad Request", '{"message":"ClientCatalogNotExist"}', AccountProblem),
        ("400 Bad Request", json.dumps({"message": CODE}), Refused),
        ("500 Server Error", "{}", TryLater),
        ("200 OK", "[]", TryLater),
        ("200 OK", json.dumps({"items": [CODE]}), TryLater),
        ("200 OK", json.dumps({"items": [{"products": CODE}]}), TryLater),
    ],
)
def test_what_a_no_to_a_question_means(status, body, expected):
    for call in (
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=1),
        lambda adapter: adapter.search(text="x"),
    ):
        error, _requests = _ask(call, ACCOUNTS, (status, body))
        assert type(error) is expected


# --- Messages ------------------------------------------------------------------------------------


def _read(adapter, headers: dict, body: bytes) -> list[Hint]:
    return list(adapter.read_message(headers=headers, body=body))


def _order_hint(reference: uuid.UUID) -> Hint:
    return Hint(HintKind.ORDER, id=str(reference), reference=str(reference))


def test_a_notification_tells_of_an_order(server, adapter):
    reference, order = _buy(adapter, server)
    hints = _read(adapter, {}, server.notification(str(reference)))
    assert hints == [_order_hint(reference)]
    assert hints[0].id == order.supplier_order_id


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b'"notification-4711"',
        b'{"requestId": "x"}',
        b'{"secretKey": null}',
        b'{"secretKey": ""}',
        b'{"secretKey": "notification-4712"}',
        b'{"secretKey": ["notification-4711"]}',
        b'{"secretKey": "\\ud800"}',
    ],
)
def test_a_notification_without_the_secret_is_forged(adapter, body):
    with pytest.raises(ForgedMessage) as caught:
        _read(adapter, {}, body)
    assert_tells_nothing(caught.value, [NOTIFICATION])


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"requestId": str(REFERENCE)}, [_order_hint(REFERENCE)]),
        ({"data": {"requestId": str(REFERENCE).upper()}}, [_order_hint(REFERENCE)]),
        ({"data": {"clientReferenceNumber": str(REFERENCE)}}, [_order_hint(REFERENCE)]),
        (
            {"type": "productupdated.v1", "data": {"productId": 55}},
            [Hint(HintKind.PRODUCT, id="55")],
        ),
        (
            {"type": "productupdated.v1", "data": [{"productId": 55}, {"ProductId": "77"}]},
            [Hint(HintKind.PRODUCT, id="55"), Hint(HintKind.PRODUCT, id="77")],
        ),
        (
            {"type": "productupdated.v1", "products": [{"productId": 55}]},
            [Hint(HintKind.PRODUCT, id="55")],
        ),
        ({"requestId": "no guid"}, [Hint(HintKind.NONE)]),
        ({"type": "news"}, [Hint(HintKind.NONE)]),
        ({"data": None}, [Hint(HintKind.NONE)]),
    ],
)
def test_a_webhook_is_told_by_what_it_holds(server, adapter, message, expected):
    headers, body = server.webhook(message)
    assert _read(adapter, headers, body) == expected
    titled = {name.title(): value for name, value in headers.items()}
    assert _read(adapter, titled, body) == expected


def test_a_webhook_is_read_while_its_secret_is_being_replaced(server, adapter):
    headers, body = server.webhook({"requestId": str(REFERENCE)})
    headers["svix-signature"] = f"v1,b3RoZXI= v1a,x {headers['svix-signature']}"
    assert _read(adapter, headers, body) == [_order_hint(REFERENCE)]


def _forgeries(server):
    headers, body = server.webhook({"requestId": str(REFERENCE)})
    yield headers, body + b" "
    yield {**headers, "svix-id": "msg_other"}, body
    yield {**headers, "svix-timestamp": str(int(headers["svix-timestamp"]) - 1)}, body
    yield {**headers, "svix-timestamp": "soon"}, body
    yield {**headers, "svix-timestamp": "²"}, body
    yield {**headers, "svix-timestamp": ""}, body
    yield {**headers, "svix-signature": ""}, body
    yield {**headers, "svix-signature": headers["svix-signature"].removeprefix("v1,")}, body
    yield {**headers, "svix-signature": headers["svix-signature"].replace("v1", "v2")}, body
    yield {**headers, "svix-signature": "v1,\ud800"}, body
    # The other secret does not open this door.
    yield {**headers, "svix-signature": "v1,x"}, json.dumps({"secretKey": NOTIFICATION}).encode()
    server.webhook_secret = "whsec_b3RoZXI="
    yield server.webhook({"requestId": str(REFERENCE)})


def test_a_webhook_that_is_not_signed_is_forged(server, adapter):
    for headers, body in _forgeries(server):
        with pytest.raises(ForgedMessage) as caught:
            _read(adapter, headers, body)
        assert_tells_nothing(caught.value, [WEBHOOK, NOTIFICATION])


@pytest.mark.parametrize(
    ("age", "is_fresh"), [(290, True), (310, False), (-290, True), (-310, False)]
)
def test_a_webhook_that_is_not_of_now_may_have_been_recorded(server, adapter, age, is_fresh):
    headers, body = server.webhook({"requestId": str(REFERENCE)}, age=age)
    if is_fresh:
        assert _read(adapter, headers, body) == [_order_hint(REFERENCE)]
    else:
        with pytest.raises(ForgedMessage):
            _read(adapter, headers, body)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "ü"])
def test_without_a_secret_every_message_is_forged(server, secret):
    secrets = {"notification_secret": "", "webhook_secret": secret}
    message = {"secretKey": "", "requestId": str(uuid.uuid4())}
    server.webhook_secret = ""
    with closing(BambooSupplier(config={"account_id": 1}, secrets=secrets)) as adapter:
        for headers, body in (({}, json.dumps(message).encode()), server.webhook(message)):
            with pytest.raises(ForgedMessage):
                _read(adapter, headers, body)
