"""Every fault is what its name says."""

from __future__ import annotations

import base64
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.sandbox_server import Call, Fault
from saleor_cdkeys.suppliers.sandbox_server.faults import BEFORE
from tests.suppliers.sandbox_server.buying import how_it_ends, place_order, sell

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

    assert how_it_ends(buyer, quantity=3) == ends
    ledger = list(server.shop.ledger.values())
    assert [len(order.all_keys()) for order in ledger] == ([] if sold is None else [sold])
    assert how_it_ends(buyer) == 201


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
    sold = sell(shop, quantity=3, fault=fault)
    assert sold.charged == Decimal(charged)
    assert shop.balance == 100 - Decimal(charged)


def test_a_duplicate_is_a_code_that_was_sold_before(shop):
    first = sell(shop)
    second = sell(shop, quantity=2, fault=Fault.DUPLICATE_CODE)
    assert second.keys[0]["code"] == first.keys[0]["code"]
    assert second.keys[0]["id"] != first.keys[0]["id"]
    assert second.keys[1]["code"] != first.keys[0]["code"]


def test_keys_have_the_form_that_was_asked_for(shop):
    (image,) = sell(shop, fault=Fault.IMAGE).keys
    (file,) = sell(shop, fault=Fault.FILE).keys
    (fields,) = sell(shop, fault=Fault.FIELDS).keys
    assert (image["type"], base64.b64decode(image["code"])[:4]) == ("image/png", b"\x89PNG")
    assert base64.b64decode(file["code"]).startswith(b"[licence]")
    assert [name for name, _value in fields["fields"]] == ["code", "pin"]


@pytest.mark.parametrize(("fault", "at_once"), [(Fault.LATE, 0), (Fault.LATE_REST, 1)])
def test_late_keys_come_when_their_time_has_come(shop, fault, at_once):
    sold = sell(shop, quantity=3, fault=fault)

    early = sold.answer("EUR")
    sold.ready_at = 1.0
    late = sold.answer("EUR")

    assert (early["status"], len(early["keys"])) == ("processing", at_once)
    assert (late["status"], len(late["keys"])) == ("completed", 3)
    assert late["keys"][:at_once] == early["keys"]


def test_a_lookup_error_makes_the_next_two_look_ups_fail(server, buyer):
    server.script.queue([Fault.LOOKUP_ERROR])
    assert how_it_ends(buyer, reference="r1") == "dropped"

    statuses = [buyer.get("/orders", params={"reference": "r1"}).status_code for _ in range(3)]

    assert statuses == [503, 503, 200]


def test_who_is_told_to_wait_is_told_how_long(server, buyer):
    server.script.queue([Fault.BUSY])
    given = place_order(buyer)
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


def test_only_faults_that_sell_nothing_come_before_a_sale(server, buyer):
    for fault in BEFORE:
        server.script.queue([fault])
        how_it_ends(buyer)
    assert server.shop.ledger == {}
