"""Stock and price of one product in the shop, written by several at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from saleor.product.models import ProductVariantChannelListing
from saleor.warehouse.models import Stock

from saleor_cdkeys.acquisition.shop.sync import follow_in_shop, sync_product
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import ShopChange, SupplierMapping
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import NO_ROW_LOCKS, rewriting
from tests.shop.conftest import scene

__all__ = ["scene"]

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("transactional_db")]

_WORKERS = 4
#: Ten more than the first supplier asks.
_COSTS_15 = {
    "price_rule": "margin_amount",
    "price_value": Decimal(10),
    "price_currency": "EUR",
}
_WRITES_STOCK = r'UPDATE "product_productvariant" SET "track_inventory"'
_WRITES_THE_PRICE = r'UPDATE "product_productvariantchannellisting" SET "price_amount"'


def _changes() -> list[tuple[Decimal, Decimal]]:
    return list(ShopChange.objects.order_by("id").values_list("old_value", "new_value"))


def _follow_at_once(scene, *, changes=()) -> list[int]:
    """How many changes each worker thinks that it made."""
    scene.follow(follows_stock=True, **_COSTS_15)
    point = MeetingPoint(_WORKERS, patience=1.0)

    def follow():
        with rewriting(*changes), point.before(_WRITES_THE_PRICE):
            return follow_in_shop()

    ended = at_once(*[follow] * _WORKERS)
    assert [end.error for end in ended] == [""] * _WORKERS
    return sorted(end.value for end in ended)


def test_one_of_the_workers_that_follow_at_once_writes(scene):
    assert _follow_at_once(scene) == [0, 0, 0, 1]

    assert (scene.price, scene.quantities) == (15, {"main": 5})
    assert sorted(_changes()) == [(0, 5), (20, 15)]


def test_without_the_locks_each_of_them_writes(scene):
    assert _follow_at_once(scene, changes=[NO_ROW_LOCKS]) == [1] * _WORKERS

    assert _changes().count((20, 15)) == _WORKERS


def _told_meanwhile(scene, *, changes=()) -> tuple[str, str]:
    """A worker has read that there are 5; before it writes, there are 32, and staff ask for that.

    Returns what both were told.
    """
    scene.follow(follows_stock=True)
    Stock.objects.create(
        warehouse=scene.warehouse, product_variant_id=scene.product.variant_id, quantity=1
    )
    has_read, has_changed = MeetingPoint(2), MeetingPoint(2)

    def follow():
        with (
            rewriting(*changes),
            has_read.before(_WRITES_STOCK),
            has_changed.before(_WRITES_STOCK),
        ):
            follow_in_shop()
        return ""

    def ask():
        has_read.meet()
        SupplierMapping.objects.filter(pk=scene.first.pk).update(available=30)
        try:
            with rewriting(*changes):
                sync_product(key_product_id=scene.product.pk)
        except InvalidInput as refusal:
            return refusal.code
        finally:
            has_changed.meet()
        return ""

    followed, asked = at_once(follow, ask)
    return followed.value, asked.value


def test_who_comes_second_is_told_and_the_next_run_has_the_newer_number(scene):
    assert _told_meanwhile(scene) == ("", "busy")
    assert _changes() == [(1, 5)]

    assert follow_in_shop() == 1

    assert scene.quantities == {"main": 32}
    assert _changes() == [(1, 5), (5, 32)]


def test_without_the_locks_the_older_number_is_written_over_the_newer(scene):
    assert _told_meanwhile(scene, changes=[NO_ROW_LOCKS]) == ("", "")

    assert scene.quantities == {"main": 5}
    assert _changes() == [(1, 32), (1, 5)]


def _typed_meanwhile(scene, *, changes=()) -> None:
    """A worker has read that it costs 20; before it writes 15, staff type 30."""
    scene.follow(**_COSTS_15)
    has_read, has_typed = MeetingPoint(2), MeetingPoint(2, patience=1.0)

    def follow():
        with (
            rewriting(*changes),
            has_read.before(_WRITES_THE_PRICE),
            has_typed.before(_WRITES_THE_PRICE),
        ):
            return follow_in_shop()

    def type_price():
        has_read.meet()
        ProductVariantChannelListing.objects.update(price_amount=Decimal(30))
        has_typed.meet()

    followed, typed = at_once(follow, type_price)
    assert (followed.value, typed.error) == (1, "")


def test_what_staff_type_meanwhile_is_replaced_by_the_next_run_and_not_silently(scene):
    _typed_meanwhile(scene)
    assert (scene.price, _changes()) == (30, [(20, 15)])

    assert follow_in_shop() == 1

    assert (scene.price, _changes()) == (15, [(20, 15), (30, 15)])


def test_without_the_locks_what_staff_typed_is_gone_and_no_record_tells(scene):
    _typed_meanwhile(scene, changes=[NO_ROW_LOCKS])

    assert (scene.price, _changes()) == (15, [(20, 15)])
    assert follow_in_shop() == 0
