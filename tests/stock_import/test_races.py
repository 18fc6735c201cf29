"""Imports, undo and allocation at once, in real processes; controls show that tests can fail."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, transaction
from django.db.models import Count

from saleor_cdkeys.acquisition import stock
from saleor_cdkeys.acquisition.stock_import import importing, staging, undo, undo_batch
from saleor_cdkeys.models import Key, KeyBatch, KeyOrder, KeyUnit
from saleor_cdkeys.statuses import BatchStatus, KeyStatus, UnitStatus
from saleor_cdkeys.values import SYSTEM
from tests.factories.cdkeys import buy
from tests.stock_import.files import codes_of, run_import
from tests.stock_import.processes import run_at_once, together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CODES = [f"AAAA-{n:05d}" for n in range(3000)]

# What somebody would write who thinks that looking first is enough.
LOOK_THEN_INSERT = staging._INSERT.replace(
    "ORDER BY fingerprint, id\nON CONFLICT (fingerprint) DO NOTHING",
    "WHERE NOT EXISTS (SELECT 1 FROM saleor_cdkeys_key AS key"
    " WHERE key.fingerprint = cdkeys_staged.fingerprint)",
)
IN_ORDER_OF_THE_FILE = staging._INSERT.replace("ORDER BY fingerprint, id", "ORDER BY id")


def an_import(codes, *, meet, meet_after=None):
    """A job that imports codes, and meets the other one just before each chunk goes in."""

    def job():
        store = staging.store

        def store_together(**arguments):
            meet()
            stored = store(**arguments)
            if meet_after is not None:
                meet_after()
            return stored

        staging.store = store_together
        run_import("\n".join(codes), default_sku="GAME-A")

    return job


@pytest.fixture
def without_unique_fingerprints(transactional_db):
    """A database that does not refuse the same code twice; mended afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE saleor_cdkeys_key DROP CONSTRAINT saleor_cdkeys_key_fingerprint_key"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM saleor_cdkeys_key")
        cursor.execute(
            "ALTER TABLE saleor_cdkeys_key"
            " ADD CONSTRAINT saleor_cdkeys_key_fingerprint_key UNIQUE (fingerprint)"
        )


def stored_twice() -> int:
    fingerprints = Key.objects.order_by().values("fingerprint").annotate(times=Count("id"))
    return fingerprints.filter(times__gt=1).count()


def test_same_file_twice_at_once_stores_each_code_once(games, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 500)
    meet = together(2)

    codes = run_at_once(an_import(CODES, meet=meet), an_import(CODES, meet=meet))

    assert codes == [0, 0]
    assert stored_twice() == 0
    assert codes_of(games.a) == CODES
    batches = list(KeyBatch.objects.all())
    assert [batch.status for batch in batches] == [BatchStatus.DONE] * 2
    assert [batch.row_count for batch in batches] == [len(CODES)] * 2
    assert sum(batch.created_count for batch in batches) == len(CODES)
    assert sum(batch.duplicate_count for batch in batches) == len(CODES)
    for batch in batches:
        assert Key.objects.filter(batch=batch).count() == batch.created_count


def test_control_without_the_constraint_the_same_race_stores_codes_twice(
    games, monkeypatch, without_unique_fingerprints
):
    monkeypatch.setattr(staging, "_INSERT", LOOK_THEN_INSERT)
    meet, meet_after = together(2), together(2)

    codes = run_at_once(
        an_import(CODES, meet=meet, meet_after=meet_after),
        an_import(CODES, meet=meet, meet_after=meet_after),
    )

    assert codes == [0, 0]
    assert stored_twice() == len(CODES)


def test_same_codes_in_opposite_order_do_not_deadlock(games):
    meet = together(2)

    codes = run_at_once(an_import(CODES, meet=meet), an_import(CODES[::-1], meet=meet))

    assert codes == [0, 0]
    assert stored_twice() == 0
    assert codes_of(games.a) in (CODES, CODES[::-1])


def test_control_unsorted_inserts_deadlock(games, monkeypatch):
    monkeypatch.setattr(staging, "_INSERT", IN_ORDER_OF_THE_FILE)
    many = [f"AAAA-{n:05d}" for n in range(10_000)]
    meet = together(2)

    codes = run_at_once(an_import(many, meet=meet), an_import(many[::-1], meet=meet))

    assert sorted(codes) == [0, 1]
    assert {batch.status for batch in KeyBatch.objects.all()} == {
        BatchStatus.DONE,
        BatchStatus.FAILED,
    }


# Undo looks for free keys, and half a second later removes them.
SLOW_LOOK = (
    f"WITH next AS MATERIALIZED ({undo._NEXT}), pause AS MATERIALIZED (SELECT pg_sleep(0.5)) "
    "SELECT next.id FROM next CROSS JOIN pause ORDER BY next.id"
)
REMOVE_WITHOUT_LOOKING_AGAIN = "DELETE FROM saleor_cdkeys_key AS key WHERE key.id = ANY(%s)"


def sell(order):
    """Give a key order its keys, as the runner does while it holds the lease."""
    token = uuid.uuid4()
    KeyOrder.objects.filter(order_id=order.pk).update(lease_token=token)
    key_order = KeyOrder.objects.get(order_id=order.pk)
    assert stock.allocate(key_order_id=key_order.pk, lease_token=token) == key_order.quantity


def undo_while_selling(games, channel) -> list[int]:
    batch, _rows = run_import("\n".join(CODES[:100]), default_sku="GAME-A")
    orders = [buy(channel=channel, lines=[(games.a, 10)]) for _ in range(3)]
    meet = together(2)

    def take_back():
        meet()
        undo_batch(batch_id=batch.pk, actor=SYSTEM)

    def sell_two():
        meet()
        # The pause lets undo look first; the transaction stays open while undo removes.
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute("SELECT pg_sleep(0.2)")
            for order in orders[1:]:
                sell(order)
            cursor.execute("SELECT pg_sleep(0.6)")

    sell(orders[0])
    return run_at_once(take_back, sell_two)


def filled_units_without_a_key() -> int:
    filled = KeyUnit.objects.exclude(status=UnitStatus.OPEN)
    return filled.exclude(keys__status=KeyStatus.ASSIGNED).count()


def test_undo_leaves_keys_that_are_being_sold(games, channel, monkeypatch):
    monkeypatch.setattr(undo, "_NEXT", SLOW_LOOK)

    codes = undo_while_selling(games, channel)

    assert codes == [0, 0]
    assert filled_units_without_a_key() == 0
    assert KeyUnit.objects.filter(keys__status=KeyStatus.ASSIGNED).count() == 30
    assert Key.objects.count() == 30
    assert KeyBatch.objects.get().removed_count == 70


def test_control_undo_that_does_not_look_again_loses_sold_keys(games, channel, monkeypatch):
    monkeypatch.setattr(undo, "_NEXT", SLOW_LOOK)
    monkeypatch.setattr(undo, "_REMOVE", REMOVE_WITHOUT_LOOKING_AGAIN)

    undo_while_selling(games, channel)

    assert filled_units_without_a_key() == 20
