"""Which hooks Saleor fires for what, and that every sequence ends in the same rows."""

from __future__ import annotations

import itertools

import pytest
from saleor.plugins.manager import get_plugins_manager

from saleor_cdkeys.models import KeyOrder, KeyOrderEvent, KeyUnit
from tests.factories import make_order, make_variant
from tests.factories.cdkeys import make_key_product, place
from tests.intake.rows import announce, change, recorded, rows_of

HOOKS = (
    "order_created",
    "order_bulk_created",
    "order_confirmed",
    "order_paid",
    "order_fully_paid",
    "order_updated",
    "order_expired",
    "order_cancelled",
    "order_refunded",
    "order_fully_refunded",
)
PAID = ("order_created", "order_paid", "order_fully_paid", "order_updated")

OPEN_PAID = {"status": "unfulfilled", "charge_status": "full"}
OPEN_UNPAID = {"status": "unfulfilled", "charge_status": "none"}
UNCONFIRMED_PAID = {"status": "unconfirmed", "charge_status": "full"}
UNCONFIRMED_UNPAID = {"status": "unconfirmed", "charge_status": "none"}

# Operation → (state of the order, hooks fired in it)…, and whether it is paid and due in the end.
OPERATIONS = {
    "checkout, charged, confirmed by itself": (
        [(OPEN_PAID, (*PAID, "order_confirmed"))],
        (True, True),
    ),
    "checkout, only authorized": (
        [(OPEN_UNPAID, ("order_created", "order_confirmed"))],
        (False, False),
    ),
    "checkout of nothing to pay": (
        [
            (UNCONFIRMED_PAID, ("order_created", "order_paid")),
            (OPEN_PAID, ("order_fully_paid", "order_updated", "order_confirmed")),
        ],
        (True, True),
    ),
    "checkout, charged, waiting to be confirmed": ([(UNCONFIRMED_PAID, PAID)], (True, False)),
    "the same, confirmed by staff later": (
        [(UNCONFIRMED_PAID, PAID), (OPEN_PAID, ("order_confirmed",))],
        (True, True),
    ),
    "unpaid order of a channel that allows it": (
        [(UNCONFIRMED_UNPAID, ("order_created", "order_confirmed"))],
        (False, False),
    ),
    "marked as paid": (
        [
            (OPEN_UNPAID, ("order_created", "order_confirmed")),
            (OPEN_PAID, ("order_fully_paid", "order_updated")),
        ],
        (True, True),
    ),
    "marked as paid while a draft, then completed": (
        [
            ({"status": "draft", "charge_status": "full"}, ("order_fully_paid",)),
            (OPEN_PAID, (*PAID, "order_confirmed")),
        ],
        (True, True),
    ),
    "a draft, marked as paid": (
        [({"status": "draft", "charge_status": "full"}, ("order_fully_paid",))],
        (True, False),
    ),
    "a draft, completed unpaid": (
        [(OPEN_UNPAID, ("order_created", "order_confirmed"))],
        (False, False),
    ),
    "charged in part": (
        [
            (OPEN_UNPAID, ("order_created", "order_confirmed")),
            (
                {"status": "unfulfilled", "charge_status": "partial"},
                ("order_paid", "order_updated"),
            ),
        ],
        (False, False),
    ),
    "charged in two parts": (
        [
            (OPEN_UNPAID, ("order_created", "order_confirmed")),
            (
                {"status": "unfulfilled", "charge_status": "partial"},
                ("order_paid", "order_updated"),
            ),
            (OPEN_PAID, ("order_paid", "order_fully_paid", "order_updated")),
        ],
        (True, True),
    ),
    "charged too much": (
        [
            (OPEN_PAID, PAID),
            (
                {"status": "unfulfilled", "charge_status": "overcharged"},
                ("order_paid", "order_fully_paid", "order_updated"),
            ),
        ],
        (True, True),
    ),
    "created in bulk, charged": ([(OPEN_PAID, ("order_bulk_created",))], (True, True)),
    "refunded": (
        [
            (OPEN_PAID, PAID),
            (OPEN_UNPAID, ("order_refunded", "order_updated", "order_fully_refunded")),
        ],
        (True, True),
    ),
    "charged back": ([(OPEN_PAID, PAID), (OPEN_UNPAID, ("order_updated",))], (True, True)),
    "cancelled": (
        [
            (OPEN_UNPAID, ("order_created",)),
            (
                {"status": "canceled", "charge_status": "none"},
                ("order_cancelled", "order_updated"),
            ),
        ],
        (False, True),
    ),
    "expired": (
        [
            (UNCONFIRMED_UNPAID, ("order_created",)),
            ({"status": "expired", "charge_status": "none"}, ("order_expired", "order_updated")),
        ],
        (False, True),
    ),
}


@pytest.fixture
def order(channel):
    """Three keys of one product, one of another, and a T-shirt."""
    two = make_key_product(channel=channel, sku="two")
    one = make_key_product(channel=channel, sku="one")
    shirt = make_variant(sku="shirt", channel=channel)
    order = place(channel=channel, lines=[(one, 3), (two, 1)], status="draft")
    from tests.factories.host import add_line

    add_line(order, shirt, 1)
    return order


def expected(*, is_paid, is_due):
    return [
        recorded("one", 3, is_paid=is_paid, is_due=is_due),
        recorded("two", 1, is_paid=is_paid, is_due=is_due),
    ]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_ends_in_its_rows(order, operation):
    steps, (is_paid, is_due) = OPERATIONS[operation]

    for state, hooks in steps:
        change(order, **state)
        announce(order, *hooks)

    assert rows_of(order) == expected(is_paid=is_paid, is_due=is_due)
    # And nothing else: no row for the shirt, none twice.
    counts = KeyOrder.objects.count(), KeyUnit.objects.count(), KeyOrderEvent.objects.count()
    assert counts == (2, 4, 2)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_announced_twice_ends_in_the_same_rows(order, operation):
    steps, (is_paid, is_due) = OPERATIONS[operation]

    for state, hooks in steps:
        change(order, **state)
        announce(order, *hooks, *hooks)

    assert rows_of(order) == expected(is_paid=is_paid, is_due=is_due)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_last_hook_of_an_operation_is_enough_to_be_due(order, operation):
    """An exception in another plugin swallows the rest; the sweeper finds what none announced."""
    steps, (_is_paid, is_due) = OPERATIONS[operation]
    state, hooks = steps[-1]
    change(order, **state)

    announce(order, hooks[-1])

    never_paid = operation in ("refunded", "charged back")
    assert [row.is_due for row in rows_of(order)] == [is_due and not never_paid] * 2


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_alone_records(order, hook):
    change(order, **OPEN_PAID)

    announce(order, hook)

    assert rows_of(order) == expected(is_paid=True, is_due=True)


def test_the_order_of_hooks_does_not_matter(channel):
    product = make_key_product(channel=channel)
    hooks = (*PAID, "order_confirmed")
    for sequence in itertools.permutations(hooks, 3):
        order = place(channel=channel, lines=[(product, 2)])
        announce(order, *sequence)
        assert rows_of(order) == [recorded("game-1", 2)], sequence


def test_orders_created_in_bulk_are_recorded_together(channel):
    product = make_key_product(channel=channel)
    shirt = make_variant(sku="shirt", channel=channel)
    paid = [place(channel=channel, lines=[(product, n)]) for n in (1, 2)]
    unpaid = place(channel=channel, lines=[(product, 3)], charge_status="none")
    other = make_order(channel, [(shirt, 1)])

    get_plugins_manager(allow_replica=False).order_bulk_created([*paid, unpaid, other])

    assert [rows_of(order) for order in (*paid, unpaid, other)] == [
        [recorded("game-1", 1)],
        [recorded("game-1", 2)],
        [recorded("game-1", 3, is_paid=False, is_due=False)],
        [],
    ]


def test_two_lines_of_one_product_are_two_key_orders(channel):
    product = make_key_product(channel=channel)
    order = place(channel=channel, lines=[(product, 1), (product, 2)])

    announce(order, *PAID)

    assert rows_of(order) == [recorded("game-1", 1), recorded("game-1", 2)]


def test_a_product_that_is_switched_off_is_recorded(channel):
    product = make_key_product(channel=channel, is_active=False)
    order = place(channel=channel, lines=[(product, 1)])

    announce(order, "order_fully_paid")

    assert rows_of(order) == [recorded("game-1", 1)]


def test_a_free_line_is_recorded_like_any_other(channel):
    product = make_key_product(channel=channel, price="0.00")
    order = place(channel=channel, lines=[(product, 1)])

    announce(order, "order_fully_paid")

    assert rows_of(order) == [recorded("game-1", 1)]


def test_an_order_without_key_products_leaves_no_row(channel):
    make_key_product(channel=channel)
    order = make_order(channel, [(make_variant(sku="shirt", channel=channel), 2)])

    announce(order, *HOOKS)

    assert KeyOrder.objects.count() == 0


def test_hooks_hand_on_what_the_plugin_before_said(channel):
    plugin = get_plugins_manager(allow_replica=False).get_plugin("saleor.cdkeys")
    order = make_order(channel, [(make_variant(channel=channel), 1)])
    for hook in HOOKS:
        subject = [order] if hook == "order_bulk_created" else order
        said = object()
        assert getattr(plugin, hook)(subject, previous_value=said, not_yet_invented=1) is said
