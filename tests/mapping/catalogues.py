"""A supplier's catalogue in memory, which counts how often it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from saleor_cdkeys.models import SupplierMapping
from saleor_cdkeys.suppliers.base import Capabilities, CataloguePage, CatalogueProduct
from saleor_cdkeys.values import Money


def listed(known_as: str, price: str = "5.00", available: int | None = 10, **fields):
    return CatalogueProduct(
        supplier_product_id=known_as,
        name=fields.pop("name", f"Game {known_as}"),
        price=Money(Decimal(price), fields.pop("currency", "EUR")),
        available=available,
        **fields,
    )


class Shelf:
    """What the supplier has. ``asked``: the calls, with the number of ids or the page of each.

    ``on_call`` is run in the middle of a call, after what it answers was read.
    """

    def __init__(self) -> None:
        self.products: dict[str, CatalogueProduct] = {}
        self.changed: list[str] = []
        self.asked: list[tuple[str, object]] = []
        self.since: list[dt.datetime] = []
        self.error: Exception | None = None
        self.on_call: Callable[[], None] = lambda: None
        self.page_size = 100

    def put(self, *products: CatalogueProduct) -> None:
        """Have these; where they are new or other than before, that is a change."""
        for product in products:
            self.products[product.supplier_product_id] = product
            self.changed.append(product.supplier_product_id)

    def calls(self, kind: str) -> int:
        return sum(call == kind for call, _what in self.asked)

    def answer(self, kind: str, what: object) -> None:
        self.asked.append((kind, what))
        if self.error is not None:
            raise self.error


def use_shelf(monkeypatch, *, lists_changes: bool = True) -> Shelf:
    """Put an adapter that reads the shelf in place of the installed ones."""
    shelf = Shelf()

    class Counted:
        capabilities = Capabilities(catalogue=True, changes=lists_changes)
        config_fields: Mapping[str, str] = {}
        secret_fields: Mapping[str, str] = {}
        required = frozenset()

        def __init__(self, *, config, secrets, account="") -> None:
            pass

        def search(self, *, text: str, page: str = "") -> CataloguePage:
            shelf.answer("search", page)
            found = [p for p in shelf.products.values() if text.casefold() in p.name.casefold()]
            return _page(found, page, shelf.page_size)

        def products(self, *, ids: Sequence[str]) -> Mapping[str, CatalogueProduct]:
            found = {id: shelf.products[id] for id in ids if id in shelf.products}
            shelf.answer("products", len(ids))
            shelf.on_call()
            return found

        def changes(self, *, since: dt.datetime, page: str = "") -> CataloguePage:
            shelf.answer("changes", page)
            shelf.since.append(since)
            found = [shelf.products[id] for id in dict.fromkeys(shelf.changed)]
            return _page(found, page, shelf.page_size)

        def close(self) -> None:
            pass

    use_adapter(monkeypatch, Counted)
    return shelf


def use_adapter(monkeypatch, adapter: type) -> None:
    """Put it in place of all installed ones."""
    for module in (
        "saleor_cdkeys.acquisition.accounts",
        "saleor_cdkeys.acquisition.freshness.refreshing",
    ):
        monkeypatch.setattr(f"{module}.adapter_class", lambda name: adapter)


def _page(found: Sequence[CatalogueProduct], page: str, size: int) -> CataloguePage:
    start = int(page or 0)
    rest = found[start + size :]
    return CataloguePage(
        tuple(found[start : start + size]), next_page=str(start + size) if rest else ""
    )


def map_many(product, supplier, count: int, *, prefix: str = "P") -> list[str]:
    """That many mappings of one key product, made at once; the ids of their products."""
    ids = [f"{prefix}{number:05d}" for number in range(count)]
    SupplierMapping.objects.bulk_create(
        SupplierMapping(key_product=product, supplier=supplier, supplier_product_id=known_as)
        for known_as in ids
    )
    return ids
