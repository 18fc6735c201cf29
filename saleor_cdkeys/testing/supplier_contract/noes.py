"""Buying, where the answer is a no."""

from __future__ import annotations

from contextlib import closing

import pytest

from saleor_cdkeys.suppliers.base import AccountProblem, Busy, NotSent, PriceTooHigh, Refused
from saleor_cdkeys.suppliers.deadline import Deadline
from saleor_cdkeys.suppliers.sandbox_server.faults import Fault
from saleor_cdkeys.testing.supplier_contract.faults import CLEAR_NOES
from saleor_cdkeys.testing.supplier_contract.fixtures import Buy, ContractFixtures, Refusal
from saleor_cdkeys.testing.supplier_contract.stage import PRICE, Stage, wants


class Noes(ContractFixtures):
    """Nothing was bought, and the adapter says so for sure."""

    @pytest.mark.parametrize(("fault", "expected"), CLEAR_NOES.items())
    def test_a_clear_no_bought_nothing(
        self, stage: Stage, buy: Buy, refusal: Refusal, fault: Fault, expected: type[Refused]
    ) -> None:
        wants(stage, fault)
        stage.will(fault)

        told = stage.clear_noes.get(fault, expected)
        error = refusal(told, buy, highest=str(PRICE.amount))

        assert stage.orders_sold() == []
        if told is Busy:
            assert error.retry_after == 7

    def test_an_unknown_product_is_not_bought(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        refusal(Refused, buy, product=stage.unknown_product)

    def test_nothing_is_bought_with_wrong_credentials(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        with closing(stage.adapter_with_wrong_credentials()) as adapter:
            refusal(AccountProblem, buy, by=adapter)
        assert stage.orders_sold() == []

    def test_nothing_is_bought_above_the_highest_price(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        if not stage.adapter().capabilities.price_guard:
            pytest.skip("The supplier takes no highest price.")
        refusal(PriceTooHigh, buy, highest="5.09")
        assert stage.orders_sold() == []

    def test_what_reaches_nobody_was_not_sent(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        with closing(stage.adapter_that_reaches_nobody()) as adapter:
            refusal(NotSent, buy, by=adapter)

    def test_what_comes_too_late_is_not_sent(
        self, stage: Stage, buy: Buy, refusal: Refusal
    ) -> None:
        refusal(NotSent, buy, not_after=Deadline(-1))
        assert stage.orders_sold() == []
