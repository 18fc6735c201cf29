"""Keyshop keeps the contract of adapters."""

from __future__ import annotations

import socket
import uuid
from decimal import Decimal

import pytest
from saleor_cdkeys_keyshop.adapter import KeyshopSupplier
from saleor_cdkeys_keyshop.fake import KeyshopServer

from saleor_cdkeys.suppliers.sandbox_server import Call, Fault, Product, Shop
from saleor_cdkeys.testing.supplier_contract import Stage, SupplierContract
from saleor_cdkeys.values import KeyCode

TOKEN = "keyshop-secret-4711"


class KeyshopStage(Stage):
    product = "game/1 ü"
    unknown_product = "nothing"
    secrets = (TOKEN,)
    # Keyshop sells texts alone.
    faults = frozenset(Fault) - {Fault.IMAGE, Fault.FILE, Fault.FIELDS}

    def __init__(self, server: KeyshopServer) -> None:
        self.server = server

    def adapter(self) -> KeyshopSupplier:
        return KeyshopSupplier(config={"base_url": self.server.url}, secrets={"token": TOKEN})

    def adapter_with_wrong_credentials(self) -> KeyshopSupplier:
        return KeyshopSupplier(config={"base_url": self.server.url}, secrets={"token": "wrong"})

    def adapter_that_reaches_nobody(self) -> KeyshopSupplier:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        return KeyshopSupplier(
            config={"base_url": f"http://127.0.0.1:{port}"}, secrets={"token": TOKEN}
        )

    def will(self, *faults: Fault | None) -> None:
        self.server.script.queue(faults)

    def will_on(self, call: Call, *faults: Fault | None) -> None:
        self.server.script.queue_for(call, faults)

    def set_stock(self, stock: int) -> None:
        self.server.shop.set_product(Product(self.product, Decimal("5.10"), stock))

    def set_price(self, price: str) -> None:
        self.server.shop.set_product(Product(self.product, Decimal(price)))

    def codes_sold(self, reference: uuid.UUID) -> list[KeyCode]:
        keys = self.server.shop.ledger[str(reference)].all_keys()
        return [KeyCode.of_text(key["code"]) for key in keys]

    def orders_sold(self) -> list[uuid.UUID]:
        return [uuid.UUID(reference) for reference in self.server.shop.ledger]


class TestKeyshop(SupplierContract):
    @pytest.fixture
    def stage(self):
        shop = Shop([Product(KeyshopStage.product, Decimal("5.10"))], late_seconds=0.2)
        with KeyshopServer(shop, token=TOKEN, hang_seconds=1.5, retry_after=7) as server:
            yield KeyshopStage(server)
