"""Suppliers that have no catalogue are asked for a quote of each mapped product."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.utils import timezone

from saleor_cdkeys.acquisition.freshness import refresh_mappings
from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    Busy,
    Capabilities,
    OutOfStock,
    Quote,
    Refused,
    TryLater,
)
from saleor_cdkeys.values import Money
from tests.mapping.catalogues import map_many, use_adapter


class Counter:
    """What is quoted, or raised, by product; and for what was asked."""

    def __init__(self) -> None:
        self.quotes: dict[str, Quote | Exception] = {}
        self.asked: list[str] = []

    def sells(self, product_id: str, price: str = "5.00", **fields) -> None:
        self.quotes[product_id] = Quote(product_id, Money(Decimal(price), "EUR"), **fields)


@pytest.fixture
def counter(monkeypatch) -> Counter:
    counter = Counter()

    class Quoting:
        capabilities = Capabilities()
        config_fields: Mapping[str, str] = {}
        secret_fields: Mapping[str, str] = {}
        required = frozenset()

        def __init__(self, *, config, secrets, account="") -> None:
            pass

        def quote(self, *, supplier_product_id: str, quantity: int) -> Quote:
            counter.asked.append(supplier_product_id)
            found = counter.quotes[supplier_product_id]
            if isinstance(found, Exception):
                raise found
            return found

        def close(self) -> None:
            pass

    use_adapter(monkeypatch, Quoting)
    counter.sells("P1")
    return counter


def _seen():
    return SupplierMapping.objects.exclude(seen_at=None).count()


def test_what_a_quote_tells_is_kept(mapping, counter):
    counter.sells(
        "P1",
        "4.90",
        available=7,
        blocked_countries=frozenset({"PL"}),
        is_preorder=True,
        release_date=dt.date(2027, 3, 1),
    )

    assert refresh_mappings() == 1

    mapping.refresh_from_db()
    assert (mapping.price_amount, mapping.price_currency) == (Decimal("4.9000"), "EUR")
    assert (mapping.available, mapping.blocked_countries) == (7, "PL")
    assert (mapping.is_preorder, mapping.release_date) == (True, dt.date(2027, 3, 1))


def test_each_has_its_turn_again_after_a_while_only(mapping, counter, time_passes):
    refresh_mappings()
    assert refresh_mappings() == 0
    time_passes(seconds=86_401)

    assert refresh_mappings() == 1
    assert counter.asked == ["P1", "P1"]


@pytest.mark.parametrize("error", [OutOfStock("none left"), Refused("no such product")])
def test_one_that_is_not_sold_keeps_the_others_from_nothing(mapping, counter, supplier, error):
    (other,) = map_many(mapping.key_product, supplier, 1)
    counter.sells(other, available=3)
    counter.quotes["P1"] = error

    assert refresh_mappings() == 2

    mapping.refresh_from_db()
    assert (mapping.available, mapping.price_amount, mapping.flag) == (0, None, "")
    assert SupplierMapping.objects.get(supplier_product_id=other).available == 3


@pytest.mark.parametrize("error", [OutOfStock("none left"), Refused("no such product")])
def test_a_no_says_nothing_of_what_the_product_is(mapping, counter, time_passes, error):
    def told():
        mapping.refresh_from_db()
        return mapping.is_preorder, mapping.blocked_countries, mapping.release_date, mapping.flag

    day = dt.date(2027, 3, 1)
    fields = {"blocked_countries": frozenset({"PL"}), "is_preorder": True, "release_date": day}
    counter.sells("P1", available=7, **fields)
    refresh_mappings()
    before = told()
    assert before == (True, "PL", day, "")

    counter.quotes["P1"] = error
    time_passes(seconds=86_401)
    assert refresh_mappings() == 1
    assert told() == before
    assert (mapping.available, mapping.price_amount) == (0, Decimal("5.0000"))

    counter.sells("P1", available=7, **fields)
    time_passes(seconds=86_401)
    refresh_mappings()
    assert told() == before
    assert mapping.available == 7


def test_one_that_was_not_sold_at_first_is_no_surprise_as_a_preorder(mapping, counter, time_passes):
    counter.quotes["P1"] = OutOfStock("none left")
    refresh_mappings()
    counter.sells("P1", is_preorder=True, blocked_countries=frozenset({"PL"}))
    time_passes(seconds=86_401)

    refresh_mappings()

    mapping.refresh_from_db()
    assert (mapping.is_preorder, mapping.flag) == (True, "")


def test_what_is_sold_again_wakes_those_who_wait(mapping, counter, waiting, time_passes):
    counter.quotes["P1"] = OutOfStock("none left")
    refresh_mappings()
    key_order = waiting()
    counter.sells("P1")
    time_passes(seconds=86_401)

    refresh_mappings()

    key_order.refresh_from_db()
    assert key_order.next_run_at <= timezone.now()


@pytest.mark.parametrize("error", [TryLater("down"), Busy("slowly"), AccountProblem("wrong")])
def test_who_cannot_tell_is_left_alone(mapping, counter, error):
    counter.quotes["P1"] = error

    assert refresh_mappings() == 0
    assert refresh_mappings() == 0
    assert counter.asked == ["P1"]
    assert _seen() == 0


def test_of_many_those_told_before_it_failed_are_kept(mapping, counter, supplier):
    ids = map_many(mapping.key_product, supplier, 20)
    for product_id in ids:
        counter.sells(product_id)
    counter.quotes[ids[-1]] = TryLater("down")

    # Five, ten, and then six of which the last cannot be told.
    assert refresh_mappings() == 15
    assert _seen() == 15
