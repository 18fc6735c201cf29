"""Kinguin keeps the contract of adapters, under both ids of a product."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.fakes.kinguin_shop import Details
from saleor_cdkeys.suppliers.kinguin import KinguinSupplier
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.testing.supplier_contract import SupplierContract
from tests.suppliers.fake_stage import FakeStage
from tests.suppliers.kinguin.account import API_KEY, WEBHOOK_SECRET, open_adapter
from tests.suppliers.kinguin.answers import P1
from tests.suppliers.wire import closed_port


class KinguinStage(FakeStage):
    product = in_books = P1
    unknown_product = "nothing"
    secrets = (API_KEY, WEBHOOK_SECRET)
    faults = frozenset(Fault) - {Fault.FILE, Fault.FIELDS}
    keys_in_answer = False
    repeats = True

    def adapter(self) -> KinguinSupplier:
        return open_adapter(self.server.url)

    def adapter_with_wrong_credentials(self) -> KinguinSupplier:
        return open_adapter(self.server.url, "wrong")

    def adapter_that_reaches_nobody(self) -> KinguinSupplier:
        return open_adapter(f"http://127.0.0.1:{closed_port()}")


class TestKinguin(SupplierContract):
    @pytest.fixture
    def stage(self, server):
        return KinguinStage(server)


class TestKinguinByNumber(SupplierContract):
    """The same under the number that its shop shows."""

    @pytest.fixture
    def stage(self, server):
        server.books.details[P1] = Details(kinguin_id=1949)
        stage = KinguinStage(server)
        stage.product = "1949"
        return stage
