"""Staff: what people, or a program of theirs, do over Saleor's GraphQL."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

from demo import shop
from demo.api import Api, ApiRefused, global_id
from demo.bootstrap import Premises
from demo.key_file import new_code
from demo.shop import Goods
from demo.supplier import API_KEY, product_id

_SUPPLIER = """
mutation DemoSupplier($input: CdKeySupplierCreateInput!) {
  cdKeySupplierCreate(input: $input) {
    cdKeySupplier { id } errors { field message code }
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


class Staff:
    """Set up the shop, type keys, buy in."""

    def __init__(self, *, api: Api, premises: Premises) -> None:
        self._api = api
        self._premises = premises
        self._typed: set[str] = set()

    def set_up_shop(self, *, supplier_url: str) -> None:
        """Key products, the supplier's account, and which of its products is which of ours."""
        created = self._api.run(
            _SUPPLIER,
            {
                "input": {
                    "name": "Sandbox",
                    "adapter": "sandbox",
                    "config": [{"name": "base_url", "value": supplier_url}],
                    "secrets": [{"name": "api_key", "value": API_KEY}],
                }
            },
        )
        supplier = created["cdKeySupplierCreate"]["cdKeySupplier"]["id"]
        for goods in shop.KEY_GOODS:
            product = self._api.run(_PRODUCT, {"input": self._product_input(goods)})
            if goods.cost is not None:
                mapping = {
                    "keyProduct": product["cdKeyProductCreate"]["cdKeyProduct"]["id"],
                    "supplier": supplier,
                    "supplierProductId": product_id(goods),
                }
                self._api.run(_MAPPING, {"input": mapping})

    def _product_input(self, goods: Goods) -> dict[str, Any]:
        values: dict[str, Any] = {
            "variant": global_id("ProductVariant", self._premises.variants[goods.sku]),
            "source": goods.source,
            "deliveryMode": goods.delivery_mode,
            "instructions": goods.instructions,
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
