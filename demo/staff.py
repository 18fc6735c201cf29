"""Staff: what people, or a program of theirs, do over Saleor's GraphQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from demo import shop
from demo.api import Api, ApiRefused, global_id
from demo.bootstrap import Premises
from demo.errors import DemoFailed
from demo.key_file import new_code
from demo.market import Market
from demo.shop import Goods
from demo.supplier import DemoSupplier

_SUPPLIER = """
mutation DemoSupplier($input: CdKeySupplierCreateInput!) {
  cdKeySupplierCreate(input: $input) {
    cdKeySupplier { id } errors { field message code }
  }
}
"""
_TEST = """
mutation DemoSupplierTest($id: ID!) {
  cdKeySupplierTest(id: $id) {
    isWorking message balance { amount } errors { field message code }
  }
}
"""
_PRODUCT = """
mutation DemoProduct($input: CdKeyProductCreateInput!) {
  cdKeyProductCreate(input: $input) {
    cdKeyProduct { id } errors { field message code }
  }
}
"""
_MAPPING = """
mutation DemoMapping($input: CdKeySupplierMappingCreateInput!) {
  cdKeySupplierMappingCreate(input: $input) {
    cdKeySupplierMapping { id } errors { field message code }
  }
}
"""
_TO_TYPE = """
query DemoToType {
  cdKeyOrders(first: 100, filter: { status: [WAITING], reason: [MANUAL_PRODUCT] }) {
    edges { node { id orderNumber quantity } }
  }
}
"""
_ENTER = """
mutation DemoEnter($id: ID!, $input: CdKeyOrderEnterKeysInput!) {
  cdKeyOrderEnterKeys(id: $id, input: $input) {
    cdKeyOrder { id status } errors { field message code }
  }
}
"""
_IMPORT = """
mutation DemoImport($input: CdKeyImportInput!) {
  cdKeyImport(input: $input) {
    cdKeyBatch { id } errors { field message code }
  }
}
"""

#: No key is bought for more than this many times the supplier's price of today.
_GUARD = Decimal("1.10")
#: A worker owns the row at this moment; a moment later it can be done.
_BUSY = "BUSY"
_CENT = Decimal("0.01")


class AccountRefused(DemoFailed):
    """A supplier does not accept the account, or does not answer."""


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """What a supplier said when its account was tested. ``balance`` is None where it tells none."""

    message: str
    balance: Decimal | None


class Staff:
    """Set up the shop, type keys, buy in."""

    def __init__(self, *, api: Api, premises: Premises) -> None:
        self._api = api
        self._premises = premises
        self._typed: set[str] = set()
        self._accounts: dict[str, str] = {}

    def open_accounts(self, suppliers: Iterable[DemoSupplier]) -> None:
        """An account at each supplier, with the settings and credentials that it wants."""
        for supplier in suppliers:
            account = {
                "name": supplier.name,
                "adapter": supplier.adapter,
                "config": _named(supplier.settings),
                "secrets": _named(supplier.secrets),
            }
            created = self._api.run(_SUPPLIER, {"input": account})
            opened = created["cdKeySupplierCreate"]["cdKeySupplier"]
            self._accounts[supplier.adapter] = opened["id"]

    def set_up_products(self, market: Market) -> None:
        """Key products, and which products of which suppliers can fill them."""
        for goods in shop.KEY_GOODS:
            values = self._product_input(goods, is_cheapest_first=goods in market.cheapest)
            created = self._api.run(_PRODUCT, {"input": values})
            for offer in market.of(goods):
                mapping = {
                    "keyProduct": created["cdKeyProductCreate"]["cdKeyProduct"]["id"],
                    "supplier": self._accounts[offer.seller],
                    "supplierProductId": offer.product_id,
                }
                self._api.run(_MAPPING, {"input": mapping})

    def test_accounts(self) -> dict[str, Trial]:
        """Ask each supplier whether it accepts the account; by adapter. Raises AccountRefused."""
        return {adapter: self._test(account) for adapter, account in self._accounts.items()}

    def _test(self, account: str) -> Trial:
        told = self._api.run(_TEST, {"id": account})["cdKeySupplierTest"]
        if not told["isWorking"]:
            raise AccountRefused(told["message"])
        balance = told["balance"]
        # Cents, which JSON writes as it likes.
        exact = None if balance is None else Decimal(str(balance["amount"])).quantize(_CENT)
        return Trial(message=told["message"], balance=exact)

    def _product_input(self, goods: Goods, *, is_cheapest_first: bool) -> dict[str, Any]:
        values: dict[str, Any] = {
            "variant": global_id("ProductVariant", self._premises.variants[goods.sku]),
            "source": goods.source,
            "deliveryMode": goods.delivery_mode,
            "instructions": goods.instructions,
            "supplierChoice": "CHEAPEST" if is_cheapest_first else "IN_ORDER",
        }
        if goods.cost is not None:
            values["maxUnitCost"] = {"amount": str(goods.cost * _GUARD), "currency": "EUR"}
        return values

    def type_keys(self, numbers: Collection[str]) -> set[str]:
        """Type the keys of those of these orders that wait for it. Returns the codes."""
        if not self._typed.issuperset(numbers):
            waiting = self._api.run(_TO_TYPE)["cdKeyOrders"]["edges"]
            todo = [edge["node"] for edge in waiting if edge["node"]["orderNumber"] in numbers]
            return {code for order in todo for code in self._type(order)}
        return set()

    def _type(self, order: dict[str, Any]) -> set[str]:
        codes = {new_code() for _ in range(order["quantity"])}
        keys = [{"text": code} for code in sorted(codes)]
        try:
            self._api.run(_ENTER, {"id": order["id"], "input": {"keys": keys}})
        except ApiRefused as refused:
            if _BUSY not in refused.codes:
                raise
        else:
            self._typed.add(order["orderNumber"])
        return codes

    def import_file(self, path: Path, *, goods: Goods) -> None:
        """Put a file of keys of one product into stock."""
        values = {"file": None, "sku": goods.sku, "name": path.name}
        self._api.upload(_IMPORT, {"input": values}, at="input.file", file=path)


def _named(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]
