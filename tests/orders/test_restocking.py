"""Orders that wait for keys go on when there are some, the oldest first."""

from __future__ import annotations

from django.utils import timezone

from saleor_cdkeys.acquisition.stock import wake_waiting
from saleor_cdkeys.models import Alert
from saleor_cdkeys.statuses import AlertKind, KeyOrderStatus, Reason
from tests.factories.cdkeys import add_keys, buy, key_orders, make_key_product, run
from tests.orders.running import due, statuses


def test_out_of_stock_waits_and_goes_on_by_itself_after_a_restock(channel):
    product = make_key_product(channel=channel, source="stock")
    first = buy(channel=channel, lines=[(product, 2)])
    second = buy(channel=channel, lines=[(product, 1)])
    run(first)
    run(second)
    for order in (first, second):
        assert statuses(order) == [(KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)]
        assert key_orders(order)[0].next_run_at > timezone.now()
    alert = Alert.objects.get()
    assert (alert.kind, alert.count) == (AlertKind.OUT_OF_STOCK, 2)

    add_keys(product, count=2)
    assert wake_waiting(key_product_id=product.pk) == 2
    run(second)
    run(first)

    assert statuses(first) == [(KeyOrderStatus.DELIVERED, "")]
    assert statuses(second) == [(KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)]


def test_a_newcomer_leaves_the_keys_to_those_who_wait(channel):
    product = make_key_product(channel=channel, source="stock")
    waiting = buy(channel=channel, lines=[(product, 1)])
    run(waiting)
    add_keys(product, count=1)
    newcomer = buy(channel=channel, lines=[(product, 1)])

    run(newcomer)
    assert statuses(newcomer) == [(KeyOrderStatus.WAITING, Reason.OUT_OF_STOCK)]

    due(waiting)
    run(waiting)
    assert statuses(waiting) == [(KeyOrderStatus.DELIVERED, "")]
