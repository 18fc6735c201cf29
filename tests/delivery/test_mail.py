"""The message with the keys: its words, languages, headers and forms."""

from __future__ import annotations

import email.policy
from email.parser import BytesParser

import pytest
from django.core import mail

from saleor_cdkeys.delivery.resend import resend
from saleor_cdkeys.host.mail import MailTransport
from saleor_cdkeys.models import ChannelSettings
from saleor_cdkeys.values import Actor, KeyCode
from tests.delivery.conftest import deliver, send_now
from tests.delivery.rows import CHANNEL_ID, GIF, make_line

WORDS = {
    "en": {
        "subject": "Your keys for order 77",
        "html": [
            "Your keys are ready",
            "Show my keys",
            "2 of 5 keys",
            "3 more keys will follow by e-mail as soon as they are there.",
            "How to use it",
            "This link is private and works until",
        ],
    },
    "de": {
        "subject": "Ihre Keys zur Bestellung 77",
        "html": [
            "Ihre Keys sind da",
            "Meine Keys anzeigen",
            "2 von 5 Keys",
            "3 weitere Keys folgen per E-Mail, sobald sie da sind.",
            "So lösen Sie ihn ein",
            "Dieser Link ist privat und gilt bis zum",
        ],
    },
    "pl": {
        "subject": "Twoje klucze do zamówienia 77",
        "html": [
            "Twoje klucze są gotowe",
            "Pokaż moje klucze",
            "2 z 5 kluczy",
            "Jeszcze 3 klucze wyślemy e-mailem, gdy tylko będą dostępne.",
            "Jak użyć klucza",
            "Ten link jest prywatny i działa do",
        ],
    },
}


def partly(language, **fields):
    """Two of five keys of order 77, delivered."""
    return deliver(
        make_line(
            "AAAA-1111",
            "AAAA-2222",
            quantity=5,
            order_number="77",
            delivery_mode="as_available",
            language=language,
            instructions="1. Open Steam\n2. Enter the key",
            **fields,
        )
    )


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("en", "en"),
        ("en-us", "en"),
        ("de", "de"),
        ("de-at", "de"),
        ("de_CH", "de"),
        ("pl", "pl"),
        ("pl-pl", "pl"),
        ("fr", "en"),
        ("xx", "en"),
        ("", "en"),
        ("../../etc", "en"),
    ],
)
def test_the_mail_speaks_the_customers_language(db, asked, spoken):
    sent = partly(asked)
    words = WORDS[spoken]
    assert sent.message.subject == words["subject"]
    assert f'<html lang="{spoken}" dir="ltr">' in sent.html
    assert sent.message.extra_headers["Content-Language"] == spoken
    for text in words["html"]:
        assert text in sent.html
        assert text in sent.message.body or text == words["html"][-1]
    other = [texts for name, texts in WORDS.items() if name != spoken]
    assert not any(text in sent.html for texts in other for text in texts["html"])


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 1, "1 key"),
        ("en", 2, "2 keys"),
        ("de", 1, "1 Key"),
        ("de", 2, "2 Keys"),
        ("pl", 1, "1 klucz)"),
        ("pl", 3, "3 klucze"),
        ("pl", 5, "5 kluczy"),
        ("pl", 22, "22 klucze"),
    ],
)
def test_numbers_take_the_right_form(db, language, count, words):
    sent = deliver(make_line(*(f"CODE-{n:04d}" for n in range(count)), language=language))
    assert words in sent.message.body


def test_a_right_to_left_language_sets_the_direction(db):
    sent = partly("ar", name="لعبة")
    assert '<html lang="en" dir="rtl">' in sent.html
    assert "text-align:right" in sent.html
    assert "text-align:left" not in sent.html
    # The date is in the language of the sentence around it.
    assert "ديسمبر" not in sent.html
    assert "20" in sent.html


def test_product_names_instructions_and_number_are_in_both_forms(db):
    sent = partly("en", name="Tom & Jerry <Deluxe>")
    assert "Tom & Jerry <Deluxe> (2 of 5 keys)" in sent.message.body
    assert "Tom &amp; Jerry &lt;Deluxe&gt;" in sent.html
    assert "1. Open Steam\n2. Enter the key" in sent.message.body
    assert "1. Open Steam<br>2. Enter the key" in sent.html
    assert "Order 77" in sent.message.body
    assert "Order 77" in sent.html
    assert f"/k/{sent.token}" in sent.html
    assert "/lost-link" in sent.message.body


def test_the_preheader_comes_first(db):
    sent = partly("en")
    body = sent.html[sent.html.index("<body") :]
    assert body.index("Starfall Odyssey · 2 keys") < body.index("Pixel Depot")


def test_the_sender_is_the_default_one_with_the_shops_name(db):
    assert partly("en").message.from_email == "Pixel Depot <keys@pixeldepot.example>"


def test_a_channel_has_its_own_sender_subject_and_texts(db):
    ChannelSettings.objects.create(
        channel_id=CHANNEL_ID,
        sender_name="Świat Gier, Inc",
        sender_address="klucze@swiat.example",
        mail_subject="{shop}: {products}\r\nBcc: x ({order_number}) {unknown}",
        mail_intro="Hello,\n\nhere is {products}. See https://swiat.example/help",
        mail_footer="Świat Gier\nStreet 1 <b>",
    )
    sent = partly("en", name="Neon")

    raw = sent.message.message().as_bytes()
    parsed = BytesParser(policy=email.policy.default).parsebytes(raw)
    assert str(parsed["From"]) == '"Świat Gier, Inc" <klucze@swiat.example>'
    assert parsed["Subject"].strip() == "Świat Gier, Inc: Neon Bcc: x (77) {unknown}"
    assert parsed["Bcc"] is None
    assert parsed["Message-ID"] == f"<cdkeys.{sent.delivery.uid}@swiat.example>"
    assert "Hello,\n\nhere is Neon." in sent.message.body
    assert 'Hello,<br><br>here is Neon. See <a href="https://swiat.example/help"' in sent.html
    assert "Street 1 &lt;b&gt;" in sent.html
    assert "You get this e-mail because" not in sent.html


def test_a_name_in_other_letters_survives_the_default_sender(db, mail_server):
    mail_server(
        MailTransport(
            default_sender="Świat Gier, Inc <klucze@swiat.example>", uses_django_backend=True
        )
    )
    raw = partly("en").message.message().as_bytes()
    parsed = BytesParser(policy=email.policy.default).parsebytes(raw)
    assert str(parsed["From"]) == '"Świat Gier, Inc" <klucze@swiat.example>'


def test_a_sender_without_a_name_is_called_by_its_domain(db, mail_server):
    mail_server(MailTransport(default_sender="keys@shop.example", uses_django_backend=True))
    assert partly("en").message.from_email == '"shop.example" <keys@shop.example>'


def test_headers_say_that_nobody_wrote_it(db):
    headers = partly("en").message.message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"


def test_codes_are_in_the_mail_where_the_channel_wants_it(db):
    ChannelSettings.objects.create(channel_id=CHANNEL_ID, codes_in_mail=True)
    first = make_line("AAAA-1111", "AAAA-2222")
    for name, code in (
        ("Account", KeyCode.of_fields({"User": "jamie", "PIN": "4711"})),
        ("Picture", KeyCode.of_bytes(GIF, media_type="image/gif", filename="../../x.exe")),
        ("Odd", KeyCode.of_bytes(b"??", media_type="nonsense")),
    ):
        make_line(code, name=name, order_id=first.order_id, order_number=first.order_number)
    sent = deliver(first)

    assert "Key 2 of 2: AAAA-2222" in sent.message.body
    assert "User: jamie\n    PIN: 4711" in sent.message.body
    for text in ("AAAA-1111", "AAAA-2222", ">jamie<", ">4711<"):
        assert text in sent.html
    (picture, *first_rest), (odd, *second_rest) = sent.message.attachments
    assert (picture.rpartition(".")[2], odd.rpartition(".")[2]) == ("gif", "bin")
    assert (first_rest, second_rest) == (
        [GIF, "image/gif"],
        [b"??", "application/octet-stream"],
    )
    assert f"see the attachment {picture}" in sent.html
    assert "x.exe" not in sent.message.message().as_string()


def test_codes_are_escaped_in_html(db):
    ChannelSettings.objects.create(channel_id=CHANNEL_ID, codes_in_mail=True)
    sent = deliver(make_line("<b>&AAAA"))
    assert "&lt;b&gt;&amp;AAAA" in sent.html
    assert "Your key: <b>&AAAA" in sent.message.body


def test_each_kind_of_message_says_what_it_is(db):
    key_order = make_line("AAAA-1111", order_number="77")
    deliver(key_order)
    again = resend(key_order_id=key_order.pk, recipient=None, note="", actor=Actor(user_id=5))
    assert send_now(again).message.subject == "Your key for order 77"
    assert len(mail.outbox) == 2
