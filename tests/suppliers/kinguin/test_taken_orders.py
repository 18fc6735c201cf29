"""An order that was taken is never lost, whatever cannot be read of it."""

from __future__ import annotations

import uuid

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, OutcomeUnknown, TryLater
from saleor_cdkeys.suppliers.sandbox_server import Call, Fault
from tests.suppliers.asking import ignore, says
from tests.suppliers.fake_stage import code_of
from tests.suppliers.kinguin.account import buy, facing, find, make_request, refusal
from tests.suppliers.kinguin.answers import CODE, KEY, ORDER, PRICE, PRODUCT, REFERENCE, as_json
from tests.suppliers.wire import answer


@pytest.mark.parametrize("fault", [Fault.DOWN_BEFORE, Fault.TIMEOUT_BEFORE, Fault.BUSY])
def test_keys_that_cannot_be_downloaded_come_later(server, adapter, fault):
    server.key_script.queue([fault])
    reference = uuid.uuid4()

    order = buy(adapter, reference=reference)

    sold = server.shop.ledger[str(reference)]
    assert (order.supplier_order_id, order.keys, order.is_final) == (sold.id, (), False)
    assert order.charged == PRICE
    later = find(adapter, reference, supplier_order_id=sold.id)
    assert [key.code for key in later.keys] == [code_of(key) for key in sold.keys]
    assert later.is_final


def test_an_order_that_cannot_be_read_after_it_was_made_comes_later(server, adapter):
    server.script.queue_for(Call.LOOKUP, [Fault.DROP_BEFORE])
    order = buy(adapter)
    assert (order.keys, order.is_final, order.charged) == ((), False, PRICE)
    assert order.supplier_order_id


@pytest.mark.parametrize("keys", [CODE, {"keys": [KEY]}, [CODE], [None]])
def test_keys_that_cannot_be_read_at_all_come_later(keys, kept):
    with facing(
        says(PRODUCT),
        says(ORDER, "201 Created"),
        says({**ORDER, "status": "completed"}),
        says(keys),
    ) as (adapter, _wire):
        order = adapter.buy(
            make_request(reference=REFERENCE, quantity=2), keep=kept.append, note=ignore
        )
    assert (order.supplier_order_id, order.keys, order.is_final) == ("PAB12CDEF3G", (), False)
    assert kept[-1] == as_json(keys)


def test_a_look_up_that_finds_an_order_for_the_first_time_tells_of_it_without_its_keys(
    server, adapter
):
    reference = uuid.uuid4()
    buy(adapter, reference=reference)
    server.key_script.queue([Fault.DOWN_BEFORE])

    order = find(adapter, reference)

    assert (order.supplier_order_id, order.keys, order.is_final) == (
        server.shop.ledger[str(reference)].id,
        (),
        False,
    )


def test_a_look_up_of_a_known_order_says_why_its_keys_cannot_be_read(server, adapter):
    reference = uuid.uuid4()
    order_id = buy(adapter, reference=reference).supplier_order_id
    server.key_script.queue([Fault.BUSY])
    error = refusal(find, adapter, reference, supplier_order_id=order_id)
    assert type(error) is TryLater
    assert error.retry_after == 7


@pytest.mark.parametrize(
    ("status", "expected"), [("403 Forbidden", AccountProblem), ("404 Not Found", OutcomeUnknown)]
)
def test_a_server_whose_address_is_not_listed_is_told_so(status, expected):
    with facing(says(ORDER), answer(b"{}", status)) as (adapter, _wire):
        error = refusal(find, adapter, REFERENCE, supplier_order_id="PAB12CDEF3G")
    assert type(error) is expected


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"orderId": None}, ""),
        ({"orderId": f"{CODE}\x00"}, ""),
        ({"products": CODE}, "PAB12CDEF3G"),
        ({"orderExternalId": str(uuid.UUID(int=1))}, ""),
    ],
)
def test_an_order_that_cannot_be_read_is_kept_and_unknown(changes, told, kept):
    body = as_json({**ORDER, **changes})
    with facing(says(PRODUCT), answer(body, "201 Created")) as (adapter, _wire):
        error = refusal(
            adapter.buy, make_request(reference=REFERENCE), keep=kept.append, note=ignore
        )
    assert type(error) is OutcomeUnknown
    assert error.supplier_order_id == told
    assert kept == [body]


def test_an_order_that_failed_after_it_was_made_is_found(server, adapter):
    server.order_failures = 1
    reference = uuid.uuid4()

    error = refusal(buy, adapter, reference=reference)

    assert type(error) is OutcomeUnknown
    assert error.supplier_code == "OrderFailed"
    assert len(find(adapter, reference).keys) == 1
