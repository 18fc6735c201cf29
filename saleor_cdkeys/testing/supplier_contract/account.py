"""The account at the supplier."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.base import SupplierAdapter, TryLater
from saleor_cdkeys.suppliers.sandbox_server.faults import Call, Fault
from saleor_cdkeys.testing.supplier_contract.faults import UNSOLD
from saleor_cdkeys.testing.supplier_contract.fixtures import Buy, ContractFixtures, Refusal
from saleor_cdkeys.testing.supplier_contract.stage import PRICE, Stage, most


class Account(ContractFixtures):
    """Its balance, and the fields that merchants fill in."""

    def test_the_balance_is_exact(self, stage: Stage, adapter: SupplierAdapter, buy: Buy) -> None:
        before = adapter.balance()
        if before is None:
            assert not adapter.capabilities.balance
            return
        quantity = most(stage, 3)
        buy(quantity=quantity)
        after = adapter.balance()
        assert after is not None
        assert before - after == PRICE.times(quantity)

    @pytest.mark.parametrize("fault", UNSOLD)
    def test_a_balance_that_does_not_come_is_asked_for_later(
        self, stage: Stage, adapter: SupplierAdapter, refusal: Refusal, fault: Fault
    ) -> None:
        if not adapter.capabilities.balance:
            pytest.skip("The supplier does not tell the balance.")
        stage.will_on(Call.BALANCE, fault)
        refusal(TryLater, adapter.balance)

    def test_its_fields_have_names_for_people(self, adapter: SupplierAdapter) -> None:
        labels = {**adapter.config_fields, **adapter.secret_fields}
        assert all(str(label) for label in labels.values())
        assert adapter.required <= set(labels)
