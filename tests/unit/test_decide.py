"""What is done with a key order, read from the order itself: the rules, the first that speaks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import uuid
from decimal import Decimal

import pytest

from saleor_cdkeys.channel_config import ChannelConfig
from saleor_cdkeys.models import KeyOrder, KeyProduct, KeyUnit
from saleor_cdkeys.orders.decide import CallOff, Hold, NotYet, Proceed, decide
from saleor_cdkeys.statuses import KeyOrderStatus as S
from saleor_cdkeys.statuses import Reason, Source
from saleor_cdkeys.values import LineSnapshot, Money, OrderSnapshot

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
LINE = uuid.UUID(int=1)
CONFIG = ChannelConfig(
    auto_processing=True,
    process_delay=0,
    codes_in_mail=False,
    sender_name="",
    sender_address="",
    mail_subject="",
    mail_intro="",
    mail_footer="",
    alert_recipients=(),
    hold_above_amount=None,
    hold_above_quantity=None,
    link_days=30,
)


def _order(*, fulfilled=0, lines=None, total="40", **changes) -> OrderSnapshot:
    line = LineSnapshot(
        id=LINE,
        variant_id=1,
        product_name="Game",
        variant_name="",
        sku="game",
        quantity=2,
        quantity_fulfilled=fulfilled,
        unit_price=Money(Decimal(20), "EUR"),
    )
    order = OrderSnapshot(
        id=uuid.UUID(int=2),
        number="1",
        status="unfulfilled",
        charge_status="full",
        channel_id=1,
        channel_slug="shop",
        user_id=None,
        email="customer@example.com",
        customer_name="",
        language_code="en",
        country="DE",
        total=Money(Decimal(total), "EUR"),
        created_at=NOW,
        lines=(line,) if lines is None else lines,
    )
    return dataclasses.replace(order, **changes)


def _key_order(*, delivered=0, product=None, **fields) -> KeyOrder:
    key_order = KeyOrder(
        pk=1,
        order_line_id=LINE,
        quantity=2,
        key_product=KeyProduct(pk=1, **(product or {})),
        **{"status": S.PENDING, "paid_at": NOW, **fields},
    )
    units = [KeyUnit(number=n, delivered_at=NOW if n <= delivered else None) for n in (1, 2)]
    key_order._prefetched_objects_cache = {"units": units}
    return key_order


def _decide(key_order=None, order="as paid", *, was_paid=True, now=NOW, **config):
    return decide(
        key_order=key_order or _key_order(),
        order=_order() if order == "as paid" else order,
        was_paid=was_paid,
        config=dataclasses.replace(CONFIG, **config),
        now=now,
    )


@pytest.mark.parametrize("was_paid", [True, False])
def test_a_paid_open_order_goes_on(was_paid):
    assert _decide(was_paid=was_paid) == Proceed()
    assert _decide(order=_order(charge_status="overcharged"), was_paid=was_paid) == Proceed()
    assert _decide(order=_order(status="partially fulfilled"), was_paid=was_paid) == Proceed()


def test_an_order_that_is_gone_is_for_a_person():
    assert _decide(order=None) == Hold(Reason.ORDER_MISSING)


@pytest.mark.parametrize("released", [True, False])
@pytest.mark.parametrize("key_order_status", [S.PENDING, S.PROCESSING, S.WAITING, S.FULFILLED])
@pytest.mark.parametrize("charge_status", ["none", "partial", "full", "overcharged"])
@pytest.mark.parametrize("was_paid", [True, False])
@pytest.mark.parametrize(
    ("status", "reason"),
    [("canceled", Reason.ORDER_CANCELED), ("expired", Reason.ORDER_EXPIRED)],
)
def test_what_was_called_off_is_called_off_whatever_else(
    status, reason, was_paid, charge_status, key_order_status, released
):
    key_order = _key_order(status=key_order_status, released_by_staff=released)
    order = _order(status=status, charge_status=charge_status)
    assert _decide(key_order, order, was_paid=was_paid) == CallOff(S.CANCELED, reason)


#: charge status, known as paid before → what is decided about an open order.
PAYMENTS = {
    ("none", False): NotYet(Reason.NOT_PAID),
    ("none", True): CallOff(S.REFUNDED, Reason.ORDER_REFUNDED),
    ("partial", False): NotYet(Reason.NOT_PAID),
    ("partial", True): Hold(Reason.PAYMENT_REVERSED),
    ("full", False): Proceed(),
    ("full", True): Proceed(),
    ("overcharged", False): Proceed(),
    ("overcharged", True): Proceed(),
}


@pytest.mark.parametrize(("payment", "expected"), PAYMENTS.items())
@pytest.mark.parametrize("released", [True, False])
@pytest.mark.parametrize("status", [S.PENDING, S.PROCESSING, S.WAITING])
def test_nothing_is_obtained_that_is_not_paid(payment, expected, released, status):
    charge_status, was_paid = payment
    key_order = _key_order(status=status, released_by_staff=released)
    assert _decide(key_order, _order(charge_status=charge_status), was_paid=was_paid) == expected


@pytest.mark.parametrize("status", ["draft", "unconfirmed"])
@pytest.mark.parametrize(
    ("charge_status", "reason"), [("full", Reason.NOT_CONFIRMED), ("none", Reason.NOT_PAID)]
)
@pytest.mark.parametrize("released", [True, False])
def test_nothing_is_obtained_that_is_not_confirmed(status, charge_status, reason, released):
    order = _order(status=status, charge_status=charge_status)
    key_order = _key_order(released_by_staff=released)
    assert _decide(key_order, order, was_paid=False) == NotYet(reason)


@pytest.mark.parametrize("status", ["fulfilled", "partially_returned", "returned"])
def test_an_order_that_was_closed_in_saleor_is_for_a_person(status):
    assert _decide(order=_order(status=status)) == Hold(Reason.ORDER_CLOSED)


def test_a_line_that_was_fulfilled_in_saleor_is_for_a_person():
    assert _decide(order=_order(fulfilled=2)) == Hold(Reason.ORDER_CLOSED)
    assert _decide(order=_order(lines=())) == Hold(Reason.ORDER_CLOSED)
    assert _decide(order=_order(fulfilled=1)) == Proceed()


def test_what_we_delivered_ourselves_does_not_close_the_rest():
    key_order = _key_order(status=S.WAITING, delivered=1)
    order = _order(fulfilled=2, status="partially fulfilled")
    assert _decide(key_order, order) == Proceed()


@pytest.mark.parametrize(
    "fields", [{"status": S.PROCESSING}, {"status": S.WAITING, "released_by_staff": True}]
)
def test_what_is_under_way_is_not_stopped_by_a_closed_order(fields):
    assert _decide(_key_order(**fields), _order(status="fulfilled", fulfilled=2)) == Proceed()


@pytest.mark.parametrize(
    ("product", "reason"),
    [
        ({"is_active": False}, Reason.PRODUCT_INACTIVE),
        ({"source": Source.MANUAL}, Reason.MANUAL_PRODUCT),
        ({"source": Source.MANUAL, "is_active": False}, Reason.PRODUCT_INACTIVE),
    ],
)
@pytest.mark.parametrize("released", [True, False])
@pytest.mark.parametrize("status", [S.PENDING, S.PROCESSING, S.WAITING])
def test_the_product_may_want_a_person_even_where_staff_released(product, reason, released, status):
    key_order = _key_order(product=product, released_by_staff=released, status=status)
    assert _decide(key_order) == Hold(reason)


#: settings of the channel → what they hold, for 2 keys in an order of 40.
HOLDS = [
    ({"auto_processing": False}, Reason.AUTO_PROCESSING_OFF),
    ({"hold_above_amount": Decimal("39.99")}, Reason.ABOVE_AMOUNT),
    ({"hold_above_amount": Decimal(0)}, Reason.ABOVE_AMOUNT),
    ({"hold_above_quantity": 1}, Reason.ABOVE_QUANTITY),
    (
        {"auto_processing": False, "hold_above_amount": Decimal(1), "hold_above_quantity": 1},
        Reason.AUTO_PROCESSING_OFF,
    ),
    ({"hold_above_amount": Decimal(1), "hold_above_quantity": 1}, Reason.ABOVE_AMOUNT),
]


@pytest.mark.parametrize(("config", "reason"), HOLDS)
@pytest.mark.parametrize("status", [S.PENDING, S.WAITING])
def test_what_the_channel_holds_waits_until_staff_release_it(config, reason, status):
    assert _decide(_key_order(status=status), **config) == Hold(reason)
    assert _decide(_key_order(status=status, released_by_staff=True), **config) == Proceed()
    assert _decide(_key_order(status=S.PROCESSING), **config) == Proceed()


@pytest.mark.parametrize("config", [{"hold_above_amount": Decimal(40)}, {"hold_above_quantity": 2}])
def test_a_limit_itself_is_not_above_it(config):
    assert _decide(**config) == Proceed()


def test_what_staff_hold_waits_until_staff_release_it():
    held = {"reason": Reason.HELD_BY_STAFF, "status": S.WAITING}
    assert _decide(_key_order(**held)) == Hold(Reason.HELD_BY_STAFF)
    assert _decide(_key_order(**held, released_by_staff=True)) == Proceed()


@pytest.mark.parametrize(
    ("paid_at", "expected"),
    [
        (NOW, NotYet(Reason.DELAY, NOW + dt.timedelta(seconds=60))),
        (NOW - dt.timedelta(seconds=59), NotYet(Reason.DELAY, NOW + dt.timedelta(seconds=1))),
        (NOW - dt.timedelta(seconds=60), Proceed()),
        (None, NotYet(Reason.DELAY, NOW + dt.timedelta(seconds=60))),
    ],
)
def test_the_delay_runs_from_the_payment(paid_at, expected):
    assert _decide(_key_order(paid_at=paid_at), process_delay=60) == expected


@pytest.mark.parametrize(
    "fields",
    [{"released_by_staff": True}, {"status": S.PROCESSING}, {"status": S.WAITING}],
)
def test_the_delay_runs_once_and_staff_end_it(fields):
    assert _decide(_key_order(**fields), process_delay=60) == Proceed()


def test_only_a_paid_and_confirmed_order_ever_proceeds():
    statuses = ["draft", "unconfirmed", "unfulfilled", "partially fulfilled", "fulfilled"]
    statuses += ["partially_returned", "returned", "canceled", "expired"]
    charges = ["none", "partial", "full", "overcharged"]
    for status, charge, was_paid, released, own in itertools.product(
        statuses, charges, (True, False), (True, False), S
    ):
        decision = _decide(
            _key_order(status=own, released_by_staff=released),
            _order(status=status, charge_status=charge),
            was_paid=was_paid,
        )
        if decision == Proceed():
            assert charge in ("full", "overcharged")
            assert status not in ("draft", "unconfirmed", "canceled", "expired")
