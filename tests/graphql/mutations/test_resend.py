"""Sending keys again over GraphQL: where to, who and why are recorded, a worker is called."""

from __future__ import annotations

import pytest
from django.core import mail

from saleor_cdkeys.models import Delivery, DeliveryLink, KeyOrderEvent
from saleor_cdkeys.tasks import deliver
from tests.graphql.client import global_id
from tests.graphql.mutations.documents import RESEND


def _id(row):
    return global_id("CdKeyOrder", row.pk)


def test_keys_are_sent_again_to_the_order_s_own_address(mutate, rung, delivered, staff):
    payloads = []

    orders, messages = rung(lambda: payloads.append(mutate(RESEND, id=_id(delivered))))

    row = Delivery.objects.latest("pk")
    assert payloads[0] == {
        "cdKeyOrder": {"id": _id(delivered)},
        "cdKeyDelivery": {
            "id": global_id("CdKeyDelivery", row.pk),
            "kind": "RESEND",
            "status": "QUEUED",
            "recipient": "customer@example.com",
            "note": "",
        },
        "errors": [],
    }
    assert (orders, messages) == ([], [row.pk])
    assert (row.user_id, row.app_id) == (staff.pk, None)
    assert len(mail.outbox) == 1
    deliver(row.pk)
    assert [message.to for message in mail.outbox] == [["customer@example.com"]] * 2


def test_another_address_is_recorded_with_who_and_why(mutate, delivered, staff):
    payload = mutate(
        RESEND,
        id=_id(delivered),
        input={"email": "new@example.com", "reason": "lost the mailbox"},
    )

    assert payload["cdKeyDelivery"]["recipient"] == "new@example.com"
    assert payload["cdKeyDelivery"]["note"] == "lost the mailbox"
    event = KeyOrderEvent.objects.latest("pk")
    assert (event.type, event.message, event.user_id) == (
        "delivery_queued",
        "new@example.com: lost the mailbox",
        staff.pk,
    )
    assert DeliveryLink.objects.filter(revoked_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"email": "new@example.com"}, ("reason", "REQUIRED")),
        ({"email": "new@example.com", "reason": " "}, ("reason", "REQUIRED")),
        ({"email": "nobody", "reason": "x"}, ("email", "INVALID")),
    ],
)
def test_what_cannot_be_used_is_refused(refused, delivered, given, expected):
    assert refused(RESEND, id=_id(delivered), input=given) == [expected]


def test_without_keys_there_is_nothing_to_send(refused, manual):
    row, _order = manual

    assert refused(RESEND, id=_id(row)) == [("id", "INVALID")]
    assert refused(RESEND, id=global_id("CdKeyOrder", 0)) == [("id", "NOT_FOUND")]
