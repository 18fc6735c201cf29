"""Buying, where nobody can say what became of it."""

from __future__ import annotations

import uuid

import pytest

from saleor_cdkeys.suppliers.base import OutcomeUnknown
from saleor_cdkeys.suppliers.sandbox_server.faults import Fault
from saleor_cdkeys.testing.supplier_contract.faults import KEPT_UNREAD, SOLD, UNSOLD
from saleor_cdkeys.testing.supplier_contract.fixtures import Buy, ContractFixtures, Refusal
from saleor_cdkeys.testing.supplier_contract.seen import forms, words
from saleor_cdkeys.testing.supplier_contract.stage import Stage, most, wants


class UnknownOutcomes(ContractFixtures):
    """What may have been sold is neither given up nor bought again."""

    @pytest.mark.parametrize("fault", UNSOLD)
    def test_what_was_not_sold_stays_unknown_if_nobody_says_so(
        self, stage: Stage, buy: Buy, refusal: Refusal, fault: Fault
    ) -> None:
        wants(stage, fault)
        stage.will(fault)
        refusal(OutcomeUnknown, buy)
        assert stage.orders_sold() == []

    @pytest.mark.parametrize("fault", SOLD)
    def test_what_was_sold_stays_unknown_if_nobody_says_so(
        self, stage: Stage, buy: Buy, refusal: Refusal, kept: list[bytes], fault: Fault
    ) -> None:
        wants(stage, fault)
        stage.will(fault)
        reference = uuid.uuid4()

        refusal(OutcomeUnknown, buy, quantity=most(stage, 2), reference=reference)

        assert stage.orders_sold() == [reference]
        if fault in KEPT_UNREAD and stage.keys_in_answer:
            # Of an answer that breaks off, the last code may be among what is missing.
            assert forms(stage.codes_sold(reference)[:1]) <= words(kept)

    def test_an_order_is_sent_once_however_it_ends(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        for fault in stage.faults.intersection((*UNSOLD, *SOLD)):
            stage.will(fault)
            refusal(OutcomeUnknown, buy)
        assert len(stage.orders_sold()) == len(stage.faults.intersection(SOLD))

    def test_a_repeated_reference_buys_nothing_more(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        if not stage.adapter().capabilities.refuses_repeats:
            pytest.skip("The supplier does not promise it.")
        reference = uuid.uuid4()
        first = buy(reference=reference)

        error = refusal(OutcomeUnknown, buy, reference=reference)

        assert error.supplier_order_id in (first.supplier_order_id, "")
        assert stage.orders_sold() == [reference]
        assert len(stage.codes_sold(reference)) == 1
