"""CodesWholesale keeps the contract of adapters; and what is special about it."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.errors import ConfigurationError
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
from saleor_cdkeys.suppliers.codeswholesale import CodesWholesaleSupplier
from saleor_cdkeys.suppliers.fakes.codeswholesale import CodesWholesaleServer
from saleor_cdkeys.suppliers.fakes.codeswholesale_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product, Shop
from saleor_cdkeys.testing.leaks import assert_tells_nothing
from saleor_cdkeys.testing.supplier_contract import Stage, SupplierContract
from saleor_cdkeys.values import CodeKind, KeyCode, Money
from tests.suppliers.wire import Wire, answer, closed_port

CLIENT = "client-4711"
SECRET = "secret-0815"
PRODUCT = "466c805b-ead1-4851-bc4f-9eda242550ad"
OTHER = "0b0f4b6e-6f43-4a4e-9d0e-0f3c1f8a2b11"
#: Old enough for an order that is not listed to be none.
OLD = dt.timedelta(minutes=11)


def _open(url: str, *, secret: str = SECRET, account: str = "", **config) -> CodesWholesaleSupplier:
    return CodesWholesaleSupplier(
        config={"base_url": url, **config},
        secrets={"client_id": CLIENT, "client_secret": secret, "signature": "sig-99"},
        account=account,
    )


class _Stage(Stage):
    product = PRODUCT
    unknown_product = "nothing/at all?"
    clear_after = OLD
    repeats = True
    # How it says that nothing is left or that the price is another is told nowhere; it gives no
    # other file than pictures, and no PINs.
    faults = frozenset(Fault) - {
        Fault.NO_STOCK,
        Fault.PRICE_RISES,
        Fault.FILE,
        Fault.FIELDS,
        # An order with too few codes is not complete yet: see below.
        Fault.TOO_FEW,
        Fault.TOO_FEW_CHARGED,
    }

    def __init__(self, server: CodesWholesaleServer) -> None:
        self.server = server

    @property
    def secrets(self) -> tuple[str, ...]:
        return (SECRET, *self.server.tokens.given)

    def adapter(self) -> CodesWholesaleSupplier:
        return _open(self.server.url)

    def adapter_with_wrong_credentials(self) -> CodesWholesaleSupplier:
        return _open(self.server.url, secret="wrong")

    def adapter_that_reaches_nobody(self) -> CodesWholesaleSupplier:
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
        return [uuid.UUID(reference.partition("#")[0]) for reference in self.server.shop.ledger]


def _code(key: dict) -> KeyCode:
    if key["type"] == "text/plain":
        return KeyCode.of_text(key["code"])
    data = base64.b64decode(key["code"])
    return KeyCode.of_bytes(data, media_type=key["type"], filename=key["name"])


@pytest.fixture
def server():
    shop = Shop([Product(PRODUCT, Decimal("5.10"))], late_seconds=0.2)
    with CodesWholesaleServer(
        shop, credentials=(CLIENT, SECRET), signature="sig-99", hang_seconds=1.5, retry_after=7
    ) as server:
        yield server


class TestCodesWholesale(SupplierContract):
    @pytest.fixture
    def stage(self, server):
        return _Stage(server)


@pytest.fixture
def adapter(server):
    with closing(_open(server.url)) as adapter:
        yield adapter


@pytest.fixture
def kept() -> list[bytes]:
    return []


def _ignore(_told: object) -> None:
    """Whatever is told."""


def _request(reference: uuid.UUID | None = None, **changes) -> PurchaseRequest:
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


def _query(
    reference: uuid.UUID, *, age: dt.timedelta = OLD, quantity: int = 2, order: str = ""
) -> OrderQuery:
    return OrderQuery(
        reference=reference,
        supplier_product_id=PRODUCT,
        quantity=quantity,
        sent_at=timezone.now() - age,
        supplier_order_id=order,
    )


def _buy(adapter, server, *faults, **changes) -> tuple[uuid.UUID, SupplierOrder]:
    request = _request(**{"unit_price": Money(Decimal("5.10"), "EUR"), **changes})
    server.script.queue(faults)
    return request.reference, adapter.buy(request, keep=_ignore, note=_ignore)


def _lose(adapter, server, **changes) -> uuid.UUID:
    """An order that is made, and whose answer is lost."""
    request = _request(**changes)
    server.script.queue([Fault.DROP_AFTER])
    with pytest.raises(OutcomeUnknown):
        adapter.buy(request, keep=_ignore, note=_ignore)
    return request.reference


def _texts(order: SupplierOrder) -> list[str]:
    return [key.code.text for key in order.keys]


def _sold(server, reference: uuid.UUID) -> list[str]:
    return [key["code"] for key in server.shop.ledger[str(reference)].all_keys()]


# --- The recorded examples -----------------------------------------------------------------------

REFERENCE = uuid.UUID("4f0f4a86-7c1a-4e6e-8a0e-3f1f5b9d7f3a")
ORDER_ID = "5afd584c-c0d0-4628-8b8b-e44561f6f1b5"
CODE = "AAAAA-BBBBB-CCCCC"
TOKEN = '{"access_token":"tok-5Cr3t-0815","token_type":"bearer","expires_in":1158}'
PRODUCT_ANSWER = """
{"productId": "466c805b-ead1-4851-bc4f-9eda242550ad", "identifier": "EX-1", "name": "Example Game", "platform": "Steam",
 "quantity": 37, "regions": ["WORLDWIDE"], "regionDescription": null, "languages": ["Multilanguage"], "badges": [],
 "prices": [{"value": 5.30, "from": 1, "to": 9}, {"value": 5.10, "from": 10, "to": null}],
 "images": [{"image": "https://…", "format": "SMALL"}], "releaseDate": "2024-03-01T00:00:00.000Z", "links": []}
"""  # noqa: E501
ORDER_ANSWER = """
{"orderId": "5afd584c-c0d0-4628-8b8b-e44561f6f1b5", "clientOrderId": "4f0f4a86-7c1a-4e6e-8a0e-3f1f5b9d7f3a", "identifier": "TOGENERATE-99962",
 "totalPrice": 10.60, "createdOn": "2025-07-14T18:05:36.659Z", "status": "Fulfilling",
 "products": [{"productId": "466c805b-ead1-4851-bc4f-9eda242550ad", "name": "Example Game", "unitPrice": 5.30, "codes": [], "links": []}],
 "links": [{"rel": "self", "href": "https://sandbox.codeswholesale.com/v3/orders/4f0f4a86-7c1a-4e6e-8a0e-3f1f5b9d7f3a"}]}
"""  # noqa: E501


def _text_code(number: int, code: str | None = CODE, **changes) -> dict:
    told = {"codeId": f"C{number}", "codeType": "CODE_TEXT", "status": "", "code": code}
    return {**told, "filename": None, "links": [], **changes}


def _order(*codes: object, **changes) -> str:
    """The recorded order, completed with these codes."""
    order = json.loads(ORDER_ANSWER, parse_float=str)
    order["products"][0]["codes"] = list(codes)
    return json.dumps({**order, "totalPrice": 10.6, "status": "Completed", **changes})


def _ask(call, *answers: str | tuple[str, str], **config):
    """What the adapter makes of these answers, and the requests that they answered.

    An answer is a body, or a status and a body; a token comes before the first.
    """
    pairs = [("200 OK", told) if isinstance(told, str) else told for told in (TOKEN, *answers)]
    with (
        Wire(*(answer(body.encode(), status) for status, body in pairs)) as wire,
        closing(_open(wire.url, **config)) as adapter,
    ):
        try:
            return call(adapter), wire.requests[1:]
        except SupplierError as error:
            assert_tells_nothing(error, [CODE, SECRET, "tok-5Cr3t-0815"])
            return error, wire.requests[1:]


def _bought(*answers, kept=_ignore, note=_ignore, **changes):
    request = _request(REFERENCE, **changes)
    return _ask(lambda adapter: adapter.buy(request, keep=kept, note=note), *answers)


def _found(*answers, **query):
    return _ask(
        lambda adapter: adapter.find_order(_query(REFERENCE, **query), keep=_ignore), *answers
    )[0]


def test_a_product_is_read_as_recorded():
    quote, (request,) = _ask(
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=2), PRODUCT_ANSWER
    )
    assert quote.unit_price == Money(Decimal("5.30"), "EUR")
    assert (quote.available, quote.is_preorder, quote.release_date) == (37, False, None)
    assert quote.blocked_countries == frozenset()
    assert request.startswith(f"GET /v3/products/{PRODUCT} ".encode())
    assert b"authorization: bearer tok-5cr3t-0815" in request.lower()


def test_an_order_is_read_as_recorded(kept):
    order, (request,) = _bought(ORDER_ANSWER, kept=kept.append)

    assert order == SupplierOrder(
        ORDER_ID, (), is_final=False, charged=Money(Decimal("10.60"), "EUR")
    )
    assert kept == [ORDER_ANSWER.encode()]
    head, _blank, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v3/orders ")
    assert body == (
        b'{"orderId": "4f0f4a86-7c1a-4e6e-8a0e-3f1f5b9d7f3a", "allowPreOrder": false, '
        b'"products": [{"productId": "466c805b-ead1-4851-bc4f-9eda242550ad", '
        b'"quantity": 2, "price": 5.30}]}'
    )


def test_a_completed_order_is_read():
    order, _requests = _bought(_order(_text_code(1), _text_code(2, "DDDDD-EEEEE-FFFFF")))
    assert order.is_final
    assert _texts(order) == [CODE, "DDDDD-EEEEE-FFFFF"]
    assert [key.supplier_key_id for key in order.keys] == ["C1", "C2"]


def test_the_account_is_read():
    told = '{"currentBalance": -1.5, "currentCredit": 100.25, "totalToUse": 98.75}'
    balance, (request,) = _ask(lambda adapter: adapter.balance(), told)
    assert balance == Money(Decimal("98.75"), "EUR")
    assert request.startswith(b"GET /v3/accounts/current ")


def test_the_currency_is_the_accounts():
    quote, _requests = _ask(
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=1),
        PRODUCT_ANSWER,
        currency="usd",
    )
    assert quote.unit_price == Money(Decimal("5.30"), "USD")


def test_a_currency_that_is_none_is_a_matter_of_settings():
    with pytest.raises(ConfigurationError):
        _open("http://127.0.0.1:1", currency="Euro")


def test_the_live_address_is_the_usual_one():
    with closing(CodesWholesaleSupplier(config={}, secrets={})) as adapter:
        assert str(adapter._api._client._client.base_url) == "https://api.codeswholesale.com"


# --- What its answers mean -----------------------------------------------------------------------


def _error(status: int, code: object) -> str:
    told = {"status": status, "code": code, "message": CODE}
    return json.dumps({**told, "developerMessage": CODE, "moreInfo": CODE})


@pytest.mark.parametrize(
    ("status", "body", "expected", "supplier_code"),
    [
        ("400 Bad Request", _error(400, 10002), AccountProblem, "10002"),
        ("404 Not Found", _error(404, 20001), Refused, "20001"),
        ("400 Bad Request", _error(400, 40002), Refused, "40002"),
        ("404 Not Found", _error(404, 50002), OutcomeUnknown, "50002"),
        ("400 Bad Request", _error(400, 77777), OutcomeUnknown, "77777"),
        ("400 Bad Request", _error(400, CODE), OutcomeUnknown, "400"),
        ("403 Forbidden", '{"error":"access_denied"}', OutcomeUnknown, "access_denied"),
        ("403 Forbidden", "{}", OutcomeUnknown, "403"),
        ("404 Not Found", "[]", OutcomeUnknown, "404"),
        ("409 Conflict", _error(409, 10002).replace("10002", "null"), OutcomeUnknown, "409"),
        ("208 Already Reported", _order(_text_code(1), _text_code(2)), OutcomeUnknown, "208"),
        ("208 Already Reported", _error(208, 10002), OutcomeUnknown, "10002"),
        ("200 OK", _error(400, 10002), OutcomeUnknown, ""),
        ("302 Found", _error(400, 10002), OutcomeUnknown, "302"),
        ("500 Internal Server Error", _error(400, 10002), OutcomeUnknown, "500"),
    ],
)
def test_only_a_no_that_is_known_is_a_no(status, body, expected, supplier_code):
    error, requests = _bought((status, body))
    assert type(error) is expected
    assert error.supplier_code == supplier_code
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("404 Not Found", _error(404, 20001), Refused),
        ("404 Not Found", "{}", Refused),
        ("403 Forbidden", "{}", AccountProblem),
        ("400 Bad Request", _error(400, CODE), Refused),
        ("500 Internal Server Error", "{}", TryLater),
    ],
)
def test_what_a_no_to_a_quote_means(status, body, expected):
    error, _requests = _ask(
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=1), (status, body)
    )
    assert type(error) is expected


@pytest.mark.parametrize("status", ["Fulfilling", "fulfilling", "Failed", "News", "", None])
def test_a_status_that_is_not_completed_is_not_final(status):
    order, _requests = _bought(_order(_text_code(1), _text_code(2), status=status))
    assert not order.is_final
    assert len(order.keys) == 2


@pytest.mark.parametrize("status", ["Cancelled", "CANCELED", "Refunded"])
def test_an_order_that_was_called_off_is_final_and_free(status):
    order, _requests = _bought(_order(_text_code(1, None), status=status))
    assert order == SupplierOrder(ORDER_ID, (), is_final=True, charged=Money(Decimal(0), "EUR"))


def test_an_order_that_was_called_off_and_holds_codes_is_for_a_person():
    order, _requests = _bought(_order(_text_code(1), status="Cancelled"))
    assert order == SupplierOrder(
        ORDER_ID, (), is_final=False, charged=Money(Decimal("10.6"), "EUR")
    )


@pytest.mark.parametrize(
    "order",
    [
        _order(CODE),
        _order([CODE]),
        _order({"?": CODE}),
        _order(_text_code(1, [CODE])),
        _order(_text_code(1, 47114711)),
        _order(_text_code(1), totalPrice=CODE),
        _order(_text_code(1), totalPrice="NaN"),
        _order(_text_code(1), totalPrice=-1),
        _order(_text_code(1), totalPrice="1e99"),
        _order(_text_code(1), products={CODE: CODE}),
        _order(_text_code(1), products=CODE),
    ],
)
def test_an_order_that_cannot_be_read_is_kept_and_unknown(order, kept):
    error, _requests = _bought(order, kept=kept.append)
    assert type(error) is OutcomeUnknown
    assert error.supplier_order_id == ORDER_ID
    assert kept == [order.encode()]


@pytest.mark.parametrize(
    "order",
    [
        _order(_text_code(1), orderId=None),
        _order(_text_code(1), orderId=f"{CODE}\0"),
        _order(_text_code(1), clientOrderId=str(uuid.uuid4())),
        _order(_text_code(1), clientOrderId=str(REFERENCE).upper()),
        f'"{CODE}"',
        f'["{CODE}"]',
    ],
)
def test_an_order_that_is_not_ours_is_not_passed_on(order):
    error, _requests = _bought(order)
    assert type(error) is OutcomeUnknown
    assert error.supplier_order_id == ""


def test_an_order_without_our_reference_is_the_one_that_was_answered():
    order, _requests = _bought(_order(_text_code(1), _text_code(2), clientOrderId=None))
    assert (order.supplier_order_id, len(order.keys)) == (ORDER_ID, 2)


def test_what_does_not_tell_its_price_is_told_without():
    order, _requests = _bought(_order(_text_code(1), _text_code(2, "X" * 9), totalPrice=None))
    assert order.charged is None
    assert order.is_final


# --- Prices --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "stock", "price"),
    [
        (1, 37, "5.30"),
        (9, 37, "5.30"),
        (10, 37, "5.10"),
        (100, 37, "5.10"),
        # Only nine are there, so ten cannot be bought at the price of ten.
        (10, 9, "5.30"),
    ],
)
def test_the_price_is_that_of_the_number_in_the_order(server, adapter, quantity, stock, price):
    server.shop.set_product(Product(PRODUCT, Decimal("5.30"), stock))
    bands = ((Decimal("5.30"), 1, 9), (Decimal("5.10"), 10, None))
    server.books.details[PRODUCT] = Details(bands=bands)

    quote = adapter.quote(supplier_product_id=PRODUCT, quantity=quantity)

    assert quote.unit_price == Money(Decimal(price), "EUR")
    number = min(quantity, stock)
    order = _buy(adapter, server, quantity=number, unit_price=quote.unit_price)[1]
    assert order.charged == quote.unit_price.times(number)


@pytest.mark.parametrize(
    ("prices", "price"),
    [
        ('[{"value": 5, "from": null, "to": null}]', "5"),
        ('[{"value": "5.25", "from": 1, "to": 2}]', "5.25"),
        ('[{"value": 5, "from": 1, "to": 2}, {"value": 4, "from": 2, "to": 9}]', "5"),
        ("[]", None),
        ('[{"value": 5, "from": 10, "to": null}]', None),
        ('[{"value": -5, "from": 1, "to": null}]', None),
        ('[{"value": true, "from": 1, "to": null}]', None),
        ('[{"value": NaN, "from": 1, "to": null}]', None),
        (f'"{CODE}"', None),
    ],
)
def test_a_price_is_read_or_not_at_all(prices, price):
    body = f'{{"productId": "{PRODUCT}", "quantity": 9, "prices": {prices}}}'
    quote, _requests = _ask(
        lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=2), body
    )
    if price is None:
        assert type(quote) is TryLater
    else:
        assert quote.unit_price == Money(Decimal(price), "EUR")


def test_a_quote_of_another_product_is_none():
    quote, _requests = _ask(
        lambda adapter: adapter.quote(supplier_product_id=OTHER, quantity=2), PRODUCT_ANSWER
    )
    assert type(quote) is TryLater


@pytest.mark.parametrize("fault", [Fault.NO_STOCK, Fault.PRICE_RISES])
def test_what_it_says_without_stock_or_at_another_price_is_not_known(server, adapter, fault):
    reference = uuid.uuid4()
    with pytest.raises(OutcomeUnknown):
        _buy(adapter, server, fault, reference=reference)

    assert server.shop.ledger == {}
    assert adapter.find_order(_query(reference), keep=_ignore) is None


# --- Recovery ------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_reference", [True, False])
@pytest.mark.parametrize("page_size", [200, 2])
def test_a_lost_order_is_found_in_the_list(server, adapter, page_size, by_reference):
    server.page_size, server.finds_by_reference = page_size, by_reference
    reference = _lose(adapter, server)
    for _number in range(5):
        _buy(adapter, server)

    order = adapter.find_order(_query(reference), keep=_ignore)

    assert _texts(order) == _sold(server, reference)
    assert order.is_final
    assert order.charged == Money(Decimal("10.20"), "EUR")


def test_an_order_that_is_not_listed_yet_is_found_by_our_reference(server, adapter):
    server.lists_after = 600
    reference = _lose(adapter, server)
    order = adapter.find_order(_query(reference, age=dt.timedelta(seconds=5)), keep=_ignore)
    assert _texts(order) == _sold(server, reference)


@pytest.mark.parametrize(
    ("age", "retry_after"), [(dt.timedelta(seconds=5), 240), (dt.timedelta(minutes=9), 60)]
)
def test_an_order_that_is_not_listed_is_unknown_while_it_is_young(
    server, adapter, age, retry_after
):
    server.lists_after, server.finds_by_reference = 600, False
    reference = _lose(adapter, server)

    with pytest.raises(OutcomeUnknown) as caught:
        adapter.find_order(_query(reference, age=age), keep=_ignore)

    assert caught.value.retry_after == pytest.approx(retry_after, abs=2)


def test_a_list_that_may_be_cut_off_proves_nothing(server, adapter):
    server.finds_by_reference = False
    reference = _lose(adapter, server)
    for _number in range(20):
        _buy(adapter, server)
    server.lists_at_most = 20

    with pytest.raises(OutcomeUnknown):
        adapter.find_order(_query(reference), keep=_ignore)

    server.lists_at_most = 21
    assert adapter.find_order(_query(reference), keep=_ignore) is not None


def test_a_long_list_that_reaches_over_the_moment_proves_that_there_is_none(server, adapter):
    for _number in range(21):
        _buy(adapter, server)
    orders = server.books.orders()
    orders[-1].created = timezone.now() - dt.timedelta(hours=2)
    assert adapter.find_order(_query(uuid.uuid4()), keep=_ignore) is None

    orders[-1].created = timezone.now()
    with pytest.raises(OutcomeUnknown):
        adapter.find_order(_query(uuid.uuid4()), keep=_ignore)


def test_the_list_is_asked_for_the_days_around(server):
    moment = dt.datetime(2025, 7, 14, 23, 59, tzinfo=dt.UTC)
    query = OrderQuery(reference=REFERENCE, supplier_product_id=PRODUCT, quantity=1, sent_at=moment)
    found, requests = _ask(
        lambda adapter: adapter.find_order(query, keep=_ignore),
        '{"items": []}',
        ("404 Not Found", "{}"),
    )
    assert found is None
    assert requests[0].startswith(
        b"GET /v3/orders?startFrom=2025-07-13T00%3A00%3A00.000Z&endOn=2025-07-16T00%3A00%3A00.000Z "
    )
    assert requests[1].startswith(f"GET /v3/orders/{REFERENCE} ".encode())


@pytest.mark.parametrize(
    "by_reference",
    [("404 Not Found", _error(404, 50002)), ("500 Internal Server Error", "{}"), "[]", _order()],
    ids=["404", "500", "list", "other"],
)
def test_nothing_rests_on_finding_an_order_by_our_reference(by_reference):
    # The last of them is another's order that is given to whoever asks.
    told = by_reference
    if isinstance(told, str):
        told = told.replace(str(REFERENCE), str(uuid.uuid4()))
    assert _found("[]", told) is None


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ('{"items": [{"clientOrderId": "x"}]}', OutcomeUnknown),
        ('{"items": ["x"]}', TryLater),
        ('{"items": null}', TryLater),
        ("{}", TryLater),
        (("400 Bad Request", "{}"), TryLater),
        (("404 Not Found", "[]"), TryLater),
        (("403 Forbidden", "{}"), AccountProblem),
    ],
)
def test_a_list_that_cannot_be_read_is_no_clear_none(listed, expected):
    assert type(_found(listed)) is expected


def test_a_list_whose_pages_lead_in_a_circle_is_no_clear_none():
    page = '{"items": [], "continuationToken": "again"}'
    assert type(_found(page, page)) is TryLater


def test_an_order_on_two_pages_is_one():
    listed = {"orderId": ORDER_ID, "clientOrderId": str(REFERENCE)}
    first = json.dumps({"items": [listed], "continuationToken": "2"})
    order = _found(first, json.dumps({"items": [listed]}), _order(_text_code(1), _text_code(2)))
    assert len(order.keys) == 2
    assert order.charged == Money(Decimal("10.6"), "EUR")


def test_how_long_an_order_may_be_missing_follows_the_quiet_period(server, adapter, settings):
    settings.CDKEYS_QUIET_SECONDS = 1.0
    query = _query(uuid.uuid4(), age=dt.timedelta(seconds=8))
    with pytest.raises(OutcomeUnknown) as caught:
        adapter.find_order(query, keep=_ignore)
    assert caught.value.retry_after == pytest.approx(2, abs=0.5)

    query = _query(uuid.uuid4(), age=dt.timedelta(seconds=11))
    assert adapter.find_order(query, keep=_ignore) is None


def test_an_order_whose_id_is_known_is_read_at_once(server, adapter):
    reference, order = _buy(adapter, server)
    server.requests.clear()

    found = adapter.find_order(_query(reference, order=order.supplier_order_id), keep=_ignore)

    assert found == order
    assert server.requests == [f"GET /v3/orders/{order.supplier_order_id}"]


@pytest.mark.parametrize(
    "told",
    [
        ("404 Not Found", "{}"),
        ("400 Bad Request", _error(400, 50002)),
        _order(_text_code(1), orderId="another"),
        _order(_text_code(1), clientOrderId=str(uuid.uuid4())),
        "[]",
    ],
    ids=["404", "400", "id", "reference", "list"],
)
def test_an_order_that_was_there_never_counts_as_none(told):
    assert type(_found(told, order=ORDER_ID)) is OutcomeUnknown


def test_a_repeated_reference_buys_again_and_all_its_keys_are_found(server, adapter):
    reference = uuid.uuid4()
    first = _buy(adapter, server, reference=reference)[1]
    second = _buy(adapter, server, reference=reference)[1]

    found = adapter.find_order(_query(reference), keep=_ignore)

    assert not adapter.capabilities.refuses_repeats
    assert len(server.shop.ledger) == 2
    assert set(_texts(found)) == {*_texts(first), *_texts(second)}
    assert found.charged == Money(Decimal("20.40"), "EUR")
    assert found.is_final


def test_a_reference_under_another_name_is_dropped(server):
    body = {"clientOrderId": "ours", "products": [{"productId": PRODUCT, "quantity": 1}]}
    order = server.books.sell(
        reference=str(body.get("orderId") or ""),
        product_id=PRODUCT,
        quantity=1,
        price=None,
        allow_preorder=False,
        fault=None,
    )
    assert order.reference == ""


# --- Deliveries ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "charged"), [(Fault.TOO_FEW, "10.20"), (Fault.TOO_FEW_CHARGED, "15.30")]
)
def test_an_order_with_too_few_codes_is_complete_only_after_a_while(
    server, adapter, fault, charged
):
    reference, order = _buy(adapter, server, fault, quantity=3)
    assert (len(order.keys), order.is_final) == (2, False)

    def find(age: dt.timedelta) -> SupplierOrder:
        query = _query(reference, age=age, quantity=3, order=order.supplier_order_id)
        return adapter.find_order(query, keep=_ignore)

    assert not find(dt.timedelta(minutes=59)).is_final
    late = find(dt.timedelta(minutes=61))
    assert (len(late.keys), late.is_final) == (2, True)
    assert late.charged == Money(Decimal(charged), "EUR")


def test_a_code_that_is_told_twice_is_one():
    order, _requests = _bought(_order(_text_code(1), _text_code(1)))
    assert _texts(order) == [CODE]


def test_different_codes_under_one_id_are_both_kept():
    order, _requests = _bought(_order(_text_code(1), _text_code(1, "DDDDD-EEEEE-FFFFF")))
    assert _texts(order) == [CODE, "DDDDD-EEEEE-FFFFF"]


def test_codes_of_several_lines_all_count():
    lines = [{"codes": [_text_code(1)]}, {"codes": [_text_code(2, "X" * 9)]}, {"codes": None}]
    order, _requests = _bought(_order(products=lines))
    assert _texts(order) == [CODE, "X" * 9]
    assert order.is_final


# --- Codes that are read one by one --------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n and so on"


def _image(data: bytes, *, filename: str | None = "key.png", code_id: str = "C1") -> dict:
    told = {"codeId": code_id, "codeType": "CODE_IMAGE", "filename": filename}
    return {**told, "code": base64.b64encode(data).decode()}


def test_a_picture_is_read_by_its_id(server, adapter, kept):
    ids: list[str] = []
    server.script.queue([Fault.IMAGE])

    order = adapter.buy(_request(), keep=kept.append, note=ids.append)

    codes = server.shop.ledger[str(_reference(server))].keys
    assert [key.code.data for key in order.keys] == [base64.b64decode(c["code"]) for c in codes]
    assert {(k.code.kind, k.code.media_type, k.code.filename) for k in order.keys} == {
        (CodeKind.IMAGE, "image/png", "key.png")
    }
    assert order.is_final
    assert ids == [order.supplier_order_id]
    # The order itself, and each of its pictures.
    assert len(kept) == 3
    assert server.requests[-2:] == [f"GET /v3/codes/{code['id']}" for code in codes]


def _reference(server) -> uuid.UUID:
    (reference,) = server.shop.ledger
    return uuid.UUID(reference)


@pytest.mark.parametrize(
    ("data", "filename", "media_type"),
    [
        (PNG, None, "image/png"),
        (PNG, "key.jpg", "image/png"),
        (b"\xff\xd8\xff\xe0", "key.png", "image/jpeg"),
        (b"GIF89a", "", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", None, "image/webp"),
        (b"%PDF-1.7", "key.png", "application/pdf"),
        (b"anything", "KEY.JPEG", "image/jpeg"),
        (b"<svg onload='x'>", "key.svg", "application/octet-stream"),
        (b"<html>", "key.html", "application/octet-stream"),
        (b"anything", None, "application/octet-stream"),
    ],
)
def test_what_a_picture_is_its_bytes_tell(data, filename, media_type):
    code = {**_image(data, filename=filename), "code": None}
    order, _requests = _bought(_order(code), json.dumps(_image(data, filename=filename)))
    (key,) = order.keys
    assert (key.code.data, key.code.media_type) == (data, media_type)
    assert key.supplier_key_id == "C1"


def test_a_picture_may_stand_in_the_order_and_in_lines():
    image = _image(PNG)
    image["code"] = image["code"][:8] + "\r\n" + image["code"][8:]
    order, requests = _bought(_order(image), quantity=1)
    assert [key.code.data for key in order.keys] == [PNG]
    assert order.is_final
    assert len(requests) == 1


@pytest.mark.parametrize(
    "told",
    [
        ("404 Not Found", _error(404, 50002)),
        ("500 Internal Server Error", "{}"),
        ("401 Unauthorized", "{}"),
        f'"{CODE}"',
        '{"codeId": "C1", "codeType": "CODE_IMAGE", "code": null}',
        '{"codeId": "C1", "codeType": "CODE_IMAGE", "code": "no-base64"}',
        '{"codeId": "C1", "codeType": "CODE_NEWS", "code": "AAAA"}',
        json.dumps(_image(PNG, code_id="C2")),
    ],
    ids=["404", "500", "401", "text", "null", "base64", "kind", "other"],
)
def test_a_code_that_cannot_be_read_loses_neither_order_nor_other_keys(told):
    notes: list[str] = []
    order, _requests = _bought(
        _order(_text_code(7), {**_image(PNG), "code": None}), told, note=notes.append
    )
    assert _texts(order) == [CODE]
    assert (order.supplier_order_id, order.is_final) == (ORDER_ID, False)
    assert order.charged == Money(Decimal("10.6"), "EUR")
    assert notes == [ORDER_ID]


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DOWN_BEFORE, Fault.BUSY])
def test_a_picture_that_did_not_come_is_read_later(server, adapter, fault):
    server.script.queue_for(Call.LOOKUP, [fault])
    reference, order = _buy(adapter, server, Fault.IMAGE)
    assert (len(order.keys), order.is_final) == (1, False)

    query = _query(reference, order=order.supplier_order_id)
    later = adapter.find_order(query, keep=_ignore)

    assert (len(later.keys), later.is_final) == (2, True)


def test_a_supplier_that_gives_no_pictures_is_left_alone(server, adapter):
    server.script.queue_for(Call.LOOKUP, [Fault.DOWN_BEFORE] * 20)
    order = _buy(adapter, server, Fault.IMAGE, quantity=9)[1]
    assert (order.keys, order.is_final) == ((), False)
    assert sum(request.startswith("GET /v3/codes/") for request in server.requests) == 3


def test_a_text_that_is_missing_in_the_order_is_read_by_its_id():
    order, requests = _bought(_order(_text_code(1, None)), json.dumps(_text_code(1)), quantity=1)
    assert _texts(order) == [CODE]
    assert order.is_final
    assert requests[1].startswith(b"GET /v3/codes/C1 ")


def test_a_code_of_a_kind_that_is_not_known_is_not_handed_out():
    code = {"codeId": "C1", "codeType": "CODE_NEWS", "code": CODE}
    order, _requests = _bought(_order(code), json.dumps(code), quantity=1)
    assert (order.keys, order.is_final) == ((), False)


def test_codes_may_be_called_as_in_version_2():
    told = [
        {"codeId": "C1", "status": "Text code", "code": CODE},
        {"codeId": "C2", "status": "Image code", "code": base64.b64encode(PNG).decode()},
        {"codeId": "C3", "status": "Pre-ordered code", "code": None},
    ]
    order, requests = _bought(_order(*told), quantity=3)
    assert [key.supplier_key_id for key in order.keys] == ["C1", "C2"]
    assert not order.is_final
    assert len(requests) == 1


# --- Pre-orders ----------------------------------------------------------------------------------

TOMORROW = timezone.now() + dt.timedelta(days=1)


def _announce(server, *, stock: int = 0) -> None:
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), stock))
    date = TOMORROW.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    server.books.details[PRODUCT] = Details(release_date=date)


@pytest.mark.parametrize(("stock", "available"), [(0, None), (3, 3)])
def test_what_is_not_released_is_a_pre_order(server, adapter, stock, available):
    _announce(server, stock=stock)
    quote = adapter.quote(supplier_product_id=PRODUCT, quantity=5)
    assert quote.is_preorder
    assert quote.release_date == TOMORROW.date()
    assert quote.available == available


@pytest.mark.parametrize("stock", [0, 3])
def test_a_pre_order_is_bought_only_where_it_is_wanted(server, adapter, stock):
    _announce(server, stock=stock)
    adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    with pytest.raises(OutOfStock):
        _buy(adapter, server)
    assert server.shop.ledger == {}
    assert "POST /v3/orders" not in server.requests


@pytest.mark.parametrize("word", ["CODE_PREORDER", "PRE_ORDER"])
def test_a_pre_order_gets_its_codes_when_they_are_there(server, adapter, word):
    server.preorder_type = word
    _announce(server)
    ids: list[str] = []
    request = _request(allow_preorder=True, unit_price=Money(Decimal("5.10"), "EUR"))

    order = adapter.buy(request, keep=_ignore, note=ids.append)
    assert (order.keys, order.is_final) == ((), False)
    assert ids == [order.supplier_order_id]
    assert not any(asked.startswith("GET /v3/codes/") for asked in server.requests)

    query = _query(request.reference, order=order.supplier_order_id)
    server.books.order(order.supplier_order_id).ready_at += 60
    assert adapter.find_order(query, keep=_ignore).keys == ()
    server.books.order(order.supplier_order_id).ready_at = 0
    later = adapter.find_order(query, keep=_ignore)
    assert _texts(later) == _sold(server, request.reference)
    assert later.is_final


def test_what_stands_in_place_of_a_pre_ordered_code_is_none():
    code = {"codeId": "C1", "codeType": "PRE_ORDER", "code": "Pre-order, code follows"}
    order, _requests = _bought(_order(code), quantity=1, allow_preorder=True)
    assert (order.keys, order.is_final) == ((), False)


def test_without_stock_a_released_product_is_sold_out(server, adapter):
    server.shop.set_product(Product(PRODUCT, Decimal("5.10"), 0))
    for date in (None, "2024-03-01T00:00:00.000Z", "2024-03-01", "soon"):
        server.books.details[PRODUCT] = Details(release_date=date)
        with pytest.raises(OutOfStock):
            adapter.quote(supplier_product_id=PRODUCT, quantity=1)


# --- Catalogue and changes -----------------------------------------------------------------------


@pytest.fixture
def many(server):
    """A hundred products more, every tenth of which is a sequel."""
    for number in range(100):
        product = Product(f"{number:08d}-0000-4000-8000-000000000000", Decimal(number), number)
        server.shop.set_product(product)
        name = f"Game {number}" + (" II – Straße" if number % 10 == 0 else "")
        server.books.details[product.id] = Details(
            name=name,
            regions=("EU", "US"),
            updated_at=dt.datetime(2025, 6, 1, 0, number // 2, tzinfo=dt.UTC),
        )
    server.page_size = 7
    return server


def test_a_search_goes_through_the_list_page_by_page(many, adapter):
    first = adapter.search(text="ii – STRASSE ")
    second = adapter.search(text="ii – STRASSE ", page=first.next_page)

    names = [product.name for page in (first, second) for product in page.products]
    assert names == [f"Game {number} II – Straße" for number in range(0, 100, 10)]
    assert first.next_page
    assert second.next_page == ""


def test_a_search_stops_when_it_has_enough(many, adapter):
    page = adapter.search(text="game")
    assert len(page.products) == 21
    assert sum(asked == "GET /v3/products" for asked in many.requests) == 3


def test_products_are_asked_for_together(many, adapter):
    many.page_size = 1000
    ids = [product_id for product_id in many.shop.products if product_id != PRODUCT]

    found = adapter.products(ids=[*ids, "unknown", ids[0]])

    assert list(found) == ids
    assert sum(asked == "GET /v3/products" for asked in many.requests) == 3
    product = found[ids[20]]
    assert (product.name, product.platform, product.region) == (
        "Game 20 II – Straße",
        "Steam",
        "EU, US",
    )
    assert (product.price, product.available) == (Money(Decimal(20), "EUR"), 20)
    assert (product.is_preorder, product.release_date) == (False, None)


def test_products_come_in_pages_too(many, adapter):
    ids = list(many.shop.products)
    assert list(adapter.products(ids=ids)) == ids


def test_changes_since_a_moment_are_listed(many, adapter):
    since = dt.datetime(2025, 6, 1, 2, 45, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    first = adapter.changes(since=since)
    second = adapter.changes(since=since, page=first.next_page)
    names = [product.name for page in (first, second) for product in page.products]
    assert names == [
        f"Game {number}" + (" II – Straße" if number % 10 == 0 else "") for number in range(90, 100)
    ]
    assert (len(first.products), second.next_page) == (7, "")


def test_what_cannot_be_read_of_a_product_in_a_list_is_not_told():
    item = {"productId": "P1", "name": "Game", "prices": [], "quantity": None}
    found, _requests = _ask(
        lambda adapter: adapter.products(ids=["P1"]), json.dumps({"items": [item]})
    )
    product = found["P1"]
    assert (product.price, product.available, product.is_preorder) == (None, None, False)


@pytest.mark.parametrize(
    "told",
    ['{"items": [{"name": "Game"}]}', '{"items": [7]}', "{}", ("400 Bad Request", "{}"), "7"],
)
def test_a_price_list_that_cannot_be_read_is_asked_for_later(told):
    error, _requests = _ask(lambda adapter: adapter.search(text=""), told)
    assert type(error) is TryLater


def test_products_that_are_not_released_are_marked(server, adapter):
    _announce(server)
    product = adapter.products(ids=[PRODUCT])[PRODUCT]
    assert (product.is_preorder, product.release_date) == (True, TOMORROW.date())


# --- Postbacks -----------------------------------------------------------------------------------


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


# --- The account ---------------------------------------------------------------------------------


def test_it_says_what_it_can(adapter):
    can = adapter.capabilities
    protocols = [Catalogue, Changes, Webhooks, Returns]
    assert [isinstance(adapter, protocol) for protocol in protocols] == [True, True, True, False]
    assert (can.catalogue, can.changes, can.webhooks, can.returns) == (True, True, True, False)
    assert (can.price_guard, can.refuses_repeats) == (False, False)


def test_a_token_that_ended_early_is_no_problem_of_the_account(server):
    for _worker in range(2):
        with closing(_open(server.url, account="a1")) as adapter:
            adapter.quote(supplier_product_id=PRODUCT, quantity=1)
    server.tokens.revoke()
    request = _request(unit_price=Money(Decimal("5.10"), "EUR"))

    with closing(_open(server.url, account="a1")) as adapter:
        with pytest.raises(NotSent):
            adapter.buy(request, keep=_ignore, note=_ignore)
        assert server.shop.ledger == {}
        order = adapter.buy(request, keep=_ignore, note=_ignore)

    assert _texts(order) == _sold(server, request.reference)
    assert [asked for asked in server.requests if "token" in asked] == ["POST /oauth/token"] * 2


def test_a_read_goes_on_with_another_token(server):
    with closing(_open(server.url, account="a1")) as adapter:
        reference, order = _buy(adapter, server)
        server.tokens.revoke()
        found = adapter.find_order(_query(reference), keep=_ignore)
    assert found == order


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.TIMEOUT_BEFORE, NotSent),
        (Fault.DROP_BEFORE, NotSent),
        (Fault.ERROR_BEFORE, NotSent),
        (Fault.BUSY, Busy),
        (Fault.WRONG_CREDENTIALS, AccountProblem),
    ],
)
def test_without_a_token_nothing_is_sent(server, adapter, fault, expected):
    server.token_script.queue([fault])
    with pytest.raises(expected) as caught:
        _buy(adapter, server)
    assert type(caught.value) is expected
    assert server.requests == ["POST /oauth/token"]
    assert getattr(caught.value, "retry_after", 7) == 7


@pytest.mark.parametrize(
    ("calls", "ask"),
    [
        (600, lambda adapter: adapter.quote(supplier_product_id=PRODUCT, quantity=1)),
        (400, lambda adapter: adapter.search(text="")),
    ],
    ids=["product", "list"],
)
def test_it_asks_no_more_often_than_is_allowed(server, monkeypatch, calls, ask):
    from saleor_cdkeys.suppliers import rate_limit

    monkeypatch.setattr(rate_limit.time, "time", lambda: 1_200_000.0)
    counted = {
        600: "cdkeys:supplier:a1:product:300:4000",
        400: "cdkeys:supplier:a1:products:600:2000",
    }
    rate_limit.cache.set(counted[calls], calls - 1)

    with closing(_open(server.url, account="a1")) as adapter:
        ask(adapter)
        with pytest.raises(TryLater) as caught:
            ask(adapter)
        assert caught.value.retry_after in (300, 600)
        # Each of its limits is for one call, so the others go on.
        assert adapter.balance() is not None
