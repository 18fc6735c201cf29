"""Nothing of a product leaves before its moment, and at that moment it goes by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys import postman
from saleor_cdkeys.acquisition import products
from saleor_cdkeys.delivery.resend import resend
from saleor_cdkeys.errors import InvalidInput
from saleor_cdkeys.models import Delivery, Key, KeyOrder, KeyProduct, Purchase
from saleor_cdkeys.orders import actions, unreleased
from saleor_cdkeys.statuses import KeyOrderStatus, KeyStatus, Reason
from saleor_cdkeys.values import SYSTEM, KeyCode
from tests.factories.cdkeys import buy, key_orders, make_key_product, run
from tests.preorders.conftest import in_words, send_due, set_moment, sweep, told
from tests.purchasing.books import run_again


@pytest.fixture
def release_at():
    return timezone.now() + dt.timedelta(hours=20)


@pytest.fixture
def product(channel, release_at):
    return make_key_product(channel=channel, stock=3, release_at=release_at)


def with_links():
    return [message for message in mail.outbox if "/k/" in message.body]


def test_keys_in_stock_wait_for_the_moment_and_the_customer_knows(channel, product, release_at):
    order = buy(channel=channel, lines=[(product, 2)])

    (row,) = run(order)
    sweep()

    assert (row.status, row.reason) == (KeyOrderStatus.PENDING, Reason.NOT_RELEASED)
    assert row.next_run_at == release_at
    assert Key.objects.filter(status=KeyStatus.AVAILABLE).count() == 3
    (message,) = mail.outbox
    assert f"released on {in_words(release_at)}" in message.subject
    assert with_links() == []


def test_an_order_that_is_not_paid_is_told_nothing(channel, product):
    row = run_again(buy(channel=channel, lines=[(product, 1)], charge_status="none"))

    assert row.reason == Reason.NOT_PAID
    assert not Delivery.objects.exists()


def test_at_the_moment_it_goes_out_by_itself(channel, product):
    order = buy(channel=channel, lines=[(product, 2)])
    run(order)
    sweep()
    mail.outbox.clear()
    moment = timezone.now() - dt.timedelta(seconds=1)
    KeyProduct.objects.update(release_at=moment)
    KeyOrder.objects.update(next_run_at=moment)

    sweep()

    (row,) = key_orders(order)
    assert row.status == KeyOrderStatus.DELIVERED
    assert len(with_links()) == len(mail.outbox) == 1
    assert order.lines.get().quantity_fulfilled == 2


def test_staff_who_process_an_order_do_not_break_the_promise(channel, product, release_at):
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)
    actions.process_now(key_order_id=row.pk, actor=SYSTEM)

    (row,) = run(order)

    assert (row.reason, row.next_run_at) == (Reason.NOT_RELEASED, release_at)
    assert with_links() == []


def test_keys_that_staff_typed_wait_as_well(channel, product, release_at):
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)
    actions.enter_keys(
        key_order_id=row.pk, codes=[KeyCode.of_text("TYPED-CODE-0001")], actor=SYSTEM
    )

    row = run_again(order)

    assert (row.status, row.next_run_at) == (KeyOrderStatus.FULFILLED, release_at)
    assert Delivery.objects.filter(kind="initial").count() == 0
    set_moment(product, None)
    sweep()
    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED
    assert len(with_links()) == 1


def test_a_moment_that_moves_is_told_where_the_keys_are_there(channel, product, release_at):
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)
    sweep()
    actions.enter_keys(
        key_order_id=row.pk, codes=[KeyCode.of_text("TYPED-CODE-0001")], actor=SYSTEM
    )
    sweep()
    later = release_at + dt.timedelta(days=10)

    set_moment(product, later)
    sweep()
    sweep()

    assert key_orders(order)[0].status == KeyOrderStatus.FULFILLED
    assert told() == [
        f"released on {in_words(release_at)}",
        f"the release moved to {in_words(later)}",
    ]


@pytest.fixture
def mail_is_down():
    """No message leaves until it is called."""

    def refuse(_message, **_transport):
        raise postman.MailDelayed("down")

    patched = pytest.MonkeyPatch()
    patched.setattr(postman, "hand_over", refuse)

    def up():
        patched.undo()
        Delivery.objects.filter(status="queued").update(next_run_at=timezone.now())

    yield up
    patched.undo()


def test_a_message_that_waits_for_the_mail_server_keeps_the_promise(
    channel, mail_is_down, release_at
):
    product = make_key_product(channel=channel, stock=1)
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    set_moment(product, release_at)

    mail_is_down()
    sweep()

    assert with_links() == []
    assert key_orders(order)[0].status == KeyOrderStatus.FULFILLED
    assert Delivery.objects.get(kind="initial").status == "canceled"
    set_moment(product, None)
    sweep()
    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED
    assert len(with_links()) == 1


def test_what_waits_with_it_and_is_released_goes(channel, mail_is_down, release_at):
    product = make_key_product(channel=channel, stock=1)
    other = make_key_product(channel=channel, sku="game-2", stock=1)
    order = buy(channel=channel, lines=[(product, 1), (other, 1)])
    run(order)
    set_moment(product, release_at)

    mail_is_down()
    sweep()

    (message,) = with_links()
    assert "Game game-2" in message.body
    assert "Game game-1" not in message.body
    KeyOrder.objects.update(next_run_at=timezone.now())
    first, second = run(order)
    assert (first.status, second.status) == (KeyOrderStatus.FULFILLED, KeyOrderStatus.DELIVERED)
    assert any("The keys may not leave before" in event.message for event in first.events.all())


def test_sent_again_it_waits_as_well(channel, mail_is_down, release_at):
    product = make_key_product(channel=channel, stock=1)
    (row,) = run(buy(channel=channel, lines=[(product, 1)]))
    again = resend(key_order_id=row.pk, recipient="other@example.com", note="asked", actor=SYSTEM)
    set_moment(product, release_at)

    mail_is_down()
    sweep()

    assert with_links() == []
    again.refresh_from_db()
    assert (again.status, again.attempts) == ("queued", 0)
    set_moment(product, None)
    Delivery.objects.filter(status="queued").update(next_run_at=timezone.now())
    sweep()
    (message,) = with_links()
    assert message.to == ["other@example.com"]


def test_staff_cannot_send_again_what_is_not_released(channel, product, release_at):
    order = buy(channel=channel, lines=[(product, 1)])
    (row,) = run(order)
    actions.enter_keys(
        key_order_id=row.pk, codes=[KeyCode.of_text("TYPED-CODE-0001")], actor=SYSTEM
    )

    with pytest.raises(InvalidInput) as refused:
        resend(key_order_id=row.pk, recipient=None, note="", actor=SYSTEM)

    day = timezone.localtime(release_at).strftime("%Y-%m-%d %H:%M %Z")
    assert str(refused.value) == (
        f"The keys may not leave before {day}, the release of the product."
    )
    assert not Delivery.objects.filter(kind="resend").exists()


def test_what_the_customer_has_may_be_sent_again(channel, release_at):
    product = make_key_product(channel=channel, stock=1)
    (row,) = run(buy(channel=channel, lines=[(product, 1)]))
    set_moment(product, release_at)

    resend(key_order_id=row.pk, recipient=None, note="", actor=SYSTEM)
    send_due()

    assert len(with_links()) == 2


def test_of_an_order_with_two_products_what_is_released_goes(channel, product):
    other = make_key_product(channel=channel, sku="game-2", stock=1)
    order = buy(channel=channel, lines=[(product, 1), (other, 1)])

    first, second = run(order)

    assert (first.status, second.status) == (KeyOrderStatus.PENDING, KeyOrderStatus.DELIVERED)
    assert len(with_links()) == 1


def test_a_moment_that_moves_is_told(channel, product, release_at):
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    sweep()
    later = release_at + dt.timedelta(days=10)

    set_moment(product, later)
    sweep()
    sweep()

    (row,) = key_orders(order)
    # It is looked at once a day in any case.
    assert 86_000 < (row.next_run_at - timezone.now()).total_seconds() <= 86_400
    assert told() == [
        f"released on {in_words(release_at)}",
        f"the release moved to {in_words(later)}",
    ]


def test_a_moment_that_is_taken_away_lets_everything_go(channel, product):
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)

    set_moment(product, None)
    sweep()

    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED
    assert len(mail.outbox) == len(with_links()) == 1


def test_a_moment_that_is_taken_away_while_a_worker_reads_the_old_one(
    channel, product, monkeypatch
):
    def meanwhile(**_owned):
        set_moment(product, None)

    monkeypatch.setattr(unreleased, "resolve_open", meanwhile)
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)

    sweep()

    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED


def test_a_change_of_something_else_wakes_nobody(channel, product, release_at):
    order = buy(channel=channel, lines=[(product, 1)])
    run(order)

    products.update(key_product_id=product.pk, values={"instructions": "Soon."})

    assert key_orders(order)[0].next_run_at == release_at


def test_an_order_that_is_called_off_gets_nothing_at_the_moment(channel, product):
    from saleor.order.models import Order

    order = buy(channel=channel, lines=[(product, 1)])
    run(order)
    Order.objects.update(status="canceled")
    set_moment(product, None)

    sweep()

    assert key_orders(order)[0].status == KeyOrderStatus.CANCELED
    assert mail.outbox == []


def test_what_was_bought_before_is_followed_until_then(channel, scene, release_at):
    order = buy(channel=channel, lines=[(scene.product, 1)])
    run(order)
    KeyProduct.objects.update(release_at=release_at)
    scene.release()
    Purchase.objects.update(next_check_at=None)

    row = run_again(order)

    assert Purchase.objects.get().status == "completed"
    assert row.reason == Reason.NOT_RELEASED
    assert with_links() == []
    set_moment(scene.product, None)
    sweep()
    assert key_orders(order)[0].status == KeyOrderStatus.DELIVERED
