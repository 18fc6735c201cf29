"""The sandbox's own side: it keeps the books that everything else is compared with."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import httpx
import pytest

from saleor_cdkeys.suppliers.sandbox_server import (
    Call,
    Fault,
    Product,
    SandboxServer,
    Script,
    Shop,
)
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE, PASSING
from saleor_cdkeys.suppliers.sandbox_server.shop import Refusal

KEY = "server-secret-4711"


@pytest.fixture
def shop():
    return Shop([Product("P1", Decimal("5.10"), 10)], balance=Decimal(100), late_seconds=0.2)


@pytest.fixture
def server(shop):
    with SandboxServer(shop, api_key=KEY, hang_seconds=0.3, retry_after=7) as server:
        yield server


@pytest.fixture
def buyer(server):
    with httpx.Client(base_url=server.url, headers={"X-Api-Key": KEY}, timeout=10) as buyer:
        yield buyer


def _sell(shop, *, quantity=1, fault=None, reference=None, max_price="20", product="P1"):
    return shop.sell(
        reference=reference or str(uuid.uuid4()),
        product_id=product,
        quantity=quantity,
        max_price=Decimal(max_price),
        fault=fault,
    )


def _order(buyer, **fields):
    body = {"reference": str(uuid.uuid4()), "product": "P1", "quantity": 1, "max_price": "20"}
    return buyer.post("/orders", json={**body, **fields})


# --- Books ---------------------------------------------------------------------------------------


def test_a_sale_changes_stock_balance_and_ledger(shop):
    sold = _sell(shop, quantity=3, reference="r1")

    assert shop.products["P1"].stock == 7
    assert shop.balance == Decimal("84.70")
    assert list(shop.ledger) == ["r1"]
    assert shop.ledger["r1"] == sold
    assert (sold.quantity, sold.charged, len(sold.keys)) == (3, Decimal("15.30"), 3)
    assert len({key["code"] for key in sold.keys}) == 3
    assert len({key["id"] for key in sold.keys}) == 3


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"quantity": 11}, "out_of_stock"),
        ({"quantity": 0}, "invalid"),
        ({"quantity": -1}, "invalid"),
        ({"max_price": "5.09"}, "price_changed"),
        ({"product": "P2"}, "unknown_product"),
        ({"fault": Fault.NO_STOCK}, "out_of_stock"),
        ({"fault": Fault.NO_BALANCE}, "insufficient_balance"),
        ({"fault": Fault.PRICE_RISES, "max_price": "15.29"}, "price_changed"),
    ],
)
def test_a_refusal_changes_nothing(shop, order, code):
    with pytest.raises(Refusal) as refused:
        _sell(shop, **order)

    assert refused.value.code == code
    assert shop.products["P1"].stock == 10
    assert shop.balance == 100
    assert shop.ledger == {}


def test_an_empty_account_buys_nothing(shop):
    shop.balance = Decimal("5.09")
    with pytest.raises(Refusal, match="insufficient_balance"):
        _sell(shop)
    assert shop.balance == Decimal("5.09")


def test_a_reference_sells_once_and_its_repetition_is_remembered(shop):
    first = _sell(shop, reference="r1")

    with pytest.raises(Refusal) as refused:
        _sell(shop, reference="r1", quantity=2)

    assert (refused.value.code, refused.value.order) == ("duplicate_reference", first.id)
    assert shop.refused_references == ["r1"]
    assert shop.products["P1"].stock == 9
    assert shop.ledger["r1"].quantity == 1


def test_books_in_a_file_outlive_the_shop(tmp_path):
    file = str(tmp_path / "books.sqlite")
    before = Shop([Product("P1", Decimal("5.10"), 10)], balance=Decimal(100), database=file)
    sold = _sell(before, quantity=2, reference="r1")

    after = Shop([Product("P1", Decimal("9"), 99)], balance=Decimal(1), database=file)

    assert after.ledger == {"r1": sold}
    assert after.products["P1"] == Product("P1", Decimal("5.10"), 8)
    assert after.balance == Decimal("89.80")


def test_two_who_buy_the_last_key_at_once_do_not_both_get_it(server):
    server.shop.set_product(Product("P1", Decimal("5.10"), 1))
    meeting = threading.Barrier(8)

    def buy(_number):
        with httpx.Client(base_url=server.url, headers={"X-Api-Key": KEY}, timeout=10) as buyer:
            meeting.wait()
            return _order(buyer).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(buy, range(8)))

    assert statuses == [201] + [409] * 7
    assert server.shop.products["P1"].stock == 0
    assert len(server.shop.ledger) == 1


def test_two_orders_with_one_reference_at_once_sell_once(server):
    meeting = threading.Barrier(8)

    def buy(_number):
        with httpx.Client(base_url=server.url, headers={"X-Api-Key": KEY}, timeout=10) as buyer:
            meeting.wait()
            return _order(buyer, reference="r1").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(buy, range(8)))

    assert statuses == [201] + [409] * 7
    assert len(server.shop.ledger) == 1
    assert server.shop.refused_references == ["r1"] * 7


# --- What goes wrong -----------------------------------------------------------------------------


def _ends(buyer, **fields):
    """How an order ends: its status, or ``dropped``, or ``garbage`` with the status."""
    try:
        given = _order(buyer, **fields)
    except httpx.RemoteProtocolError:
        return "dropped"
    try:
        body = given.json()
    except ValueError:
        return f"garbage {given.status_code}"
    if given.is_success and any("?" in key for key in body["keys"]):
        return f"unreadable {given.status_code}"
    return given.status_code


#: fault → how an order for three ends, and how many keys it sold; None: no order was made.
FAULTS = {
    Fault.TIMEOUT_BEFORE: ("dropped", None),
    Fault.TIMEOUT_AFTER: ("dropped", 3),
    Fault.SELLS_LATE: (201, 3),
    Fault.DROP_BEFORE: ("dropped", None),
    Fault.DROP_AFTER: ("dropped", 3),
    Fault.ERROR_BEFORE: (500, None),
    Fault.ERROR_AFTER: (500, 3),
    Fault.DOWN_BEFORE: (503, None),
    Fault.DOWN_AFTER: (503, 3),
    Fault.BUSY: (429, None),
    Fault.GARBAGE: ("garbage 200", 3),
    Fault.CUT_OFF: ("garbage 201", 3),
    Fault.UNREADABLE: ("unreadable 201", 3),
    Fault.TOO_FEW: (201, 2),
    Fault.TOO_FEW_CHARGED: (201, 2),
    Fault.TOO_MANY: (201, 4),
    Fault.DUPLICATE_CODE: (201, 3),
    Fault.IMAGE: (201, 3),
    Fault.FILE: (201, 3),
    Fault.FIELDS: (201, 3),
    Fault.LATE: (201, 3),
    Fault.LATE_REST: (201, 3),
    Fault.PRICE_RISES: (201, 3),
    Fault.OVERCHARGE: (201, 3),
    Fault.NO_STOCK: (409, None),
    Fault.NO_BALANCE: (402, None),
    Fault.WRONG_CREDENTIALS: (401, None),
    Fault.LOOKUP_ERROR: ("dropped", 3),
}


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_is_what_its_name_says(server, buyer, fault):
    server.script.queue([fault])

    ends, sold = FAULTS[fault]

    assert _ends(buyer, quantity=3) == ends
    ledger = list(server.shop.ledger.values())
    assert [len(order.all_keys()) for order in ledger] == ([] if sold is None else [sold])
    assert _ends(buyer) == 201


@pytest.mark.parametrize(
    ("fault", "charged"),
    [
        (Fault.TOO_FEW, "10.20"),
        (Fault.TOO_FEW_CHARGED, "15.30"),
        (Fault.TOO_MANY, "15.30"),
        (Fault.OVERCHARGE, "30.60"),
        (Fault.PRICE_RISES, "45.90"),
        (None, "15.30"),
    ],
)
def test_what_is_charged(shop, fault, charged):
    sold = _sell(shop, quantity=3, fault=fault)
    assert sold.charged == Decimal(charged)
    assert shop.balance == 100 - Decimal(charged)


def test_a_duplicate_is_a_code_that_was_sold_before(shop):
    first = _sell(shop)
    second = _sell(shop, quantity=2, fault=Fault.DUPLICATE_CODE)
    assert second.keys[0]["code"] == first.keys[0]["code"]
    assert second.keys[0]["id"] != first.keys[0]["id"]
    assert second.keys[1]["code"] != first.keys[0]["code"]


def test_keys_have_the_form_that_was_asked_for(shop):
    (image,) = _sell(shop, fault=Fault.IMAGE).keys
    (file,) = _sell(shop, fault=Fault.FILE).keys
    (fields,) = _sell(shop, fault=Fault.FIELDS).keys
    assert (image["type"], base64.b64decode(image["code"])[:4]) == ("image/png", b"\x89PNG")
    assert base64.b64decode(file["code"]).startswith(b"[licence]")
    assert [name for name, _value in fields["fields"]] == ["code", "pin"]


@pytest.mark.parametrize(("fault", "at_once"), [(Fault.LATE, 0), (Fault.LATE_REST, 1)])
def test_late_keys_come_when_their_time_has_come(shop, fault, at_once):
    sold = _sell(shop, quantity=3, fault=fault)

    early = sold.answer("EUR")
    sold.ready_at = 1.0
    late = sold.answer("EUR")

    assert (early["status"], len(early["keys"])) == ("processing", at_once)
    assert (late["status"], len(late["keys"])) == ("completed", 3)
    assert late["keys"][:at_once] == early["keys"]


def test_a_lookup_error_makes_the_next_two_look_ups_fail(server, buyer):
    server.script.queue([Fault.LOOKUP_ERROR])
    assert _ends(buyer, reference="r1") == "dropped"

    statuses = [buyer.get("/orders", params={"reference": "r1"}).status_code for _ in range(3)]

    assert statuses == [503, 503, 200]


def test_who_is_told_to_wait_is_told_how_long(server, buyer):
    server.script.queue([Fault.BUSY])
    given = _order(buyer)
    assert (given.status_code, given.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize("path", ["/products/P1", "/orders?reference=r1", "/balance"])
@pytest.mark.parametrize(
    ("fault", "ends"), [(Fault.ERROR_BEFORE, 500), (Fault.DOWN_BEFORE, 503), (Fault.BUSY, 429)]
)
def test_calls_that_buy_nothing_can_fail_too(server, buyer, path, fault, ends):
    for call in (Call.QUOTE, Call.LOOKUP, Call.BALANCE):
        server.script.queue_for(call, [fault])
    assert buyer.get(path).status_code == ends
    assert buyer.get(path).status_code in (200, 404)


# --- The script ----------------------------------------------------------------------------------


def test_what_is_set_for_a_product_comes_before_what_is_set_for_any():
    script = Script()
    script.queue([Fault.BUSY, None])
    script.queue([Fault.LATE], product="P2")
    script.set_nth(3, Fault.IMAGE)

    met = [script.draw_order(product) for product in ("P1", "P2", "P1", "P1", "P1")]

    assert met == [Fault.BUSY, Fault.LATE, Fault.IMAGE, None, None]


def test_a_share_is_the_same_for_the_same_seed():
    def draw(seed):
        script = Script(share=0.2, seed=seed)
        return [script.draw_order("P1") for _number in range(1000)]

    first = draw(7)

    assert draw(7) == first
    assert draw(8) != first
    assert 150 < sum(fault is not None for fault in first) < 250
    assert set(first) - {None} <= set(PASSING)


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (1.0, 50)])
def test_none_and_all(share, count):
    script = Script(share=share)
    assert sum(script.draw_order("P1") is not None for _number in range(50)) == count


def test_only_faults_that_sell_nothing_come_before_a_sale(server, buyer):
    for fault in BEFORE:
        server.script.queue([fault])
        _ends(buyer)
    assert server.shop.ledger == {}


# --- Who may ask ---------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["", "wrong", KEY[:-1], KEY + "x", "schlüssel".encode().decode()])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/products/P1"),
        ("POST", "/orders"),
        ("GET", "/orders?reference=r1"),
        ("GET", "/balance"),
        ("POST", "/admin/faults"),
        ("PUT", "/admin/products/P1"),
        ("GET", "/admin/ledger"),
        ("GET", "/elsewhere"),
    ],
)
def test_every_call_wants_the_key(server, method, path, given):
    headers = {"X-Api-Key": given.encode()}
    body = {"reference": "r1", "product": "P1", "quantity": 1, "max_price": "20"}
    answer = httpx.request(method, server.url + path, headers=headers, json=body)
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
    assert server.shop.ledger == {}


def test_it_listens_on_this_machine_alone(server):
    assert server._server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"quantity": "many"},
        {"quantity": None},
        {"quantity": [1]},
        {"max_price": "NaN"},
        {"max_price": None},
        {"max_price": "cheap"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(server, buyer, body):
    valid = {"reference": "r1", "product": "P1", "quantity": 1, "max_price": "20"}
    given = buyer.post("/orders", json={**valid, **body} if body else {})
    assert (given.status_code, given.json()["error"]) == (400, "invalid")
    assert server.shop.ledger == {}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff"])
def test_what_is_no_json_is_refused(buyer, content):
    assert buyer.post("/orders", content=content).status_code == 400


@pytest.mark.parametrize("length", ["9999999", "-1", "many"])
def test_an_order_without_measure_is_refused_unread(server, length):
    request = f"POST /orders HTTP/1.1\r\nX-Api-Key: {KEY}\r\nContent-Length: {length}\r\n\r\n"
    with socket.create_connection(server._server.server_address, timeout=5) as buyer:
        buyer.sendall(request.encode())
        assert buyer.recv(1000).startswith(b"HTTP/1.1 413 ")
    assert server.requests == []


def test_an_address_may_hold_what_it_wants(server, buyer):
    server.shop.set_product(Product("a/b ü?", Decimal(3)))
    given = buyer.get("/products/a%2Fb%20%C3%BC%3F")
    assert (given.status_code, given.json()["id"]) == (200, "a/b ü?")


# --- Steering it over HTTP -----------------------------------------------------------------------


def test_faults_are_set_over_http(server, buyer):
    told = {
        "orders": ["busy", None],
        "nth": {"3": "no_stock"},
        "lookups": ["down_before"],
        "quotes": ["error_before"],
        "balances": ["busy"],
        "share": 1.0,
    }
    assert buyer.post("/admin/faults", json=told).status_code == 200

    assert [_ends(buyer) for _number in range(3)] == [429, 201, 409]
    assert buyer.get("/orders", params={"reference": "r1"}).status_code == 503
    assert buyer.get("/products/P1").status_code == 500
    assert buyer.get("/balance").status_code == 429
    assert server.script.draw_order("P1") in PASSING


def test_faults_are_set_for_one_product(server, buyer):
    server.shop.set_product(Product("P2", Decimal(3)))
    buyer.post("/admin/faults", json={"orders": ["busy"], "product": "P2"})
    assert [_ends(buyer), _ends(buyer, product="P2"), _ends(buyer, product="P2")] == [201, 429, 201]


@pytest.mark.parametrize(
    "told",
    [
        {"orders": ["busy"], "lookups": ["nonsense"]},
        {"orders": ["busy", "nonsense"]},
        {"orders": ["busy"], "nth": {"first": "busy"}},
        {"orders": ["busy"], "nth": ["busy"]},
        {"orders": ["busy"], "share": "some"},
        {"orders": 7},
    ],
)
def test_faults_that_do_not_exist_change_nothing(buyer, told):
    assert buyer.post("/admin/faults", json=told).status_code == 400
    assert _ends(buyer) == 201


def test_products_are_set_over_http(server, buyer):
    given = buyer.put("/admin/products/P2", json={"price": "7.25", "stock": 4})
    assert given.status_code == 200
    assert server.shop.products["P2"] == Product("P2", Decimal("7.25"), 4)
    assert buyer.get("/products/P2").json() == {
        "id": "P2",
        "price": "7.25",
        "currency": "EUR",
        "stock": 4,
    }


@pytest.mark.parametrize(
    "body",
    [{}, {"price": "NaN", "stock": 1}, {"price": "x", "stock": 1}, {"price": 1, "stock": []}],
)
def test_a_product_that_makes_no_sense_is_refused(server, buyer, body):
    assert buyer.put("/admin/products/P2", json=body).status_code == 400
    assert "P2" not in server.shop.products


def test_the_ledger_tells_every_code(server, buyer):
    server.script.queue([Fault.LATE])
    _order(buyer, reference="r1", quantity=2)

    (entry,) = buyer.get("/admin/ledger").json()

    assert entry["reference"] == "r1"
    assert entry["keys"] == server.shop.ledger["r1"].all_keys()
    assert len(entry["keys"]) == 2


def test_it_prints_nothing(server, buyer, capfd, caplog):
    server.script.queue([Fault.DROP_AFTER, Fault.GARBAGE])
    for _number in range(3):
        _ends(buyer)
    buyer.post("/orders", content=b"{")
    assert capfd.readouterr() == ("", "")
    codes = [key["code"] for sold in server.shop.ledger.values() for key in sold.keys]
    assert len(codes) == 3
    assert not any(code in caplog.text for code in codes)


def test_it_ends_at_once_even_while_it_lets_somebody_wait(shop):
    server = SandboxServer(shop, hang_seconds=60).start()
    server.script.queue([Fault.TIMEOUT_AFTER])
    ended = threading.Event()

    def wait():
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(
                f"{server.url}/orders",
                content=json.dumps(
                    {"reference": "r1", "product": "P1", "quantity": 1, "max_price": "20"}
                ),
                timeout=60,
            )
        ended.set()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    while "r1" not in shop.ledger:
        time.sleep(0.01)
    server.stop()

    assert ended.wait(5)
