"""When an order that is looked for is clearly none, and when that is unknown."""

from __future__ import annotations

import uuid

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, OutcomeUnknown, TryLater
from tests.suppliers.asking import ask_facing, says
from tests.suppliers.kinguin.account import API_KEY, buy, facing, find, open_adapter, refusal
from tests.suppliers.kinguin.answers import (
    CODE,
    KEY,
    ORDER,
    REFERENCE,
    SECOND_KEY,
    as_json,
    error_body,
)


def _page(*orders: dict, total: int | None = None) -> bytes:
    return as_json({"results": orders, "item_count": len(orders) if total is None else total})


def _searched(*pages: bytes, status: str = "200 OK"):
    return ask_facing(
        open_adapter,
        lambda adapter: find(adapter, REFERENCE),
        *((status, page) for page in pages),
        secrets=[CODE, API_KEY],
    )


OTHER = {**ORDER, "orderExternalId": f"{REFERENCE}-2", "orderId": "POTHER"}


def test_an_empty_list_is_a_clear_none():
    found, requests = _searched(_page())
    assert found is None
    assert requests[0].startswith(
        f"GET /v1/order?orderExternalId={REFERENCE}&page=1&limit=100 ".encode()
    )


def test_only_exactly_our_reference_is_ours():
    found, _requests = _searched(_page(OTHER, {**OTHER, "orderExternalId": None}))
    assert found is None


def test_our_order_is_found_on_any_page_of_a_list_that_was_not_filtered():
    found, requests = _searched(
        _page(*[OTHER] * 100, total=102),
        _page(OTHER, {**ORDER, "status": "completed"}, total=102),
        as_json([KEY, SECOND_KEY]),
    )
    assert found.supplier_order_id == "PAB12CDEF3G"
    assert found.is_final
    assert b"page=2" in requests[1]


@pytest.mark.parametrize(
    "page",
    [
        _page(OTHER, total=2**31),
        _page(total=1),
        as_json({"results": []}),
        as_json({"results": [], "item_count": CODE}),
        as_json({"results": CODE, "item_count": 0}),
        as_json([]),
        _page({"orderExternalId": str(REFERENCE), "orderId": None}),
        _page({**ORDER, "products": CODE}),
    ],
)
def test_a_list_that_cannot_be_trusted_is_no_clear_none(page):
    found, _requests = _searched(page)
    assert type(found) is OutcomeUnknown


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("400 Bad Request", OutcomeUnknown),
        ("404 Not Found", OutcomeUnknown),
        ("403 Forbidden", AccountProblem),
        ("500 Internal Server Error", TryLater),
    ],
)
def test_a_no_to_a_search_is_no_clear_none(status, expected):
    found, _requests = _searched(as_json(error_body("OrderNotFound")), status=status)
    assert type(found) is expected


def test_an_order_that_is_gone_under_its_id_is_looked_for_by_our_reference(server, adapter):
    reference = uuid.uuid4()
    buy(adapter, reference=reference)
    assert len(find(adapter, reference, supplier_order_id="PGONE").keys) == 1
    assert find(adapter, uuid.uuid4(), supplier_order_id="PGONE") is None


@pytest.mark.parametrize("changes", [{"orderId": "POTHER"}, {"orderExternalId": "another"}])
def test_another_order_than_was_asked_for_is_not_taken_for_ours(changes):
    with facing(says({**ORDER, **changes}), says([KEY])) as (adapter, _wire):
        error = refusal(find, adapter, REFERENCE, supplier_order_id="PAB12CDEF3G")
    assert type(error) is OutcomeUnknown
