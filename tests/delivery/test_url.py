"""The private page at its real address, through the host's own views and middleware."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from saleor_cdkeys.models import DeliveryLink, Key
from tests.delivery.conftest import BASE, deliver, text_of
from tests.delivery.rows import make_line

CODE = "STARF-4LL0D-YSSEY"


@pytest.fixture
def sent(db):
    return deliver(make_line(CODE))


def test_the_link_in_the_mail_is_the_address_of_the_page(sent, client):
    path = re.search(r"https?://[^/\s]+(/\S+/k/\S+)", sent.message.body)[1]
    assert path == f"{BASE}/k/{sent.token}"

    page = client.get(path)
    assert page.status_code == 200
    assert CODE not in text_of(page)
    assert Key.objects.get().exposed_at is None

    assert CODE in text_of(client.post(f"{path}/reveal"))
    assert Key.objects.get().exposed_at is not None


def test_the_hosts_middleware_leaves_the_headers_as_they_are(sent, client):
    for response in (client.get(f"{BASE}/k/{sent.token}"), client.get(f"{BASE}/k/unknown")):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Frame-Options"] == "DENY"
        assert "no-store" in response["Cache-Control"]
        assert response["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert not response.cookies


def test_no_token_reaches_the_log(sent, client, caplog):
    caplog.set_level("DEBUG")
    tokens = [sent.token, "unknown-token-in-a-path"]
    client.get(f"{BASE}/k/{sent.token}")
    DeliveryLink.objects.update(expires_at=timezone.now())
    for token in tokens:
        assert client.get(f"{BASE}/k/{token}").status_code >= 400
        client.post(f"{BASE}/k/{token}/reveal")
        client.put(f"{BASE}/k/{token}")
        client.post(f"{BASE}/k/{token}/reveal", headers={"Sec-Fetch-Site": "cross-site"})
    for token in tokens:
        assert token not in caplog.text
