"""The private page, request by request, as the plugin's URL answers it."""

from __future__ import annotations

import io
import logging
import re
import zipfile

import pytest
from django.utils import timezone

from saleor_cdkeys.delivery import private_page, throttle
from saleor_cdkeys.delivery.resend import resend
from saleor_cdkeys.models import (
    ChannelSettings,
    Delivery,
    DeliveryLink,
    Key,
    KeyAccess,
)
from saleor_cdkeys.statuses import AccessKind, DeliveryKind, UnitStatus
from saleor_cdkeys.values import Actor, KeyCode
from tests.delivery.conftest import BASE, browse, deliver, send_now, text_of
from tests.delivery.rows import CHANNEL_ID, CUSTOMER, GIF, make_line

CODE = "STARF-4LL0D-YSSEY"
SOMEWHERE = "81.2.69.142"


@pytest.fixture
def sent(db):
    return deliver(make_line(CODE, instructions="Line one\nLine <b>two</b>"))


def test_opening_the_page_shows_no_code_and_reveals_nothing(sent):
    response = browse("get", f"/k/{sent.token}")

    assert response.status_code == 200
    html = text_of(response)
    assert CODE not in html
    assert f"Order {sent.delivery.order_number}" in html
    assert "Starfall Odyssey" in html
    assert "Show my key" in html
    assert Key.objects.get().exposed_at is None
    assert KeyAccess.objects.count() == 0
    delivery = Delivery.objects.get()
    assert delivery.opened_at is not None
    assert delivery.revealed_at is None


def test_opened_at_is_the_first_time(sent):
    browse("get", f"/k/{sent.token}")
    first = Delivery.objects.get().opened_at
    browse("get", f"/k/{sent.token}")
    assert Delivery.objects.get().opened_at == first


def test_asking_for_the_head_is_no_opening(sent):
    assert browse("head", f"/k/{sent.token}").status_code == 200
    assert Delivery.objects.get().opened_at is None


def test_the_click_shows_the_code_and_records_it(sent):
    response = browse("post", f"/k/{sent.token}/reveal", ip=SOMEWHERE)

    assert response.status_code == 200
    assert CODE in text_of(response)
    assert Key.objects.get().exposed_at is not None
    access = KeyAccess.objects.get()
    assert (access.kind, access.ip, access.delivery) == (
        AccessKind.CUSTOMER_REVEAL,
        SOMEWHERE,
        sent.delivery,
    )
    assert Delivery.objects.get().revealed_at is not None


@pytest.mark.parametrize("action", ["reveal", "download", "new-link"])
def test_getting_what_only_a_click_may_do_leads_back_to_the_page(sent, action):
    response = browse("get", f"/k/{sent.token}/{action}")
    assert response.status_code == 302
    assert response["Location"] == f"{BASE}/k/{sent.token}"
    assert Key.objects.get().exposed_at is None
    assert Delivery.objects.count() == 1


def test_posting_to_the_page_itself_reveals_nothing(sent):
    assert CODE not in text_of(browse("post", f"/k/{sent.token}"))
    assert Key.objects.get().exposed_at is None


@pytest.mark.parametrize("what", ["page", "reveal", "download", "unknown", "lost", "other"])
def test_every_answer_is_kept_from_caches_frames_and_search_engines(sent, what):
    response = {
        "page": lambda: browse("get", f"/k/{sent.token}"),
        "reveal": lambda: browse("post", f"/k/{sent.token}/reveal"),
        "download": lambda: browse("post", f"/k/{sent.token}/download"),
        "unknown": lambda: browse("get", "/k/" + "A" * 43),
        "lost": lambda: browse("get", "/lost-link"),
        "other": lambda: browse("put", "/whatever"),
    }[what]()
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response["Permissions-Policy"]


def test_the_policy_lets_only_the_pages_own_style_and_script_run(sent):
    response = browse("get", f"/k/{sent.token}")
    policy = response["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([\w-]{20,})'", policy)[1]
    assert policy == (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    html = text_of(response)
    assert html.count(f'nonce="{nonce}"') == 2 == html.count("nonce=")
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert nonce not in text_of(browse("get", f"/k/{sent.token}"))


def test_unknown_and_revoked_links_look_the_same(sent):
    DeliveryLink.objects.update(revoked_at=timezone.now())
    revoked = browse("post", f"/k/{sent.token}/reveal")
    unknown = browse("post", f"/k/{'A' * 43}/reveal")

    assert revoked.status_code == unknown.status_code == 404

    def without_nonce(response):
        return re.sub(r'nonce="[^"]*"', "", text_of(response))

    assert without_nonce(revoked) == without_nonce(unknown)
    assert sent.delivery.order_number not in text_of(revoked)
    assert Key.objects.get().exposed_at is None


@pytest.mark.parametrize("path", ["/", "", "/k", "/k/", "/k/a/b", "/k/a/reveal/x", "/admin"])
def test_other_paths_are_not_found(db, path):
    assert browse("get", path).status_code == 404


@pytest.mark.parametrize("action", ["", "/reveal", "/download"])
def test_an_expired_link_shows_nothing_but_asks_for_a_new_one(sent, action):
    DeliveryLink.objects.update(expires_at=timezone.now())
    response = browse("post" if action else "get", f"/k/{sent.token}{action}")
    assert response.status_code == 410
    html = text_of(response)
    assert CODE not in html
    assert sent.delivery.order_number not in html
    assert f'action="{BASE}/k/{sent.token}/new-link"' in html
    assert Key.objects.get().exposed_at is None


def test_asking_for_a_new_link_answers_the_same_whether_it_exists(sent):
    answers = [
        browse("post", f"/k/{sent.token}/new-link"),
        browse("post", f"/k/{'A' * 43}/new-link"),
        browse("post", "/lost-link", {"order": sent.delivery.order_number, "email": CUSTOMER}),
        browse("post", "/lost-link", {"order": "999999", "email": CUSTOMER}),
    ]
    assert {response.status_code for response in answers} == {200}
    assert len({re.sub(r'nonce="[^"]*"', "", text_of(response)) for response in answers}) == 1
    assert Delivery.objects.filter(kind=DeliveryKind.NEW_LINK).count() == 1


def test_the_form_for_a_lost_link_says_what_is_missing(db):
    response = browse("post", "/lost-link", {"order": '"><script>', "email": "nonsense"})
    assert response.status_code == 400
    html = text_of(response)
    assert "Enter the order number and the e-mail address." in html
    assert "<script>" not in html.replace("<script nonce", "")


def test_several_units_show_how_many_are_here_and_to_come(db):
    key_order = make_line("AAAA-1111", "AAAA-2222", quantity=3, delivery_mode="as_available")
    sent = deliver(key_order)
    html = text_of(browse("get", f"/k/{sent.token}"))
    assert "2 of 3 keys" in html
    assert "1 more key will follow by e-mail" in html
    assert "Key 2 of 3" in html
    assert "Key 3 of 3" not in html


def test_called_off_units_are_named_but_not_shown(db):
    key_order = make_line("AAAA-1111", "AAAA-2222")
    sent = deliver(key_order)
    key_order.units.filter(number=1).update(status=UnitStatus.REFUNDED)
    html = text_of(browse("post", f"/k/{sent.token}/reveal"))
    assert "AAAA-1111" not in html
    assert "AAAA-2222" in html
    assert "1 key was refunded or canceled." in html

    key_order.units.update(status=UnitStatus.REFUNDED)
    html = text_of(browse("get", f"/k/{sent.token}"))
    assert "There are no keys here any more" in html
    assert "/reveal" not in html


def test_what_the_shop_wrote_keeps_its_lines_and_runs_no_script(sent):
    html = text_of(browse("get", f"/k/{sent.token}"))
    assert "Line one<br>Line &lt;b&gt;two&lt;/b&gt;" in html


def test_codes_are_escaped(db):
    sent = deliver(make_line("<img src=x onerror=alert(1)>"))
    html = text_of(browse("post", f"/k/{sent.token}/reveal"))
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_fields_images_and_files(db):
    fields = make_line(KeyCode.of_fields({"User": "jamie", "Password": "s3cret"}), name="Account")
    for name, code in (
        ("Picture", KeyCode.of_bytes(GIF, media_type="image/gif")),
        ("Drawing", KeyCode.of_bytes(b"<svg onload=alert(1)/>", media_type="image/svg+xml")),
        ("Paper", KeyCode.of_bytes(b"%PDF-1.4", media_type="application/pdf", filename="../x")),
    ):
        make_line(code, name=name, order_id=fields.order_id, order_number=fields.order_number)
    sent = deliver(fields)

    html = text_of(browse("post", f"/k/{sent.token}/reveal"))
    assert '<small dir="auto">Password</small>' in html
    assert ">s3cret<" in html
    assert html.count('<img src="data:image/gif;base64,R0lGOD') == 1
    assert "svg+xml" not in html
    assert html.count("This key is a file.") == 2

    response = browse("post", f"/k/{sent.token}/download")
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    names = archive.namelist()
    assert names[0] == "keys.txt"
    assert [name.rpartition(".")[2] for name in names[1:]] == ["gif", "svg", "pdf"]
    assert archive.read(names[1]) == GIF
    assert "Password: s3cret" in archive.read("keys.txt").decode()


def test_the_download_is_a_text_file_and_recorded(sent):
    response = browse("post", f"/k/{sent.token}/download")
    number = sent.delivery.order_number
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="order-{number}-keys.txt"'
    assert response.content.decode() == (
        f"Order {number} · Pixel Depot\n\nStarfall Odyssey\nYour key: {CODE}\n\n"
        "How to use it:\nLine one\nLine <b>two</b>\n"
    )
    assert KeyAccess.objects.get().kind == AccessKind.CUSTOMER_DOWNLOAD


def test_a_strange_order_number_makes_no_strange_file_name(db):
    sent = deliver(make_line(CODE, order_number='../a"\r\nb'))
    response = browse("post", f"/k/{sent.token}/download")
    assert response["Content-Disposition"] == 'attachment; filename="order-a-b-keys.txt"'


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, 200),
        ({"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "null"}, 200),
        ({"HTTP_ORIGIN": "null"}, 200),
        ({"HTTP_ORIGIN": "http://testserver"}, 200),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, 403),
        ({"HTTP_ORIGIN": "https://evil.example"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"}, 403),
    ],
)
def test_other_sites_cannot_make_a_browser_post(sent, headers, status):
    response = browse("post", f"/k/{sent.token}/reveal", **headers)
    assert response.status_code == status
    assert (Key.objects.get().exposed_at is not None) == (status == 200)


def test_a_redirected_delivery_asks_for_the_orders_own_address(db):
    key_order = make_line(CODE)
    delivery = resend(
        key_order_id=key_order.pk, recipient="other@example.org", note="x", actor=Actor(user_id=5)
    )
    sent = send_now(delivery)
    page_path = f"/k/{sent.token}"
    assert 'name="email"' in text_of(browse("get", page_path))

    for data in ({}, {"email": "other@example.org"}, {"email": ""}):
        for action in ("reveal", "download"):
            response = browse("post", f"{page_path}/{action}", data)
            assert response.status_code == 403
            assert CODE not in text_of(response)
            assert CUSTOMER not in text_of(response)
    assert Key.objects.get().exposed_at is None

    revealed = browse("post", f"{page_path}/reveal", {"email": f" {CUSTOMER.upper()} "})
    assert CODE in text_of(revealed)
    download = browse("post", f"{page_path}/download", {"email": CUSTOMER})
    assert CODE in text_of(download)


def test_guessing_the_address_ends_soon(db):
    key_order = make_line(CODE)
    sent = send_now(
        resend(
            key_order_id=key_order.pk, recipient="o@example.org", note="x", actor=Actor(user_id=5)
        )
    )
    for number in range(throttle.WRONG_ANSWER_PER_LINK.count):
        browse("post", f"/k/{sent.token}/reveal", {"email": f"{number}@example.com"})
    response = browse("post", f"/k/{sent.token}/reveal", {"email": CUSTOMER})
    assert response.status_code == 429
    assert Key.objects.get().exposed_at is None


def test_revealing_is_limited_for_a_link(sent):
    for _ in range(throttle.REVEAL_PER_LINK.count):
        assert browse("post", f"/k/{sent.token}/reveal").status_code == 200
    before = KeyAccess.objects.count()
    response = browse("post", f"/k/{sent.token}/reveal")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert CODE not in text_of(response)
    assert KeyAccess.objects.count() == before
    # The page itself still opens.
    assert browse("get", f"/k/{sent.token}").status_code == 200


def test_trying_unknown_links_is_limited_for_an_address(sent):
    for number in range(throttle.UNKNOWN_LINK_PER_ADDRESS.count):
        assert browse("get", f"/k/guess-{number}", ip=SOMEWHERE).status_code == 404
    assert browse("get", "/k/guess", ip=SOMEWHERE).status_code == 429
    assert browse("get", f"/k/{sent.token}", ip="81.2.69.143").status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(sent, method):
    response = browse(method, f"/k/{sent.token}/reveal")
    assert response.status_code == 405
    assert Key.objects.get().exposed_at is None


def test_trouble_of_ours_tells_neither_visitor_nor_log_anything(sent, monkeypatch, caplog):
    def choke(*args, **more):
        secret = CODE + sent.token  # noqa: F841 (a value that a careless log would show)
        raise RuntimeError(f"choked on {CODE}")

    monkeypatch.setattr(private_page.reveal, "reveal_for_link", choke)
    caplog.set_level(logging.DEBUG)
    response = browse("post", f"/k/{sent.token}/reveal")
    assert response.status_code == 500
    assert "Something went wrong" in text_of(response)
    for secret in (CODE, sent.token):
        assert secret not in text_of(response).replace(f"/k/{sent.token}", "")
        assert secret not in caplog.text
    assert "RuntimeError" in caplog.text


def test_refusals_are_not_logged_with_their_path(sent):
    # Django logs the path of an answer above 399 unless the answer says that it was logged.
    DeliveryLink.objects.update(expires_at=timezone.now())
    for path in (f"/k/{sent.token}", "/k/unknown", "/nowhere"):
        response = browse("get", path)
        assert response.status_code >= 400
        assert response._has_been_logged


def test_the_page_speaks_the_customers_language(db):
    sent = deliver(make_line("AAAA-1111", "AAAA-2222", language="de-at"))
    html = text_of(browse("get", f"/k/{sent.token}"))
    assert '<html lang="de" dir="ltr">' in html
    assert "Meine Keys anzeigen" in html
    assert "Meine Keys anzeigen" not in text_of(browse("get", "/lost-link"))


def test_pages_without_an_order_speak_the_browsers_language(db):
    html = text_of(browse("get", "/lost-link", HTTP_ACCEPT_LANGUAGE="pl,en;q=0.5"))
    assert '<html lang="pl" dir="ltr">' in html


def test_the_channels_name_and_footer_are_on_the_page(sent):
    ChannelSettings.objects.create(
        channel_id=CHANNEL_ID,
        sender_name="Key & Co",
        mail_footer="Questions about {order_number}?\nhelp@keyco.example",
    )
    html = text_of(browse("get", f"/k/{sent.token}"))
    assert "Key &amp; Co" in html
    assert f"Questions about {sent.delivery.order_number}?<br>" in html


def test_many_units_are_masked_in_few_rows(db):
    sent = deliver(make_line(*(f"CODE-{n:04d}" for n in range(50))))
    assert text_of(browse("get", f"/k/{sent.token}")).count('class="mask"') == 5
    assert text_of(browse("post", f"/k/{sent.token}/reveal")).count("data-code ") == 50


def test_the_number_of_queries_does_not_grow_with_the_keys(db, django_assert_max_num_queries):
    small = deliver(make_line("AAAA-0001"))
    large = deliver(make_line(*(f"BBBB-{n:04d}" for n in range(40))))
    for sent in (small, large):
        with django_assert_max_num_queries(24):
            browse("post", f"/k/{sent.token}/reveal")
