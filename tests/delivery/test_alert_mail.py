"""Telling staff of alerts: one mail per recipient and sweep."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.cache import cache

from saleor_cdkeys import channel_config, postman
from saleor_cdkeys.alerts import raise_alert, resolve_alerts
from saleor_cdkeys.models import Alert, ChannelSettings
from saleor_cdkeys.notifications.mail import mail_new_alerts
from saleor_cdkeys.statuses import AlertKind
from tests.delivery.rows import make_line

SHOP, OTHER = 7, 8


@pytest.fixture
def recipients(db, monkeypatch):
    """Two channels with recipients of their own, and the plugin's where there is no channel."""
    ChannelSettings.objects.create(
        channel_id=SHOP, alert_recipients=["ann@shop.example", "bob@shop.example"]
    )
    ChannelSettings.objects.create(channel_id=OTHER, alert_recipients=["bob@shop.example"])
    monkeypatch.setattr(
        channel_config.configuration,
        "plugin_values",
        lambda: {"alert_recipients": "all@shop.example"},
    )


def alert(number, channel_id=SHOP, message="Buy more keys."):
    raise_alert(
        kind=AlertKind.OUT_OF_STOCK,
        subject=f"product:{number}",
        message=message,
        channel_id=channel_id,
    )


def outbox():
    return sorted((message.to[0], message.subject) for message in mail.outbox)


def test_each_recipient_gets_one_mail_however_many_alerts(recipients):
    for number in range(3):
        alert(number)
    alert(9, channel_id=OTHER)
    alert(10, channel_id=None)

    assert mail_new_alerts() == 3

    assert outbox() == [
        ("all@shop.example", "A product is out of stock: Buy more keys."),
        ("ann@shop.example", "3 new alerts about your game keys"),
        ("bob@shop.example", "4 new alerts about your game keys"),
    ]
    assert Alert.objects.filter(mailed_at=None).count() == 0
    assert mail_new_alerts() == 0
    assert len(mail.outbox) == 3


def test_the_same_alert_is_told_again_only_when_it_was_cured(recipients):
    alert(1, channel_id=OTHER)
    mail_new_alerts()
    alert(1, channel_id=OTHER)
    assert mail_new_alerts() == 0

    resolve_alerts(subject="product:1")
    alert(1, channel_id=OTHER)
    assert mail_new_alerts() == 1


def test_what_was_cured_before_anybody_was_told_is_not_told(recipients):
    alert(1)
    resolve_alerts(subject="product:1")
    assert mail_new_alerts() == 0


def test_an_alert_about_a_key_order_goes_to_its_channels_recipients(recipients):
    key_order = make_line("AAAA-1111")
    raise_alert(
        kind=AlertKind.KEY_ORDER_FAILED,
        subject=f"key_order:{key_order.pk}",
        message="x",
        key_order_id=key_order.pk,
    )
    assert mail_new_alerts() == 2


def test_nobody_to_tell_counts_as_told(db):
    alert(1)
    assert mail_new_alerts() == 0
    assert Alert.objects.get().mailed_at is not None


def test_without_a_mail_server_alerts_stay_untold(recipients, mail_server):
    transport = postman.resolve_transport()
    mail_server(None)
    alert(1)
    assert mail_new_alerts() == 0
    assert Alert.objects.get().mailed_at is None
    mail_server(transport)
    assert mail_new_alerts() == 2


def test_a_mail_that_fails_is_tried_by_the_next_sweep(recipients, monkeypatch):
    alert(1)
    real = postman.hand_over

    def fail_for_ann(message, *, transport):
        if message.to == ["ann@shop.example"]:
            raise postman.MailDelayed("down")
        real(message, transport=transport)

    monkeypatch.setattr(postman, "hand_over", fail_for_ann)
    assert mail_new_alerts() == 1
    assert Alert.objects.get().mailed_at is None

    monkeypatch.setattr(postman, "hand_over", real)
    assert mail_new_alerts() == 2


def test_a_recipient_that_does_not_exist_does_not_hold_up_the_others(recipients, monkeypatch):
    alert(1)

    def refuse(message, *, transport):
        raise postman.MailRefused("no such user")

    monkeypatch.setattr(postman, "hand_over", refuse)
    assert mail_new_alerts() == 0
    assert Alert.objects.get().mailed_at is not None


def test_two_sweeps_at_once_do_not_tell_twice(recipients):
    alert(1)
    cache.add("cdkeys:alert-mail", 1)
    assert mail_new_alerts() == 0
    cache.delete("cdkeys:alert-mail")
    assert mail_new_alerts() == 2


def test_a_long_list_is_cut(recipients):
    for number in range(60):
        alert(number, channel_id=OTHER, message=f"Product {number} <b>")
    mail_new_alerts()
    (message,) = mail.outbox
    assert message.subject == "60 new alerts about your game keys"
    assert "and 10 more alerts" in message.body
    assert "Product 49 &lt;b&gt;" in message.alternatives[0][0]
    assert "Product 50" not in message.body


def test_a_message_with_line_breaks_makes_one_subject_line(recipients):
    alert(1, channel_id=OTHER, message="one\r\ntwo " + "x" * 200)
    mail_new_alerts()
    subject = mail.outbox[0].subject
    assert subject.startswith("A product is out of stock: one two x")
    assert len(subject) == 120
    assert subject.endswith("…")


def test_staff_are_told_in_the_shops_language(recipients, settings):
    settings.LANGUAGE_CODE = "de"
    alert(1, channel_id=OTHER)
    mail_new_alerts()
    assert mail.outbox[0].subject == "Ein Produkt ist ausverkauft: Buy more keys."
