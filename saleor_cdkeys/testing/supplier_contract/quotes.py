"""Asking for a price."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest

from saleor_cdkeys.suppliers.base import (
    AccountProblem,
    OutOfStock,
    Refused,
    SupplierAdapter,
    TryLater,
)
from saleor_cdkeys.suppliers.sandbox_server.faults import Call, Fault
from saleor_cdkeys.testing.supplier_contract.fixtures import ContractFixtures, Refusal
from saleor_cdkeys.testing.supplier_contract.stage import PRICE, Stage


class Quotes(ContractFixtures):
    """A price is exact, and where there is none, it says why."""

    def test_a_quote_is_exact(self, stage: Stage, adapter: SupplierAdapter) -> None:
        quote = adapter.quote(supplier_product_id=stage.product, quantity=1)

        assert quote.supplier_product_id == stage.product
        assert quote.unit_price == PRICE
        assert isinstance(quote.unit_price.amount, Decimal)

    @pytest.mark.parametrize("price", ["0.1", "0.30", "19.9999", "12345678.9"])
    def test_a_price_is_never_rounded(
        self, stage: Stage, adapter: SupplierAdapter, price: str
    ) -> None:
        stage.set_price(price)
        quote = adapter.quote(supplier_product_id=stage.product, quantity=1)
        assert quote.unit_price.amount == Decimal(price)

    def test_a_quote_tells_the_stock_or_nothing_of_it(
        self, stage: Stage, adapter: SupplierAdapter
    ) -> None:
        stage.set_stock(3)
        quote = adapter.quote(supplier_product_id=stage.product, quantity=5)
        assert quote.available in (3, None)

    def test_what_is_sold_out_is_out_of_stock(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal
    ) -> None:
        stage.set_stock(0)
        refusal(OutOfStock, adapter.quote, supplier_product_id=stage.product, quantity=1)

    def test_an_unknown_product_is_refused(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal
    ) -> None:
        refusal(Refused, adapter.quote, supplier_product_id=stage.unknown_product, quantity=1)

    def test_wrong_credentials_are_a_problem_of_the_account(
        self, stage: Stage, refusal: Refusal
    ) -> None:
        with closing(stage.adapter_with_wrong_credentials()) as adapter:
            refusal(AccountProblem, adapter.quote, supplier_product_id=stage.product, quantity=1)

    @pytest.mark.parametrize(
        "fault", [Fault.TIMEOUT_BEFORE, Fault.DROP_BEFORE, Fault.ERROR_BEFORE, Fault.DOWN_BEFORE]
    )
    def test_a_quote_that_does_not_come_is_asked_for_later(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal, fault: Fault
    ) -> None:
        stage.will_on(Call.QUOTE, fault)
        error = refusal(TryLater, adapter.quote, supplier_product_id=stage.product, quantity=1)
        assert error.retry_after is None

    def test_a_busy_supplier_says_when_to_come_back(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal
    ) -> None:
        stage.will_on(Call.QUOTE, Fault.BUSY)
        error = refusal(TryLater, adapter.quote, supplier_product_id=stage.product, quantity=1)
        assert error.retry_after == 7

    def test_nobody_there_is_asked_for_later(self, stage: Stage, refusal: Refusal) -> None:
        with closing(stage.adapter_that_reaches_nobody()) as adapter:
            refusal(TryLater, adapter.quote, supplier_product_id=stage.product, quantity=1)
