"""Bamboo keeps the contract of adapters."""

from __future__ import annotations

import pytest

from saleor_cdkeys.suppliers.bamboo import BambooSupplier
from saleor_cdkeys.suppliers.sandbox_server import Fault
from saleor_cdkeys.testing.supplier_contract import SupplierContract
from saleor_cdkeys.values import KeyCode
from tests.suppliers.bamboo.account import BASIC, SECRET, card_code, open_adapter
from tests.suppliers.bamboo.answers import PRODUCT
from tests.suppliers.fake_stage import FakeStage
from tests.suppliers.wire import closed_port


class BambooStage(FakeStage):
    product = PRODUCT
    unknown_product = "999"
    secrets = (SECRET, BASIC)
    # The answer to an order says that it was taken; its cards are read afterwards.
    keys_in_answer = False
    # It takes no highest price, and has codes and PINs alone.
    faults = frozenset(Fault) - {Fault.PRICE_RISES, Fault.IMAGE, Fault.FILE}

    def adapter(self) -> BambooSupplier:
        return open_adapter(self.server.url)

    def adapter_with_wrong_credentials(self) -> BambooSupplier:
        return open_adapter(self.server.url, secret="wrong")

    def adapter_that_reaches_nobody(self) -> BambooSupplier:
        return open_adapter(f"http://127.0.0.1:{closed_port()}")

    def read_code(self, key: dict) -> KeyCode:
        return card_code(key)


class TestBamboo(SupplierContract):
    @pytest.fixture
    def stage(self, server):
        return BambooStage(server)
