"""G2A keeps the contract of adapters."""

from __future__ import annotations

import uuid

import pytest

from saleor_cdkeys.suppliers.fakes.g2a import G2AServer
from saleor_cdkeys.suppliers.g2a import G2ASupplier
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.testing.supplier_contract import SupplierContract
from saleor_cdkeys.values import KeyCode
from tests.suppliers.fake_stage import FakeStage
from tests.suppliers.g2a.account import DIGEST, HASH, SECRET, code_as_told, open_adapter
from tests.suppliers.g2a.answers import PRODUCT
from tests.suppliers.wire import closed_port


class G2AStage(FakeStage):
    product = PRODUCT
    unknown_product = "nothing/at all?"
    secrets = (HASH, SECRET, DIGEST)
    keys_in_answer = False
    # An order is one key of one form, for the price that was told before it is paid.
    faults = frozenset(Fault) - {
        Fault.FIELDS,
        Fault.TOO_FEW,
        Fault.TOO_FEW_CHARGED,
        Fault.TOO_MANY,
        Fault.OVERCHARGE,
        Fault.LATE_REST,
    }

    def __init__(self, server: G2AServer) -> None:
        super().__init__(server)
        self.ids: dict[uuid.UUID, str] = {}

    def adapter(self) -> G2ASupplier:
        return open_adapter(self.server.base_url)

    def adapter_with_wrong_credentials(self) -> G2ASupplier:
        return open_adapter(self.server.base_url, secret="wrong")

    def adapter_that_reaches_nobody(self) -> G2ASupplier:
        return open_adapter(f"http://127.0.0.1:{closed_port()}/v1")

    def noted(self, reference: uuid.UUID, supplier_order_id: str) -> None:
        self.ids[reference] = supplier_order_id

    def codes_sold(self, reference: uuid.UUID) -> list[KeyCode]:
        keys = self.server.shop.ledger[self.ids[reference]].all_keys()
        return [code_as_told(key) for key in keys]

    def orders_sold(self) -> list[uuid.UUID]:
        references = {order_id: reference for reference, order_id in self.ids.items()}
        return [references[order_id] for order_id in self.server.shop.ledger]


class TestG2A(SupplierContract):
    @pytest.fixture
    def stage(self, server):
        return G2AStage(server)
