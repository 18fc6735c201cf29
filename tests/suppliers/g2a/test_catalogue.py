"""The catalogue, and what changed in it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.suppliers.base import AccountProblem, Refused, TryLater
from saleor_cdkeys.suppliers.fakes.g2a_shop import Facts
from saleor_cdkeys.suppliers.sandbox_server import Product
from tests.suppliers.asking import all_pages, says
from tests.suppliers.g2a.account import calls_of
from tests.suppliers.g2a.answers import PRODUCT, RECORDED, error_told, listing


@pytest.mark.parametrize(
    ("said", "expected"),
    [(error_told("PR01"), TryLater), (error_told("AUTH04", "403 Forbidden"), AccountProblem)],
)
def test_who_asks_for_products_or_changes_hears_no_other_no(on_wire, said, expected):
    worker = on_wire(said)
    worker.fails(expected, worker.adapter.products, ids=[PRODUCT])
    worker.fails(expected, worker.adapter.changes, since=timezone.now())


@pytest.fixture
def large(server, settings):
    """A catalogue of 250 products on 13 pages, which nobody is to read in haste."""
    settings.CDKEYS_SUPPLIER_TIMEOUT = 10.0
    for number in range(249):
        product_id = str(20000000000000 + number)
        server.shop.set_product(Product(product_id, Decimal(number) / 100, number % 2))
        server.orders.facts[product_id] = Facts(name=f"Game No {number} – Straße")
    server.orders.facts[PRODUCT] = Facts(name="The first")
    return server


def test_all_pages_are_read_to_the_end(large, worker):
    pages = all_pages(lambda page: worker.adapter.search(text="game no", page=page))
    found = [product.supplier_product_id for page in pages for product in page.products]
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
    worker = on_wire(says({"docs": [RECORDED]}), says({"docs": []}))
    read = worker.adapter.search(text="example")
    assert [product.supplier_product_id for product in read.products] == [PRODUCT]
    assert read.next_page == ""


def test_pages_that_g2a_does_not_give_are_the_end(on_wire):
    worker = on_wire(error_told("PR01"))
    assert worker.adapter.search(text="a", page="501-10000").next_page == ""
    worker.fails(Refused, worker.adapter.search, text="a", page="500-9980")


@pytest.mark.parametrize("page", ["2", "0-0", "a-1", "1-", "-1-0"])
def test_a_page_that_there_cannot_be(worker, page):
    worker.fails(Refused, worker.adapter.search, text="a", page=page)


def test_a_product_that_cannot_be_read_does_not_hide_the_others(on_wire):
    worker = on_wire(listing({"id": "1"}, RECORDED))
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
    worker = on_wire(listing())
    worker.adapter.changes(since=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC))
    assert calls_of(worker) == [
        "GET /v1/products?updatedAtFrom=2026-01-01+13%3A04%3A05&page=1&includeOutOfStock=true"
    ]
