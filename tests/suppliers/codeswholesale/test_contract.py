"""CodesWholesale keeps the contract of adapters."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.codeswholesale import CodesWholesaleSupplier
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.testing.supplier_contract import SupplierContract
from tests.suppliers.codeswholesale.account import OLD, SECRET, open_adapter
from tests.suppliers.codeswholesale.answers import PRODUCT
from tests.suppliers.fake_stage import FakeStage
from tests.suppliers.wire import closed_port


class CodesWholesaleStage(FakeStage):
    product = PRODUCT
    unknown_product = "nothing/at all?"
    clear_after = OLD
    repeats = True
    # How it says that nothing is left or that the price is another is told nowhere; it gives no
    # other file than pictures, and no PINs.
    faults = frozenset(Fault) - {
        Fault.NO_STOCK,
        Fault.PRICE_RISES,
        Fault.FILE,
        Fault.FIELDS,
        # An order with too few codes is not complete yet: see test_deliveries.
        Fault.TOO_FEW,
        Fault.TOO_FEW_CHARGED,
    }

    @property
    def secrets(self) -> tuple[str, ...]:
        return (SECRET, *self.server.tokens.given)

    def adapter(self) -> CodesWholesaleSupplier:
        return open_adapter(self.server.url)

    def adapter_with_wrong_credentials(self) -> CodesWholesaleSupplier:
        return open_adapter(self.server.url, secret="wrong")

    def adapter_that_reaches_nobody(self) -> CodesWholesaleSupplier:
        return open_adapter(f"http://127.0.0.1:{closed_port()}")


class TestCodesWholesale(SupplierContract):
    @pytest.fixture
    def stage(self, server):
        return CodesWholesaleStage(server)
