"""Workers that die at any moment of their work, and what the sweeper makes of it."""

from __future__ import annotations

import pytest

from saleor_cdkeys.intake.record import note_order
from saleor_cdkeys.orders.runner import run_order
from tests.concurrency.promises import broken
from tests.crash.dying import Death, die_at_each_moment
from tests.crash.recovery import recover
from tests.factories.cdkeys import make_key_product, place

pytestmark = pytest.mark.race


def everything_wrong(deaths: list[Death], mails) -> dict[str, list[str]]:
    """What is wrong with which order, named by when its worker died."""
    found = {}
    for number, death in enumerate(deaths, start=1):
        wrong = broken(death.order, mails=mails, repeated_mails=int(death.may_mail_twice))
        if wrong:
            found[f"{number}. {death.moment.label}"] = wrong
    return found


@pytest.fixture(params=["lasting", pytest.param("every", marks=pytest.mark.slow)])
def every(request):
    """Whether workers die at every statement, or only where something lasts."""
    return request.param == "every"


def note_and_run(order):
    note_order(order.pk)
    run_order(order_id=order.pk)


def test_an_order_from_stock(shop, mails, every):
    def prepare(number):
        lines = [
            (make_key_product(channel=shop, sku=f"{name}-{number}", source="stock", stock=3), count)
            for name, count in (("one", 2), ("two", 1))
        ]
        return place(channel=shop, lines=lines, email=f"customer{number}@example.com")

    deaths = die_at_each_moment(prepare, note_and_run, every=every)
    recover()

    assert everything_wrong(deaths, mails) == {}
