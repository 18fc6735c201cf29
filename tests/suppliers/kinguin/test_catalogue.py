"""The catalogue, and what changed in it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import AccountProblem, Refused, TryLater
from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product
from saleor_cdkeys.values import Money
from tests.suppliers.asking import all_pages, says
from tests.suppliers.kinguin.account import facing, refusal
from tests.suppliers.kinguin.answers import BAD_KEY, CODE, P1, PRICE, PRODUCT, error_body


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


@pytest.mark.usefixtures("catalogue")
def test_a_search_goes_through_all_pages(server, adapter):
    pages = all_pages(lambda page: adapter.search(text=" game ", page=page))
    found = [entry for page in pages for entry in page.products]

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
    assert type(refusal(adapter.search, text=text, page=page)) is Refused
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

    pages = all_pages(lambda page: adapter.changes(since=since, page=page))
    entries = [entry for page in pages for entry in page.products]

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
        ("400 Bad Request", error_body("ConstraintViolation"), TryLater),
        ("403 Forbidden", {}, AccountProblem),
        ("401 Unauthorized", BAD_KEY, AccountProblem),
    ],
)
def test_a_list_that_cannot_be_read_is_asked_for_later(status, body, expected):
    with facing(says(body, status)) as (adapter, _wire):
        for call in (
            lambda: adapter.products(ids=["1949"]),
            lambda: adapter.changes(since=timezone.now()),
        ):
            assert type(refusal(call)) is expected


@pytest.mark.parametrize("fault", [Fault.DOWN_BEFORE, Fault.DROP_BEFORE, Fault.BUSY])
def test_a_list_that_does_not_come_is_asked_for_later(server, adapter, fault):
    server.script.queue_for(Call.CATALOGUE, [fault])
    assert type(refusal(adapter.search, text="game")) is TryLater


def test_a_product_of_a_list_that_cannot_be_read_is_left_out():
    page = {"results": [{**PRODUCT, "kinguinId": CODE}, PRODUCT], "item_count": 2}
    with facing(says(page)) as (adapter, _wire):
        assert list(adapter.products(ids=["1949", P1])) == ["1949", P1]
