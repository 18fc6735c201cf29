"""A key is either seen or back in stock, never both, whoever comes first."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from saleor_cdkeys.delivery import reveal
from saleor_cdkeys.delivery.links import create_link
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.delivery.reveal import reveal_for_link
from saleor_cdkeys.models import Key, KeyAccess
from saleor_cdkeys.orders.calling_off import call_off
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason
from tests.delivery.rows import make_line

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link():
    key_order = make_line("AAAA-1111", "AAAA-2222")
    (delivery,) = queue_for_order(order_id=key_order.order_id)
    return create_link(delivery_id=delivery.pk, days=30)[1]


def cancel(link):
    call_off(
        key_order_id=link.delivery.items.first().unit.key_order_id,
        to=KeyOrderStatus.CANCELED,
        reason=Reason.ORDER_CANCELED,
    )


def wait_until_blocked():
    """Until some connection waits for a lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("nobody waits")


def at_once(first, second):
    """Run the first in a transaction that stays open until the second waits for it."""
    started = threading.Event()
    answers = []

    def other():
        started.wait()
        try:
            answers.append(second())
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    with transaction.atomic():
        first()
        started.set()
        wait_until_blocked()
    thread.join()
    return answers[0]


def test_a_reveal_during_a_cancellation_shows_nothing(link):
    assert at_once(lambda: cancel(link), lambda: reveal_for_link(link=link, ip=None)) == []
    assert list(Key.objects.values_list("status", "exposed_at")) == [
        (KeyStatus.AVAILABLE, None),
        (KeyStatus.AVAILABLE, None),
    ]
    assert KeyAccess.objects.count() == 0


def test_a_cancellation_during_a_reveal_quarantines(link):
    def mark():
        reveal.expose_for_mail(delivery_id=link.delivery_id)

    at_once(mark, lambda: cancel(link))
    assert {key.status for key in Key.objects.all()} == {KeyStatus.QUARANTINED}
    assert Key.objects.filter(exposed_at=None).count() == 0
    assert KeyAccess.objects.count() == 2
