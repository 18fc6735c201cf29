"""The message that tells of a release, in the customer's language."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from saleor_cdkeys.models import Alert, ChannelSettings, Delivery, KeyOrder
from tests.factories.cdkeys import buy, make_key_product, run
from tests.preorders.conftest import send_due

MOMENT = (timezone.now() + dt.timedelta(days=400)).replace(month=5, day=4, hour=12)

WORDS = {
    "en": [
        "released on May 4, {year}",
        "Thank you for your order. You get your key by e-mail on the day of the release, "
        "May 4, {year}.",
        "You need not do anything.",
        "1 key",
    ],
    "de": [
        "erscheint am 4. Mai {year}",
        "Danke für Ihre Bestellung. Sie erhalten Ihren Key am Tag der Veröffentlichung, dem "
        "4. Mai {year}, per E-Mail.",
        "Sie müssen nichts weiter tun.",
        "1 Key",
    ],
    "pl": [
        "premiera 4 maja {year}",
        "Dziękujemy za zamówienie. Klucz wyślemy e-mailem w dniu premiery, 4 maja {year}.",
        "Nie musisz nic robić.",
        "1 klucz",
    ],
}


def order_in(language, channel, **fields):
    product = make_key_product(channel=channel, stock=1, release_at=MOMENT, **fields)
    order = buy(channel=channel, lines=[(product, 1)], language_code=language)
    run(order)
    send_due()
    return order


@pytest.mark.parametrize("language", WORDS)
def test_it_speaks_the_customers_language(channel, language):
    order_in(language, channel)

    (message,) = mail.outbox
    ((html, kind),) = message.alternatives
    subject, intro, nothing, amount = (text.format(year=MOMENT.year) for text in WORDS[language])
    assert message.subject.endswith(subject)
    assert kind == "text/html"
    for text in (intro, nothing, amount):
        assert text in message.body
        assert text in html
    assert f'<html lang="{language}" dir="ltr">' in html
    assert message.extra_headers["Content-Language"] == language


@pytest.mark.parametrize("language", WORDS)
def test_a_date_that_moved_is_told_in_every_language(channel, language):
    order = order_in(language, channel)
    KeyOrder.objects.update(next_run_at=timezone.now())
    later = MOMENT + dt.timedelta(days=1)
    KeyOrder.objects.get().key_product.__class__.objects.update(release_at=later)
    run(order)
    send_due()

    moved = {
        "en": f"The release of what you bought was moved. You get your key by e-mail on "
        f"May 5, {later.year}.",
        "de": f"Der Erscheinungstermin wurde verschoben. Sie erhalten Ihren Key am "
        f"5. Mai {later.year} per E-Mail.",
        "pl": f"Data premiery została zmieniona. Klucz wyślemy e-mailem 5 maja {later.year}.",
    }
    assert moved[language] in mail.outbox[1].body


def test_the_shops_own_footer_and_sender_are_kept(channel):
    ChannelSettings.objects.create(
        channel_id=channel.pk,
        sender_name="Pixel Depot",
        sender_address="keys@pixeldepot.io",
        mail_subject="Your keys {order_number}",
        mail_footer="Pixel Depot, Berlin",
    )

    order_in("en", channel)

    (message,) = mail.outbox
    assert message.from_email == "Pixel Depot <keys@pixeldepot.io>"
    # The channel's own subject is that of keys, which this message has not.
    assert "released on" in message.subject
    assert "Pixel Depot, Berlin" in message.body


def test_what_staff_typed_into_names_is_no_markup(channel):
    order_in("en", channel, sku="<b>bold</b>")

    ((html, _kind),) = mail.outbox[0].alternatives
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "<b>bold</b>" not in html


def test_one_that_cannot_be_sent_is_alerted_in_its_own_words(channel, settings):
    product = make_key_product(channel=channel, stock=1, release_at=MOMENT)
    run(buy(channel=channel, lines=[(product, 1)], email="nonsense"))

    send_due()

    alert = Alert.objects.get()
    assert alert.kind == "mail_failed"
    assert alert.message.startswith("The mail to nonsense that tells when the keys of order")
    assert Delivery.objects.get().status == "failed"
    row = KeyOrder.objects.get()
    assert alert.key_order_id == row.pk
    assert row.reason == "not_released"
