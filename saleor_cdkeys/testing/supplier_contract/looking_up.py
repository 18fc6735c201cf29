"""Looking an order up."""

from __future__ import annotations

import uuid
from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, OutcomeUnknown, TryLater
from saleor_cdkeys.suppliers.sandbox_server.faults import Call, Fault
from saleor_cdkeys.testing.supplier_contract.faults import UNSOLD
from saleor_cdkeys.testing.supplier_contract.fixtures import Buy, ContractFixtures, Find, Refusal
from saleor_cdkeys.testing.supplier_contract.seen import forms, words
from saleor_cdkeys.testing.supplier_contract.stage import PRICE, Stage, most
from saleor_cdkeys.testing.supplier_contract.waiting import bought, wait_for


class LookingUp(ContractFixtures):
    """An order is found with all its keys, and none only where that is clear."""

    def test_an_order_is_found_by_our_reference(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal, kept: list[bytes]
    ) -> None:
        stage.will(Fault.DROP_AFTER)
        reference = uuid.uuid4()
        quantity = most(stage, 2)
        refusal(OutcomeUnknown, buy, quantity=quantity, reference=reference)
        buy(quantity=1)
        kept.clear()

        order = find(reference)

        assert order is not None
        assert order.is_final
        assert [key.code for key in order.keys] == stage.codes_sold(reference)
        assert order.charged in (PRICE.times(quantity), None)
        assert forms(stage.codes_sold(reference)) <= words(kept)

    @pytest.mark.parametrize("fault", [None, Fault.LATE])
    def test_all_orders_of_one_reference_are_told_with_all_their_keys(
        self,
        stage: Stage,
        buy: Buy,
        find: Find,
        ids: dict[uuid.UUID, str],
        fault: Fault | None,
    ) -> None:
        if not stage.repeats:
            pytest.skip("The supplier makes one order of a reference, or tells of one.")
        reference = uuid.uuid4()
        stage.will(None, fault)
        first, second = buy(reference=reference), buy(reference=reference)
        ids.clear()

        at_first = find(reference)

        assert at_first is not None
        both = {first.supplier_order_id, second.supplier_order_id}
        assert set(at_first.repeated_ids) == both
        if fault is not None:
            # Known by one of their ids, the keys of the other would never be read.
            assert (at_first.is_final, at_first.supplier_order_id) == (False, "")
        order = wait_for(lambda: find(reference))
        assert set(order.repeated_ids) == both
        assert order.supplier_order_id in both
        assert len({key.code for key in order.keys}) == 2
        assert {key.code for key in first.keys} < {key.code for key in order.keys}
        assert order.charged in (PRICE.times(2), None)

    def test_an_order_that_never_was_is_clearly_none(self, find: Find, kept: list[bytes]) -> None:
        assert find(uuid.uuid4()) is None

    @pytest.mark.parametrize("fault", UNSOLD)
    def test_a_supplier_that_cannot_say_is_no_clear_none(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal, fault: Fault
    ) -> None:
        reference = bought(buy)
        stage.will_on(Call.LOOKUP, fault)
        refusal(TryLater, find, reference)

    def test_a_busy_supplier_is_no_clear_none(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal
    ) -> None:
        reference = bought(buy)
        stage.will_on(Call.LOOKUP, Fault.BUSY)
        assert refusal(TryLater, find, reference).retry_after == 7

    def test_a_look_up_that_reaches_nobody_is_no_clear_none(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal
    ) -> None:
        reference = bought(buy)
        with closing(stage.adapter_that_reaches_nobody()) as adapter:
            refusal(TryLater, find, reference, by=adapter)

    def test_a_look_up_with_wrong_credentials_is_no_clear_none(
        self, stage: Stage, buy: Buy, find: Find, refusal: Refusal
    ) -> None:
        reference = bought(buy)
        with closing(stage.adapter_with_wrong_credentials()) as adapter:
            refusal(AccountProblem, find, reference, by=adapter)
