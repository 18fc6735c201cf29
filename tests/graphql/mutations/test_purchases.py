"""Unclear purchases over GraphQL: what staff read, and what they decide."""

from __future__ import annotations

import pytest

from saleor_cdkeys.models import KeyOrder, KeyOrderEvent, Purchase
from tests.factories.cdkeys import make_supplier
from tests.graphql.client import IP, global_id
from tests.graphql.mutations.conftest import make_purchase
from tests.graphql.mutations.documents import PURCHASE_DECIDE, PURCHASE_REVEAL


@pytest.fixture
def unclear(manual):
    row, _order = manual
    return make_purchase(row, make_supplier())


def _id(row):
    return global_id("CdKeyPurchase", row.pk)


@pytest.mark.parametrize(
    ("bought", "status", "review"),
    [(True, "COMPLETED", "SHORT_DELIVERY"), (False, "REFUSED", None)],
)
def test_an_unclear_purchase_is_decided(
    mutate, rung, unclear, manual, staff, bought, status, review
):
    row, order = manual
    KeyOrder.objects.update(next_run_at=None)
    payloads = []

    orders, messages = rung(
        lambda: payloads.append(
            mutate(PURCHASE_DECIDE, id=_id(unclear), bought=bought, note="their support says so")
        )
    )

    assert payloads[0] == {
        "cdKeyPurchase": {
            "id": _id(unclear),
            "status": status,
            "review": review,
            "answer": "their support says so",
        },
        "cdKeyOrder": {"id": global_id("CdKeyOrder", row.pk)},
        "errors": [],
    }
    assert (orders, messages) == ([order.pk], [])
    unclear.refresh_from_db()
    assert unclear.status == status.lower()
    assert KeyOrder.objects.get().next_run_at is not None
    assert KeyOrderEvent.objects.latest("pk").user_id == staff.pk


def test_a_decision_needs_a_note_and_something_to_decide(refused, mutate, unclear):
    id = _id(unclear)

    errors = refused(PURCHASE_DECIDE, id=id, bought=True, note=" ")
    assert errors == [("note", "REQUIRED")]
    mutate(PURCHASE_DECIDE, id=id, bought=False, note="x")
    errors = refused(PURCHASE_DECIDE, id=id, bought=True, note="x")
    assert errors == [("id", "NOT_OPEN")]
    nothing = global_id("CdKeyPurchase", 0)
    errors = refused(PURCHASE_DECIDE, id=nothing, bought=True, note="x")
    assert errors == [("id", "NOT_FOUND")]
    assert refused(PURCHASE_REVEAL, id=nothing) == [("id", "NOT_FOUND")]


def test_the_answer_is_shown_and_who_looked_is_recorded(mutate, unclear, staff):
    payload = mutate(PURCHASE_REVEAL, id=_id(unclear))

    assert payload == {
        "cdKeyPurchase": {"id": _id(unclear)},
        "answerText": '{"k": 1}',
        "errors": [],
    }
    event = KeyOrderEvent.objects.latest("pk")
    assert (event.type, event.user_id, event.data) == (
        "revealed",
        staff.pk,
        {"purchase": unclear.pk, "ip": IP},
    )


def test_an_answer_that_is_not_kept_is_not_shown(refused, unclear):
    Purchase.objects.update(sealed_answer=None)

    assert refused(PURCHASE_REVEAL, id=_id(unclear)) == [("id", "NOT_FOUND")]
