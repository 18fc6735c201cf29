"""Several workers that refresh at once share the work, and the newest answer stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from saleor_cdkeys.acquisition.freshness import refresh_mappings
from saleor_cdkeys.acquisition.freshness.noting import database_now, note
from saleor_cdkeys.acquisition.freshness.sweeping import take_turn
from saleor_cdkeys.acquisition.hints import follow_hints
from saleor_cdkeys.models import Supplier, SupplierMapping
from saleor_cdkeys.suppliers.base import Hint, HintKind
from tests.concurrency.meeting import MeetingPoint
from tests.concurrency.processes import at_once
from tests.concurrency.sabotage import NO_ROW_LOCKS, rewriting
from tests.factories import make_channel
from tests.factories.cdkeys import make_key_product, make_mapping, make_supplier
from tests.mapping.catalogues import listed, map_many

pytestmark = pytest.mark.race


@pytest.fixture
def supplier(transactional_db):
    return make_supplier(name="Keyhouse")


@pytest.fixture
def product(supplier):
    return make_key_product(channel=make_channel("shop-eur", "EUR"), source="suppliers")


def _two_turns(supplier, product, *, changes=()) -> list[str]:
    """What two workers take, the second while the first has not committed yet."""
    map_many(product, supplier, 10)
    has_taken, is_done = MeetingPoint(2), MeetingPoint(2)

    def first():
        with transaction.atomic():
            with rewriting(*changes):
                turn = take_turn(supplier_id=supplier.pk, limit=5)
            has_taken.meet()
            is_done.meet()
        return turn.product_ids

    def second():
        has_taken.meet()
        with rewriting(*changes):
            turn = take_turn(supplier_id=supplier.pk, limit=5)
        is_done.meet()
        return turn.product_ids

    one, other = at_once(first, second)
    return sorted([*one.value, *other.value])


def test_two_workers_share_the_work(supplier, product):
    taken = _two_turns(supplier, product)
    assert taken == [f"P{number:05d}" for number in range(10)]


def test_without_its_lock_two_workers_take_the_same(supplier, product):
    taken = _two_turns(supplier, product, changes=[NO_ROW_LOCKS])
    assert len(taken) == 10
    assert len(set(taken)) == 5


def _read_changes_at_once(supplier, product, shelf, *, changes=()) -> int:
    """How often changes are asked for by two workers that find them due at the same moment."""
    make_mapping(product, supplier, "P1")
    refresh_mappings()
    Supplier.objects.update(changes_due_at=timezone.now() - dt.timedelta(seconds=1))
    shelf.asked.clear()
    point = MeetingPoint(2)

    def job():
        meeting = point.before(r'UPDATE "saleor_cdkeys_supplier" SET "changes_due_at"')
        with meeting, rewriting(*changes):
            refresh_mappings()
        return shelf.calls("changes")

    return sum(ended.value for ended in at_once(job, job))


def test_changes_are_read_by_one_worker(supplier, product, shelf):
    assert _read_changes_at_once(supplier, product, shelf) == 1


def test_without_the_comparison_two_workers_read_the_changes(supplier, product, shelf):
    changes = [(r'(\."changes_due_at") = (%s)', r"\1 >= \2")]
    assert _read_changes_at_once(supplier, product, shelf, changes=changes) == 2


def _answer_that_is_overtaken(supplier, product, shelf, *, changes=()):
    """A worker asks and is slow; meanwhile another asks, is told a new price, and writes it."""
    mapping = make_mapping(product, supplier, "P1")

    def overtake():
        shelf.put(listed("P1", "4.00"))
        note(
            supplier_id=supplier.pk,
            products={"P1": shelf.products["P1"]},
            asked_at=database_now(),
        )

    shelf.on_call = overtake
    with rewriting(*changes):
        refresh_mappings()
    mapping.refresh_from_db()
    return mapping.price_amount


def test_an_answer_that_was_overtaken_is_not_written(supplier, product, shelf):
    assert _answer_that_is_overtaken(supplier, product, shelf) == 4


def test_without_the_comparison_it_would_be(supplier, product, shelf):
    changes = [(r'("seen_at") >= (%s)', r"\1 > \2 + interval '1 day'")]
    assert _answer_that_is_overtaken(supplier, product, shelf, changes=changes) == 5


def test_what_is_made_due_while_it_is_asked_for_stays_due(supplier, product, shelf):
    mapping = make_mapping(product, supplier, "P1")
    hint = Hint(HintKind.PRODUCT, id="P1")
    calls = iter(range(3))

    def hint_three_times():
        if next(calls, None) is not None:
            follow_hints(supplier_id=supplier.pk, hints=[hint])

    shelf.on_call = hint_three_times
    refresh_mappings()

    assert shelf.calls("products") == 4
    mapping.refresh_from_db()
    assert mapping.refresh_at > timezone.now() + dt.timedelta(hours=23)


def test_what_a_worker_took_that_died_is_asked_for_later(supplier, product, shelf):
    make_mapping(product, supplier, "P1")
    assert take_turn(supplier_id=supplier.pk, limit=10).product_ids == ("P1",)
    assert refresh_mappings() == 0

    mapping = SupplierMapping.objects.get()
    assert dt.timedelta(minutes=9) < mapping.refresh_at - timezone.now() <= dt.timedelta(minutes=10)
    SupplierMapping.objects.update(refresh_at=mapping.refresh_at - dt.timedelta(minutes=10))
    assert refresh_mappings() == 1
