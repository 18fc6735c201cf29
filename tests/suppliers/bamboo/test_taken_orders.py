"""An order that was taken is never lost, whatever its reading brings."""

from __future__ import annotations

from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown, SupplierOrder
from tests.suppliers.asking import ignore
from tests.suppliers.bamboo.account import bought, make_request, open_adapter
from tests.suppliers.bamboo.answers import (
    ACCEPTED,
    CATALOGUE,
    CODE,
    OTHER,
    REFERENCE,
    TWO,
    card_told,
    order_told,
)
from tests.suppliers.wire import Wire, answer


@pytest.mark.parametrize(
    "body",
    [
        f'"{REFERENCE}"',
        f'"{str(REFERENCE).upper()}"',
        f'{{"requestId": "{REFERENCE}"}}',
        f'{{"RequestId": "{REFERENCE}", "status": "Created"}}',
    ],
)
def test_an_order_is_accepted_bare_or_in_an_object(body):
    order, requests = bought(body, order_told(status="Created"))
    assert order == SupplierOrder(str(REFERENCE), (), is_final=False)
    assert len(requests) == 2


@pytest.mark.parametrize(
    "body", [f'"{OTHER}"', f'"{CODE}"', "{}", "[]", "7", "true", f'["{REFERENCE}"]', "{"]
)
def test_an_answer_that_does_not_give_our_reference_back_is_kept_and_unknown(body, kept, noted):
    error, requests = bought(body, kept=kept.append, note=noted.append)
    assert type(error) is OutcomeUnknown
    assert kept == [body.encode()]
    assert noted == []
    assert len(requests) == 1


@pytest.mark.parametrize(
    "read",
    [
        ("404 Not Found", '{"message":"OrderNotFound"}'),
        ("500 Server Error", "{}"),
        ("401 Unauthorized", "{}"),
        ("429 Too Many", "{}"),
        "<html>",
        "[]",
        order_told(*TWO, requestId=OTHER),
        order_told(card_told(1, 4711)),
        order_told(CODE),
    ],
)
def test_an_order_that_was_taken_is_never_lost_by_reading_it(read, noted):
    order, requests = bought(ACCEPTED, read, note=noted.append)
    assert order == SupplierOrder(str(REFERENCE), (), is_final=False)
    assert noted == [str(REFERENCE)]
    assert len(requests) == 2


def test_the_reference_is_noted_before_the_cards_are_read():
    def dies(_told: str) -> None:
        raise KeyboardInterrupt

    with Wire(answer(CATALOGUE.encode()), answer(ACCEPTED.encode())) as wire:
        with closing(open_adapter(wire.url)) as adapter, pytest.raises(KeyboardInterrupt):
            adapter.buy(make_request(REFERENCE), keep=ignore, note=dies)
        assert len(wire.requests) == 2
