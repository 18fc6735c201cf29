"""Private links: what is stored, and which of them open."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from saleor_cdkeys.delivery.links import (
    LinkExpired,
    LinkUnknown,
    create_link,
    find_link,
    revoke_links,
)
from saleor_cdkeys.delivery.queue import queue_for_order
from saleor_cdkeys.models import ChannelSettings, DeliveryLink
from tests.delivery.conftest import deliver
from tests.delivery.rows import CHANNEL_ID, make_line


@pytest.fixture
def delivery(db):
    return queue_for_order(order_id=make_line("AAAA-1111").order_id)[0]


def test_a_token_has_256_bits_and_only_its_hash_is_stored(delivery):
    token, link = create_link(delivery_id=delivery.pk, days=30)
    assert len(token) == 43
    link.refresh_from_db()
    assert bytes(link.token_hash) == hashlib.sha256(token.encode()).digest()
    assert find_link(token=token) == link
    assert create_link(delivery_id=delivery.pk, days=30)[0] != token


@pytest.mark.parametrize("token", ["", "x", "ü" * 43, "\ud800", "A" * 43, "a/b", "A" * 5000])
def test_any_other_token_is_unknown_at_the_same_cost(delivery, token, django_assert_num_queries):
    create_link(delivery_id=delivery.pk, days=30)
    with django_assert_num_queries(1), pytest.raises(LinkUnknown):
        find_link(token=token)


def test_a_link_expires(delivery):
    token, link = create_link(delivery_id=delivery.pk, days=30)
    assert link.expires_at - timezone.now() > dt.timedelta(days=29, hours=23)
    DeliveryLink.objects.update(expires_at=timezone.now())
    with pytest.raises(LinkExpired) as caught:
        find_link(token=token)
    assert caught.value.link == link


def test_a_revoked_link_looks_unknown_even_when_it_has_expired(delivery):
    token, _ = create_link(delivery_id=delivery.pk, days=30)
    assert revoke_links(delivery_ids=[delivery.pk]) == 1
    assert revoke_links(delivery_ids=[delivery.pk]) == 0
    DeliveryLink.objects.update(expires_at=timezone.now())
    with pytest.raises(LinkUnknown):
        find_link(token=token)


def test_the_channel_says_how_long_links_work(db):
    ChannelSettings.objects.create(channel_id=CHANNEL_ID, link_days=3)
    sent = deliver(make_line("AAAA-1111"))
    left = sent.delivery.links.get().expires_at - timezone.now()
    assert dt.timedelta(days=2, hours=23) < left <= dt.timedelta(days=3)
